"""The people: persons first, then organisations."""

from ..lists.filters import ActorFilter
from ..models import Actor, Participation, Reaction, Source
from .entries import EntryDetail
from .lists import RecordList
from .paging import related_page


class ActorList(RecordList):
    model = Actor
    filterset_class = ActorFilter
    template_name = "meetings/actor_list.html"
    what = "people"
    paginate_by = 100
    sorts = {
        "country": ("by country", ()),
        "name": ("by name", ("alphabet", "slug")),
    }

    def get_queryset(self):
        return super().get_queryset().in_country_order()

    def sorted_rows(self, rows):
        return rows if self.sort == "country" else super().sorted_rows(rows)

    def add_counts_to_page(self, rows):
        Actor.objects.add_counts(rows)


class ActorDetail(EntryDetail):
    model = Actor
    is_timegate = False
    parameters = ("meetings", "calls", "delegations", "planned", "reactions", "sources")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, actor = self.request.user, self.object
        present = Participation.objects.visible_to(user).filter(actor=actor.pk).with_meetings()
        reactions = Reaction.objects.visible_to(user).filter(actors=actor.pk)
        listed = Reaction.sources.through.objects.filter(reaction__in=reactions)
        # Without ``visible_to``, which takes a second: what a visible reaction lists is visible.
        sources = Source.objects.filter(pk__in=listed.values("source"))
        shown = {
            **present.by_presence(),
            "reactions": reactions.select_related("meeting", "quotation_source").order_by(
                "reacted_on", "slug"
            ),
            "sources": sources,
        }
        pages = {name: related_page(self.request, name, rows) for name, rows in shown.items()}
        return context | pages | {"roles": actor.roles_on_record(user)}
