"""What others said of a meeting."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_countries.fields import CountryField

from .fields import (
    LineField,
    ProseField,
    TextField,
    choice_constraint,
    country_constraint,
    validate_language,
)
from .issues import Issue
from .meetings import Meeting
from .publishable import EntryQuerySet, Publishable, entry_meta

QUOTATION_WORDS = 50
SHOWN_IN_GROUP = 3


class Capacity(models.TextChoices):
    EXECUTIVE = "executive", "Executive"
    LEGISLATURE = "legislature", "Legislature"
    INTELLIGENCE = "intelligence", "Intelligence"
    FORMER_OFFICIAL = "former_official", "Former official"
    PARTY = "party", "Party"
    INTERNATIONAL_ORGANISATION = "international_organisation", "International organisation"
    ANALYST = "analyst", "Analyst"
    MEDIA = "media", "Media"
    PUBLIC = "public", "Public"


class Stance(models.TextChoices):
    SUPPORTIVE = "supportive", "Supportive"
    CRITICAL = "critical", "Critical"
    MIXED = "mixed", "Mixed"
    NEUTRAL = "neutral", "Neutral"


@dataclass
class ReactionGroup:
    """Reactions to a meeting that belong together: of one government, or of others."""

    label: str
    query: str
    ids: list[int] = field(default_factory=list)
    shown: list["Reaction"] = field(default_factory=list)


def group_keys(keys, governments):
    """Return the groups of (id, country, capacity): those who met, others, then the public."""
    public = {Capacity.ANALYST, Capacity.MEDIA, Capacity.PUBLIC}
    groups = {c.code: ReactionGroup(c.name, f"country={c.code}") for c in governments}
    groups["other"] = ReactionGroup("Other countries and organisations", "")
    groups["public"] = ReactionGroup(
        "Analysts, press and public", "&".join(f"capacity={name}" for name in sorted(public))
    )
    for pk, country, capacity in keys:
        name = "public" if capacity in public else country if country in groups else "other"
        groups[name].ids.append(pk)
    return [group for group in groups.values() if group.ids]


class ReactionQuerySet(EntryQuerySet):
    follow = ("meeting", "quotation_source")

    def published(self):
        """Return the published reactions whose meeting and whose issues are all published."""
        on_hidden_issue = Reaction.issues.through.objects.filter(
            issue__in=Issue.objects.unpublished()
        )
        return (
            self.filter(Reaction.public_now())
            .filter(meeting__in=Meeting.objects.published())
            .exclude(pk__in=on_hidden_issue.values("reaction"))
        )

    def recent(self):
        """Return the reactions with the newest first."""
        return self.order_by("-reacted_on", "-slug")

    def stances(self):
        """Return each stance with its label and how many reactions take it."""
        counts = dict(self.order_by().values_list("stance").annotate(models.Count("pk")))
        return [(stance.value, stance.label, counts.get(stance.value, 0)) for stance in Stance]

    def groups_of(self, meeting):
        """Return the reactions to a meeting in the groups of its page, a few of each fetched."""
        rows = self.filter(meeting=meeting.pk).order_by("reacted_on", "slug")
        keys = list(rows.values_list("pk", "country", "capacity"))
        groups = group_keys(keys, meeting.governments)
        shown = self.in_bulk([pk for group in groups for pk in group.ids[:SHOWN_IN_GROUP]])
        for group in groups:
            group.shown = [shown[pk] for pk in group.ids[:SHOWN_IN_GROUP]]
        return groups

    def record_lookups(self, user):
        return [models.Prefetch("issues", Issue.objects.visible_to(user)), "actors", "sources"]


class Reaction(Publishable):
    """One statement on a meeting, by a person, an institution or the public."""

    Capacity = Capacity
    Stance = Stance

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="reactions")
    issues = models.ManyToManyField(Issue, blank=True, related_name="reactions")
    attribution = LineField(max_length=200, help_text="Who said it, as shown.")
    actors = models.ManyToManyField("meetings.Actor", blank=True, related_name="reactions")
    role = LineField(
        max_length=200, blank=True, help_text="As on the day of the statement, not today."
    )
    affiliation = LineField(
        max_length=100, blank=True, help_text="Party or organisation, as on that day."
    )
    capacity = models.CharField(max_length=26, choices=Capacity)
    country = CountryField(blank=True)
    reacted_on = models.DateField("date")
    stance = models.CharField(
        max_length=10,
        choices=Stance,
        help_text="The stance of this statement towards the meeting or what was said there. "
        "If unsure, choose neutral.",
    )
    summary = ProseField(blank=True)
    quotation = TextField(
        blank=True, help_text=f"At most {QUOTATION_WORDS} words, without quotation marks."
    )
    quotation_language = LineField(
        max_length=20,
        blank=True,
        validators=[validate_language],
        help_text="The language of the words quoted: en, ru.",
    )
    quotation_source = models.ForeignKey(
        "meetings.Source",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quotations",
    )

    objects = ReactionQuerySet.as_manager()

    class Meta:
        ordering = ["reacted_on", "slug"]
        permissions = [("publish_reaction", "Can publish, withdraw and correct reactions")]
        indexes = [
            models.Index(fields=["reacted_on", "slug"], name="reaction_in_order"),
            models.Index(fields=["meeting", "stance"], name="reaction_by_stance"),
            models.Index(fields=["status", "publish_at", "meeting", "id"], name="reaction_public"),
        ]
        constraints = [
            *entry_meta("reaction"),
            country_constraint("reaction"),
            choice_constraint("reaction", "capacity", Capacity),
            choice_constraint("reaction", "stance", Stance),
            models.CheckConstraint(
                condition=Q(quotation="")
                | (Q(quotation_source__isnull=False) & ~Q(quotation_language="")),
                name="reaction_quotation_has_source_and_language",
                violation_error_message="A quotation needs its source and its language.",
            ),
        ]

    def __str__(self):
        return self.attribution

    def clean(self):
        if len(self.quotation.split()) > QUOTATION_WORDS:
            raise ValidationError(
                {"quotation": f"Shorten the quotation to at most {QUOTATION_WORDS} words."}
            )

    def get_absolute_url(self):
        return reverse("reaction", args=[self.slug])

    @property
    def page_title(self):
        return f"{self.attribution} on {self.meeting}"
