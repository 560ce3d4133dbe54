"""The reactions."""

from collections import Counter

from ..lists.filters import ReactionFilter
from ..models import Reaction, Theme
from .entries import EntryDetail
from .lists import RecordList
from .paging import picture_addresses
from .pictures.stances import stance_picture


class ReactionList(RecordList):
    model = Reaction
    filterset_class = ReactionFilter
    template_name = "meetings/reaction_list.html"
    what = "reactions"
    bibliography_start = "/reactions/sources."
    sorts = {
        "date": ("by date", ("reacted_on", "slug")),
        "-date": ("newest first", ("-reacted_on", "-slug")),
        "name": ("by name", ("attribution", "reacted_on", "slug")),
    }

    def with_line_data(self, rows):
        return rows.with_record()

    def known_total(self, rows):
        self.counts = rows.stances_by_meeting()
        return sum(sum(numbers.values()) for numbers in self.counts.values())

    @property
    def stances(self):
        """Each stance as value, label and number of reactions."""
        totals = Counter()
        for numbers in self.counts.values():
            totals.update(numbers)
        return [(stance.value, stance.label, totals[stance.value]) for stance in Reaction.Stance]

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        filterset = context["filter"]
        context |= {"stances": self.stances}
        if context["page_obj"].number == 1 and context["total"]:
            path = f"{self.request.path}stance/"
            context |= {
                "picture": stance_picture(self.counts),
                "picture_files": picture_addresses(path, self.chosen(filterset)),
            }
        return context


class ReactionDetail(EntryDetail):
    model = Reaction

    def context_of_others(self):
        user = self.request.user
        others = Reaction.objects.visible_to(user).filter(meeting=self.object.meeting)
        return {
            "others": others.exclude(pk=self.object.pk).with_lines().recent()[:5],
            "other_count": others.count() - 1,
            "themes": Theme.objects.visible_to(user).filter(reactions=self.object.pk),
        }
