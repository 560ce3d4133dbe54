"""Milestones: events between and around the meetings."""

from django.db import models

from .addresses import entry_address
from .fields import LineField, ProseField, choice_constraint
from .issues import Issue
from .meetings import Meeting
from .publishable import EntryQuerySet, Publishable, complete_constraint, entry_constraints


class MilestoneKind(models.TextChoices):
    CALL = "call", "Call"
    TALKS = "talks", "Talks"
    TREATY = "treaty", "Treaty"
    LAW = "law", "Law"
    LEGAL = "legal", "Legal act"
    DOCUMENT = "document", "Document"
    STATEMENT = "statement", "Statement"
    CONFLICT = "conflict", "Conflict"


class MilestoneQuerySet(EntryQuerySet):
    def prefetches(self, user):
        return [
            models.Prefetch("meetings", Meeting.objects.visible_to(user)),
            models.Prefetch("issues", Issue.objects.visible_to(user)),
            "sources",
        ]


COMPLETE = models.Q(occurred_on__isnull=False) & ~models.Q(kind="")


class Milestone(Publishable):
    """A call, law, treaty, statement or other event that the meetings are read against."""

    Kind = MilestoneKind
    TITLE_LOOKUPS = ("title", "occurred_on")
    PUBLIC_COLUMNS = ("occurred_on", "kind")
    COMPLETE = COMPLETE

    occurred_on = models.DateField("date", null=True, blank=True)
    kind = models.CharField(max_length=9, choices=MilestoneKind, blank=True)
    title = LineField(max_length=200)
    summary = ProseField(blank=True)
    meetings = models.ManyToManyField(Meeting, blank=True, related_name="milestones")
    issues = models.ManyToManyField(Issue, blank=True, related_name="milestones")

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["occurred_on", "slug"]
        permissions = [("publish_milestone", "Can publish, withdraw and correct milestones")]
        indexes = [models.Index(fields=["occurred_on", "slug"], name="milestone_in_order")]
        constraints = [
            *entry_constraints("milestone"),
            complete_constraint("milestone", COMPLETE),
            choice_constraint("milestone", "kind", MilestoneKind, blank=True),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return entry_address("milestone", self.slug)

    @property
    def day(self):
        """Its date on the timeline, and in its title."""
        return self.occurred_on

    title_day = day

    @property
    def is_milestone(self):
        """Distinguishes it from meetings, which have no such property, in mixed lists."""
        return True
