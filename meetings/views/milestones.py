"""The milestones; their list is the timeline."""

from ..models import Milestone
from .entries import EntryDetail


class MilestoneDetail(EntryDetail):
    model = Milestone
