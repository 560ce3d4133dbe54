"""Issues, and the governments' general positions on them."""

from django.db import models
from django.db.models import Exists, OuterRef
from django_countries.fields import CountryField

from .addresses import entry_address
from .fields import LineField, ProseField, TextField, country_constraint
from .publishable import EntryQuerySet, Publishable, entry_constraints, natural_key_depends_on
from .querysets import add_counts, count_subquery, related_manager


class IssueQuerySet(EntryQuerySet):
    def prefetches(self, user):
        return ["positions", "sources"]

    def by_number_of_meetings(self):
        """Order by the number of public meetings held with the issue, largest first."""
        discussions = related_manager(Issue, "discussions").published().in_person().held()
        number = count_subquery(discussions, "issue")
        return self.annotate(number=number).order_by("-number", "title", "slug")

    def add_counts(self, issues):
        """Set on each issue the numbers of its public meetings, calls and reactions.

        Meetings that were called off, or are only planned, are counted apart from those held.
        """
        discussions = related_manager(Issue, "discussions").published()
        add_counts(issues, "held_count", discussions.in_person().held(), "issue")
        add_counts(issues, "not_held_count", discussions.in_person().not_held(), "issue")
        add_counts(issues, "call_count", discussions.in_calls(), "issue")
        add_counts(
            issues, "reaction_count", related_manager(Issue, "reactions").published(), "issues"
        )

    def discussed_first(self, meetings):
        """Annotate ``is_on_record``, whether one of the meetings discussed it; order by that."""
        rows = related_manager(Issue, "discussions").filter(
            meeting__in=meetings, issue=OuterRef("pk")
        )
        return self.annotate(is_on_record=Exists(rows)).order_by("-is_on_record", "title", "slug")


class PositionQuerySet(models.QuerySet):
    def published(self):
        """Return the positions on published issues."""
        return self.filter(issue__in=Issue.objects.published())

    def visible_to(self, user):
        """Return the positions on the issues that ``user`` may read."""
        return self.filter(issue__in=Issue.objects.visible_to(user))

    def get_by_natural_key(self, issue, government):
        return self.get(issue__slug=issue, government=government)


class Issue(Publishable):
    """A subject that meetings discuss, followed from one meeting to the next."""

    title = LineField(max_length=200)
    summary = TextField(
        blank=True, help_text="One or two sentences: what the issue is. No assessment."
    )
    body = ProseField(blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["title", "slug"]
        permissions = [("publish_issue", "Can publish, withdraw and correct issues")]
        constraints = entry_constraints("issue")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return entry_address("issue", self.slug)

    @property
    def positions_by_country(self):
        """The positions in the order of the countries' English names."""
        return sorted(self.positions.all(), key=lambda position: position.government.name)


class Position(models.Model):
    """A government's general position on an issue, beyond one meeting."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="positions")
    government = CountryField()
    text = ProseField(blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "government"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "government"],
                name="position_once_for_each_government",
                violation_error_message="There is already a position of this government.",
            ),
            country_constraint("position", "government", required=True),
        ]

    def __str__(self):
        return f"Position of {self.government.name}, {self.issue}"

    @natural_key_depends_on("meetings.issue")
    def natural_key(self):
        return (*self.issue.natural_key(), self.government.code)
