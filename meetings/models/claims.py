"""Claims: what a secondary source asserts, with an assessment and the entries that carry it."""

from collections import Counter
from collections.abc import Iterable

from django.db import models

from .fields import LineField, ProseField, TextField, choice_constraint
from .publishable import natural_key_depends_on
from .querysets import related_manager
from .sources import Source

# The relations to the entries that carry claims, each with what a link to one shows.
CARRIER_COLUMNS = {
    "meetings": ("slug", "title", "starts_on"),
    "issues": ("slug", "title"),
    "reactions": ("slug", "attribution", "reacted_on", "meeting__slug", "meeting__title"),
    "themes": ("slug", "title"),
    "milestones": ("slug", "title", "occurred_on"),
}


class Assessment(models.TextChoices):
    ACCURATE = "accurate", "Accurate"
    IMPRECISE = "imprecise", "Imprecise"
    INCOMPLETE = "incomplete", "Incomplete"
    INCORRECT = "incorrect", "Incorrect"
    OPINION = "opinion", "Opinion"


class ClaimQuerySet(models.QuerySet):
    def published(self):
        """Return the claims of the sources that the public may read."""
        return self.filter(source__in=Source.objects.published())

    def visible_to(self, user):
        """Return the claims of the sources that ``user`` may read."""
        return self.filter(source__in=Source.objects.visible_to(user))

    def with_carriers(self, user=None):
        """Fetch the entries that carry each claim, as far as ``user`` may read them."""
        lookups = []
        for name, columns in CARRIER_COLUMNS.items():
            rows = related_manager(Claim, name).visible_to(user).only(*columns)
            rows = rows.select_related("meeting") if name == "reactions" else rows
            lookups.append(models.Prefetch(name, rows))
        return self.prefetch_related(*lookups)

    def get_by_natural_key(self, source, order):
        return self.get(source__slug=source, order=order)


class Claim(models.Model):
    """One assertion of a secondary source, in the record's words, and its assessment.

    The entries that it names are its carriers: those whose text says the same, or corrects it.
    """

    Assessment = Assessment

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="claims")
    order = models.PositiveIntegerField(help_text="With gaps: 10, 20, 30.")
    section = LineField(max_length=200, blank=True, help_text="The heading that it stands under.")
    text = TextField(blank=True, help_text="One claim, in the record's words.")
    assessment = models.CharField(max_length=10, choices=Assessment, blank=True)
    note = ProseField(blank=True, help_text="Why it is not plainly accurate. Cite as [@slug].")
    meetings = models.ManyToManyField("meetings.Meeting", blank=True, related_name="claims")
    issues = models.ManyToManyField("meetings.Issue", blank=True, related_name="claims")
    reactions = models.ManyToManyField("meetings.Reaction", blank=True, related_name="claims")
    themes = models.ManyToManyField("meetings.Theme", blank=True, related_name="claims")
    milestones = models.ManyToManyField("meetings.Milestone", blank=True, related_name="claims")

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["source", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "order"],
                name="claim_once_for_each_order",
                violation_error_message="There is already a claim with this order.",
            ),
            choice_constraint("claim", "assessment", Assessment, blank=True),
        ]

    def __str__(self):
        return f"Claim {self.order}, {self.source}"

    @natural_key_depends_on("meetings.source")
    def natural_key(self):
        return (*self.source.natural_key(), self.order)

    @property
    def anchor(self):
        """Its anchor on the source's page, which stays when claims are added before it."""
        return f"claim-{self.order}"

    @property
    def carriers(self):
        """The entries that carry it, from those fetched with it: meetings, issues …"""
        return [entry for name in CARRIER_COLUMNS for entry in getattr(self, name).all()]


def assessment_counts(claims: Iterable[Claim]) -> list[tuple[str, str, int]]:
    """Return each assessment as value, label and number of claims."""
    counts = Counter(claim.assessment for claim in claims)
    return [(each.value, each.label, counts[each.value]) for each in Assessment]
