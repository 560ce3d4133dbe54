"""The meetings."""

from urllib.parse import urlencode

from ..lists.filters import MeetingFilter
from ..models import Meeting, Milestone, Reaction, Theme
from .between import between_neighbours
from .comparison import compare
from .entries import EntryDetail
from .lists import RecordList


class MeetingList(RecordList):
    model = Meeting
    filterset_class = MeetingFilter
    template_name = "meetings/meeting_list.html"
    what = "meetings"
    bibliography_start = "/meetings/sources."
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
        filterset = context["filter"]
        if context["what"] == "meetings":
            return context | {"apart": self.calls_apart(filterset)}
        if context["what"] == "calls":
            return context
        calls = filterset.qs.order_by().calls().count()
        return context | {"calls": calls, "in_person": context["total"] - calls}

    def what_under(self, filterset, chosen):
        kinds = [*filterset.with_kind(chosen).get(filterset.kind_name, ())]
        words = {"in_person": "meetings", "call": "calls"}
        return words[kinds[0]] if len(kinds) == 1 else "meetings and calls"

    def calls_apart(self, filterset):
        """Return the calls that a list of meetings in person leaves out: number and address."""
        number = filterset.narrowed(without=filterset.kind_name).calls().count()
        others = [(name, value) for name, value in self.query(filterset) if name != "kind"]
        query = urlencode([("kind", "call"), *others])
        return {"number": number, "address": f"{self.request.path}?{query}"}


class MeetingDetail(EntryDetail):
    model = Meeting

    def further_texts(self):
        self.groups = Reaction.objects.visible_to(self.request.user).groups_of(self.object)
        leaves = (leaf for group in self.groups for leaf in group.leaves)
        return [reaction.summary for leaf in leaves for reaction in leaf.shown]

    def texts_with_sources_only(self):
        leaves = (leaf for group in self.groups for leaf in group.leaves)
        return [reaction.summary for leaf in leaves for reaction in leaf.printed]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["comparisons"] = [
            compare(discussion, context["notes"].sources)
            for discussion in self.object.discussions.all()
        ]
        return context

    def context_of_others(self):
        meeting, user = self.object, self.request.user
        meetings = Meeting.objects.published().of_the_kind_of(meeting)
        reactions = Reaction.objects.visible_to(user).filter(meeting=meeting.pk)
        previous = meetings.before(meeting).chronological().last()
        following = meetings.after(meeting).chronological().first()
        return {
            **meetings.position_of(meeting),
            "previous": previous,
            "next": following,
            "between": between_neighbours(meeting, previous, following),
            "groups": self.groups,
            "stances": reactions.stances(),
            "themes": Theme.objects.visible_to(user).filter(meetings=meeting.pk),
            "milestones": Milestone.objects.visible_to(user).filter(meetings=meeting.pk)[:50],
        }
