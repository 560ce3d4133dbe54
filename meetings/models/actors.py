"""Persons and organisations that take part in meetings or react to them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django_countries.fields import CountryField

from .addresses import entry_address
from .fields import (
    LineField,
    TextField,
    choice_constraint,
    country_constraint,
    slug_constraint,
    validate_wikidata,
)
from .meeting_parts import Participation
from .meetings import Meeting
from .publishable import RecordQuerySet, Reference
from .querysets import add_counts, in_country_order
from .reactions import Reaction


class ActorKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"


class ActorQuerySet(RecordQuerySet):
    def published(self):
        """Return those who take part in a published meeting or make a published reaction."""
        present = Participation.objects.filter(meeting__in=Meeting.objects.published())
        speaking = Reaction.actors.through.objects.filter(reaction__in=Reaction.objects.published())
        # IN rather than EXISTS, which PostgreSQL would evaluate for every actor.
        return self.filter(Q(pk__in=present.values("actor")) | Q(pk__in=speaking.values("actor")))

    def add_counts(self, actors):
        """Set on each actor how often it is on record by each presence, and its reactions."""
        present = Participation.objects.published().by_presence()
        add_counts(actors, "meeting_count", present["meetings"], "actor")
        add_counts(actors, "call_count", present["calls"], "actor")
        add_counts(actors, "delegation_count", present["delegations"], "actor")
        add_counts(actors, "planned_count", present["planned"], "actor")
        add_counts(actors, "reaction_count", Reaction.objects.published(), "actors")

    def in_country_order(self):
        """Return the persons by country and family name, and after them the organisations by name.

        Annotates ``alphabet``, the name by which an actor is sorted.
        """
        alphabet = Coalesce(NullIf("sort_name", Value("")), "name")
        person = Case(When(kind=ActorKind.PERSON, then=F("country_order")), default=None)
        actors = in_country_order(self).annotate(alphabet=alphabet)
        return actors.order_by("-kind", person.asc(nulls_last=True), "alphabet", "slug")


@dataclass(frozen=True)
class RoleOnRecord:
    """A role of an actor, with the first and the last day on which the record gives it."""

    words: str
    first: date
    last: date


class Actor(Reference):
    """A person, or an organisation, that takes part in meetings or reacts to them."""

    Kind = ActorKind
    TITLE_LOOKUPS = ("name",)

    name = LineField(
        max_length=200,
        help_text="As the person's own government writes it in English.",
    )
    sort_name = LineField(max_length=200, blank=True, help_text="Family name first.")
    other_names = TextField(
        blank=True,
        help_text="Other spellings, and the name in its own script, with | between them.",
    )
    kind = models.CharField(max_length=12, choices=ActorKind)
    country = CountryField(blank=True)
    description = TextField(blank=True, help_text="The offices held that matter here, with years.")
    wikidata = LineField(max_length=20, blank=True, validators=[validate_wikidata])
    meetings = models.ManyToManyField(
        "meetings.Meeting", through="meetings.Participation", related_name="actors"
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        verbose_name = "person or organisation"
        verbose_name_plural = "people and organisations"
        ordering = ["sort_name", "name", "slug"]
        permissions = [("publish_actor", "Can change actors that are public")]
        constraints = [
            slug_constraint("actor"),
            country_constraint("actor"),
            choice_constraint("actor", "kind", ActorKind),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return entry_address("person", self.slug)

    def roles_on_record(self, user=None) -> list[RoleOnRecord]:
        """Return the roles at meetings held and in statements of this actor alone, earliest first.

        From the rows that ``user`` may read; the latest fifty roles of each kind at most.
        """
        present = Participation.objects.visible_to(user).held().filter(actor=self.pk)
        others = Reaction.actors.through.objects.exclude(actor=self.pk)
        speaking = Reaction.objects.visible_to(user).filter(actors=self.pk)
        speaking = speaking.exclude(Exists(others.filter(reaction=OuterRef("pk"))))
        days: dict[str, list[date]] = defaultdict(list)
        for rows, day in ((present, "meeting__starts_on"), (speaking, "reacted_on")):
            spans = rows.exclude(role="").order_by().values_list("role")
            for role, *span in spans.annotate(Min(day), last=Max(day)).order_by("-last")[:50]:
                days[role] += span
        roles = [RoleOnRecord(role, min(found), max(found)) for role, found in days.items()]
        return sorted(roles, key=lambda role: (role.first, role.words))

    @property
    def names_besides(self):
        """The other spellings and scripts of the name."""
        return [name.strip() for name in self.other_names.split("|") if name.strip()]

    @property
    def group_name(self):
        """The heading of its group in the list of people."""
        if self.kind == ActorKind.ORGANISATION:
            return "Organisations"
        return self.country.name or "Other"
