"""The people: persons, and after them organisations."""

from ..lists.filters import ActorFilter
from ..models import Actor, Meeting, Participation, Reaction, Source
from .entries import EntryDetail
from .lists import RecordList
from .paging import related


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

    def in_order(self, rows):
        return rows if self.sort == "country" else super().in_order(rows)

    def complete_page(self, rows):
        Actor.objects.add_counts(rows)


class ActorDetail(EntryDetail):
    model = Actor
    titled_by = ("kind", "name")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user, actor = self.request.user, self.object
        present = Participation.objects.visible_to(user).filter(actor=actor.pk).with_meetings()
        held = {"meeting__event_status": Meeting.EventStatus.HELD}
        reactions = Reaction.objects.visible_to(user).filter(actors=actor.pk)
        listed = Reaction.sources.through.objects.filter(reaction__in=reactions)
        # What a readable reaction lists is readable: to ask that again takes a second.
        sources = Source.objects.filter(pk__in=listed.values("source"))
        shown = {
            "meetings": present.filter(**held),
            "planned": present.exclude(**held),
            "reactions": reactions.select_related("meeting").order_by("reacted_on", "slug"),
            "sources": sources,
        }
        pages = {name: related(self.request, name, rows) for name, rows in shown.items()}
        return context | pages | {"roles": actor.roles_on_record(user)}
