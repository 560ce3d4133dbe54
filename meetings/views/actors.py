"""The people: persons, and after them organisations."""

from ..filters import ActorFilter
from ..models import Actor, Participation, Reaction
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
        "country": (
            "by country",
            ("-kind", "country_order", "sort_name", "slug"),
        ),  # Persons first.
        "name": ("by name", ("sort_name", "slug")),
    }

    def get_queryset(self):
        return super().get_queryset().in_country_order()

    def complete_page(self, rows):
        Actor.objects.add_counts(rows)


class ActorDetail(EntryDetail):
    model = Actor
    titled_by = ("kind", "name")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        roles = Participation.objects.visible_to(user).filter(actor=self.object.pk)
        reactions = Reaction.objects.visible_to(user).filter(actors=self.object.pk)
        return context | {
            "roles": related(self.request, "roles", roles.through_meetings()),
            "reactions": related(
                self.request, "reactions", reactions.select_related("meeting").recent()
            ),
        }
