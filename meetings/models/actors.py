"""Who takes part and who reacts."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_countries.fields import CountryField

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
from .publishable import RecordQuerySet, Revised, add_counts, in_country_order
from .reactions import Reaction


class ActorKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"


class ActorQuerySet(RecordQuerySet):
    def published(self):
        """Return those who take part in a published meeting or make a published reaction."""
        present = self.model.meetings.through.objects.filter(
            meeting__in=Meeting.objects.published()
        )
        speaking = Reaction.actors.through.objects.filter(reaction__in=Reaction.objects.published())
        return self.filter(Q(pk__in=present.values("actor")) | Q(pk__in=speaking.values("actor")))

    def add_counts(self, actors):
        """Add to each of a page's actors how many meetings and reactions the public sees."""
        add_counts(actors, "meeting_count", Participation.objects.published(), "actor")
        add_counts(actors, "reaction_count", Reaction.objects.published(), "actors")

    def in_country_order(self):
        """Add the place of each country by its English name."""
        return in_country_order(self)


class Actor(Revised):
    """A person, or an organisation, that takes part in meetings or reacts to them."""

    Kind = ActorKind

    name = LineField(
        max_length=200,
        help_text="As the person's own government writes it in English.",
    )
    sort_name = LineField(max_length=200, blank=True, help_text="Family name first.")
    kind = models.CharField(max_length=12, choices=ActorKind)
    country = CountryField(blank=True)
    description = TextField(blank=True, help_text="The offices held that matter here, with years.")
    wikidata = LineField(max_length=20, blank=True, validators=[validate_wikidata])
    meetings = models.ManyToManyField(
        "meetings.Meeting", through="meetings.Participation", related_name="actors"
    )

    objects = ActorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "name", "slug"]
        constraints = [
            slug_constraint("actor"),
            country_constraint("actor"),
            choice_constraint("actor", "kind", ActorKind),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("person", args=[self.slug])

    @property
    def group_name(self):
        """The heading it stands under in the list of people."""
        if self.kind == ActorKind.ORGANISATION:
            return "Organisations"
        return self.country.name or "Other"
