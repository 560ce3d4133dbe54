"""The meetings."""

from ..lists.filters import MeetingFilter
from ..models import Meeting, Milestone, Reaction, Theme
from .comparison import compare
from .entries import EntryDetail
from .lists import RecordList


class MeetingList(RecordList):
    model = Meeting
    filterset_class = MeetingFilter
    template_name = "meetings/meeting_list.html"
    what = "meetings"
    sorts = {
        "date": ("oldest first", ("starts_on", "slug")),
        "-date": ("newest first", ("-starts_on", "-slug")),
        "title": ("by title", ("title", "starts_on", "slug")),
    }

    def with_line_data(self, rows):
        return rows.select_related("place").with_counts()

    def get_context_data(self, **kwargs):
        """Name calls apart: no count says meetings where calls are among them."""
        context = super().get_context_data(**kwargs)
        if self.get_queryset().calls().exists():
            calls = context["filter"].qs.order_by().calls().count()
            in_person = context["total"] - calls
            context |= {"what": "meetings and calls", "calls": calls, "in_person": in_person}
        return context


class MeetingDetail(EntryDetail):
    model = Meeting
    title_lookups = ("title", "starts_on")

    def further_texts(self):
        self.groups = Reaction.objects.visible_to(self.request.user).groups_of(self.object)
        leaves = (leaf for group in self.groups for leaf in group.leaves)
        return [reaction.summary for leaf in leaves for reaction in leaf.shown]

    def texts_with_sources_only(self):
        leaves = (leaf for group in self.groups for leaf in group.leaves)
        return [reaction.summary for leaf in leaves for reaction in leaf.printed]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        meeting, user = self.object, self.request.user
        meetings = Meeting.objects.published().of_the_kind_of(meeting)
        reactions = Reaction.objects.visible_to(user).filter(meeting=meeting.pk)
        return context | {
            **meetings.position_of(meeting),
            "comparisons": [
                compare(discussion, context["notes"].sources)
                for discussion in meeting.discussions.all()
            ],
            "previous": meetings.before(meeting).chronological().last(),
            "next": meetings.after(meeting).chronological().first(),
            "groups": self.groups,
            "stances": reactions.stances(),
            "themes": Theme.objects.visible_to(user).filter(meetings=meeting.pk),
            "milestones": Milestone.objects.visible_to(user).filter(meetings=meeting.pk)[:50],
        }
