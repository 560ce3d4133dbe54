"""Abstract models of rows with an address, and of entries that are published and withdrawn."""

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .fields import SlugField, choice_constraint, slug_constraint


class RecordQuerySet(models.QuerySet):
    """Rows with an address; ``follow`` names the keys that a page always follows."""

    select_related_fields: tuple[str, ...] = ()

    def published(self):
        """Return the rows the public may read now."""
        raise NotImplementedError(f"{self.model.__name__} says what is public.")

    def visible_to(self, user):
        """Return the rows ``user`` may read: all of them, for those who read them at the desk."""
        options = self.model._meta
        names = [f"{options.app_label}.{act}_{options.model_name}" for act in ("view", "change")]
        if user is not None and any(map(user.has_perm, names)):
            return self.with_page()
        return self.published()

    def with_page(self):
        """Return the rows that have what a page shows: all but drafts that lack some of it."""
        return self.all()

    def get_by_natural_key(self, slug):
        """Return the row of a slug for ``loaddata``, which asks thousands of times for an id."""
        return self.only("pk").get(slug=slug)

    def prefetches(self, user):
        """Return the lookups for ``prefetch_related`` of what a row's page shows."""
        return []

    def with_record(self, user=None):
        """Fetch what a row's page shows, as far as ``user`` may read it."""
        return self.select_related(*self.select_related_fields).prefetch_related(
            *self.prefetches(user)
        )


class EntryQuerySet(RecordQuerySet):
    def published(self):
        """Return the entries the public may read now."""
        return self.filter(self.model.public_now())

    def with_page(self):
        return self.filter(self.model.COMPLETE)

    def unpublished(self):
        """Return the entries that are not public now by their own status and time."""
        return self.exclude(self.model.public_now())


class VersionedModel(models.Model):
    """A row with an address; each change to it makes a revision."""

    slug = SlugField(
        help_text="The last part of the page's address: small letters, digits, hyphens."
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    # Each model has a manager of its RecordQuerySet, and an address.
    objects: Any
    get_absolute_url: Callable[[], str]

    # The columns of which the page's title is made.
    TITLE_LOOKUPS: tuple[str, ...] = ("title",)

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.slug,)

    def namesakes(self):
        """Return the rows, public or not, whose pages have its page's title, itself among them.

        Where others are public, the slug stands in the titles, and in references to the pages.
        """
        values = {name: reduce(getattr, name.split("__"), self) for name in self.TITLE_LOOKUPS}
        return type(self).objects.filter(**values)

    @property
    def heading(self):
        """The heading of the row's page."""
        return str(self)

    @property
    def page_title(self):
        """The title of the row's page, by which it is cited: with the day that it is about."""
        if self.names_its_day:
            return self.heading
        return f"{self.heading}, {day_in_words(self.title_day)}"

    @property
    def names_its_day(self):
        """Whether the heading has the day already (Telephone call, 3 May 2019), or none is due."""
        return self.title_day is None or day_in_words(self.title_day) in self.heading

    @property
    def title_day(self) -> date | None:
        """The day that belongs to the title, where others of the same name may be on another."""
        return None


def day_in_words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


class Reference(VersionedModel):
    """A row that entries share; it is public while an entry or a note that is public uses it."""

    first_public_at = models.DateTimeField(
        null=True, editable=False, help_text="When an entry that is public first showed it."
    )

    class Meta:
        abstract = True


class Publishable(VersionedModel):
    """An entry: written as a draft, published after checks, withdrawn with a reason."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    # What its page needs beside the title: only a draft may lack it, which has no page until then.
    PUBLIC_COLUMNS: tuple[str, ...] = ()
    COMPLETE = Q()

    status = models.CharField(
        max_length=9, choices=Status, default=Status.DRAFT, db_index=True, editable=False
    )
    publish_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a published entry becomes public (UTC). Empty: at once.",
    )
    sources = models.ManyToManyField(
        "meetings.Source",
        blank=True,
        related_name="%(class)ss",
        help_text="What the text cites is added by itself; add what it rests on besides.",
    )

    class Meta:
        abstract = True

    @staticmethod
    def public_now():
        """Return the condition that an entry's own status and time make it public now."""
        due = Q(publish_at=None) | Q(publish_at__lte=timezone.now())
        return due & Q(status=Publishable.Status.PUBLISHED)

    @property
    def is_public(self):
        """Whether the entry's own status and time make it public now."""
        due = self.publish_at is None or self.publish_at <= timezone.now()
        return due and self.status == self.Status.PUBLISHED

    @property
    def missing_columns(self) -> list[str]:
        """The columns that it lacks to have a page."""
        options: Any = self._meta
        return [
            name
            for name in self.PUBLIC_COLUMNS
            if not getattr(self, options.get_field(name).attname)
        ]

    @property
    def is_scheduled(self):
        """Whether the entry is published, but becomes public later."""
        return self.status == self.Status.PUBLISHED and not self.is_public


def natural_key_depends_on(*tables: str):
    """Decorate a natural key with the tables whose rows it names, which fixtures hold before it."""

    def mark(natural_key):
        natural_key.dependencies = list(tables)
        return natural_key

    return mark


def complete_constraint(table: str, complete: Q):
    """Return the constraint that only a draft lacks what a condition asks for."""
    is_draft = Q(status__in=[Publishable.Status.DRAFT, Publishable.Status.REVIEW])
    return models.CheckConstraint(
        condition=is_draft | complete,
        name=f"{table}_lacks_nothing_once_public",
        violation_error_message="Only a draft may lack what its public page shows.",
    )


def entry_constraints(table: str):
    """Return the constraints that every entry has."""
    return [slug_constraint(table), choice_constraint(table, "status", Publishable.Status)]
