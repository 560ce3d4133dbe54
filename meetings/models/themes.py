"""Themes: questions that run through the record."""

from django.db import models

from .addresses import entry_address
from .fields import LineField, ProseField, TextField
from .issues import Issue
from .meetings import Meeting
from .publishable import EntryQuerySet, Publishable, entry_constraints
from .reactions import Reaction


class ThemeQuerySet(EntryQuerySet):
    def prefetches(self, user):
        reactions = Reaction.objects.visible_to(user).select_related("meeting")
        return [
            models.Prefetch("meetings", Meeting.objects.visible_to(user)),
            models.Prefetch("issues", Issue.objects.visible_to(user)),
            models.Prefetch("reactions", reactions),
            "sources",
        ]


class Theme(Publishable):
    """A question on which views differ, with the views for and against."""

    title = LineField(max_length=200)
    summary = TextField(blank=True)
    body = ProseField(blank=True)
    views_for = ProseField(blank=True)
    views_against = ProseField(blank=True)
    meetings = models.ManyToManyField(Meeting, blank=True, related_name="themes")
    issues = models.ManyToManyField(Issue, blank=True, related_name="themes")
    reactions = models.ManyToManyField(Reaction, blank=True, related_name="themes")

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["title", "slug"]
        permissions = [("publish_theme", "Can publish, withdraw and correct themes")]
        constraints = entry_constraints("theme")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return entry_address("theme", self.slug)
