"""The tables of the record, and beside them its revisions."""

from .actors import Actor
from .discussions import Account, Discussion
from .issues import Issue, Position
from .meeting_parts import Outcome, Participation, Readout
from .meetings import Meeting
from .milestones import Milestone
from .pages import Page
from .places import Place
from .publishable import Publishable, Revised
from .reactions import Reaction
from .redirects import Redirect
from .revisions import Revision
from .sources import Source
from .themes import Theme

__all__ = [
    "Account",
    "Actor",
    "Discussion",
    "Issue",
    "Meeting",
    "Milestone",
    "Outcome",
    "Page",
    "Participation",
    "Place",
    "Position",
    "Publishable",
    "Reaction",
    "Readout",
    "Redirect",
    "Revised",
    "Revision",
    "Source",
    "Theme",
]
