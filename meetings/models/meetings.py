"""Meetings; their parts are in ``meeting_parts`` and ``discussions``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Prefetch, Q
from django.utils.functional import cached_property

from .addresses import entry_address
from .fields import (
    LineField,
    ProseField,
    TextField,
    choice_constraint,
)
from .lookups import Year
from .publishable import EntryQuerySet, Publishable, complete_constraint, entry_constraints
from .querysets import count_subquery, related_manager


class Format(models.TextChoices):
    SUMMIT = "summit", "Summit"
    BILATERAL = "bilateral", "Bilateral"
    PULL_ASIDE = "pull_aside", "Pull-aside"
    INFORMAL = "informal", "Informal"
    VISIT = "visit", "Visit"
    MULTILATERAL = "multilateral", "Multilateral"
    CALL = "call", "Call"


class EventStatus(models.TextChoices):
    HELD = "held", "Held"
    CANCELLED = "cancelled", "Cancelled"
    PLANNED = "planned", "Possible"


class MeetingQuerySet(EntryQuerySet):
    select_related_fields = ("place",)

    def chronological(self):
        """Order by first day, then slug."""
        return self.order_by("starts_on", "slug")

    def in_person(self):
        """Return the meetings in person, which are counted apart from calls."""
        return self.exclude(format=Format.CALL)

    def calls(self):
        """Return the calls, by telephone or video."""
        return self.filter(format=Format.CALL)

    def of_the_kind_of(self, meeting):
        """Return the calls, if a meeting is one, or else the meetings in person."""
        return self.calls() if meeting.is_call else self.in_person()

    def before(self, meeting):
        """Return the meetings before one in chronological order."""
        return self.filter(self.earlier_than(meeting))

    def earlier_than(self, meeting):
        """Return the condition for meetings before one in chronological order."""
        same_day = Q(starts_on=meeting.starts_on, slug__lt=meeting.slug)
        return Q(starts_on__lt=meeting.starts_on) | same_day

    def after(self, meeting):
        """Return the meetings after one in chronological order."""
        same_day = Q(starts_on=meeting.starts_on, slug__gt=meeting.slug)
        return self.filter(Q(starts_on__gt=meeting.starts_on) | same_day)

    def begun_between(self, first_year=None, last_year=None):
        """Return the meetings that began in a span of years; None leaves an end open."""
        meetings = self
        if first_year:
            meetings = meetings.filter(starts_on__year__gte=first_year)
        if last_year:
            meetings = meetings.filter(starts_on__year__lte=last_year)
        return meetings

    def begun_since(self, day=None):
        """Return the meetings that began on a day or later; None leaves the beginning open."""
        return self.filter(starts_on__gte=day) if day else self

    def count_by_year(self):
        """Return the number of meetings by the year in which they began, earliest year first."""
        years = self.order_by().annotate(year=Year("starts_on")).values_list("year")
        return dict(sorted(years.annotate(Count("pk"))))

    def position_of(self, meeting):
        """Return a meeting's number in chronological order, from 1, and how many there are."""
        return self.aggregate(
            number=Count("pk", filter=self.earlier_than(meeting)) + 1, of_how_many=Count("pk")
        )

    def with_counts(self):
        """Annotate the numbers of public issues, reactions and sources of each meeting."""
        return self.annotate(
            issue_count=count_subquery(
                related_manager(Meeting, "discussions").published(), "meeting"
            ),
            reaction_count=count_subquery(
                related_manager(Meeting, "reactions").published(), "meeting"
            ),
            source_count=count_subquery(Meeting.sources.through.objects.all(), "meeting"),
        )

    def prefetches(self, user):
        participations = related_manager(Meeting, "participations").select_related("actor")
        discussions = (
            related_manager(Meeting, "discussions").visible_to(user).select_related("issue")
        )
        accounts = related_manager(Meeting, "accounts").visible_to(user).with_quotations()
        return [
            Prefetch("participations", participations),
            "readouts",
            "outcomes",
            "sources",
            Prefetch("discussions", discussions),
            Prefetch("accounts", accounts),
        ]


COMPLETE = Q(starts_on__isnull=False) & ~Q(format="") & ~Q(event_status="")


class Meeting(Publishable):
    """A meeting of officials of two or more governments, on one or more consecutive days."""

    Format = Format
    EventStatus = EventStatus
    TITLE_LOOKUPS = ("title", "starts_on")
    PUBLIC_COLUMNS = ("starts_on", "format", "event_status")
    COMPLETE = COMPLETE

    title = LineField(max_length=200)
    # Typed as any day: only drafts without a page have none.
    starts_on: "models.DateField[Any, Any]" = models.DateField("first day", null=True, blank=True)
    ends_on = models.DateField("last day", null=True, blank=True, help_text="Empty: one day.")
    date_note = TextField(blank=True, help_text="How certain the dates are, if they are not.")
    forum = LineField(
        max_length=200, blank=True, help_text="The conference at whose edge it was held."
    )
    format = models.CharField(max_length=12, choices=Format, blank=True)
    event_status = models.CharField(max_length=9, choices=EventStatus, blank=True)
    place = models.ForeignKey(
        "meetings.Place",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    duration_minutes = models.PositiveIntegerField("length in minutes", null=True, blank=True)
    duration_note = ProseField(blank=True, help_text="Where reports of the length differ.")
    participants_note = ProseField(blank=True)
    summary = TextField(
        blank=True,
        help_text="One or two sentences: what it was, where, in what form. No assessment.",
    )
    body = ProseField("summary in full", blank=True, help_text="Two or three paragraphs.")
    accounts_differ = ProseField("where the accounts differ", blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "slug"]
        permissions = [("publish_meeting", "Can publish, withdraw and correct meetings")]
        indexes = [
            models.Index(fields=["starts_on", "slug"], name="meeting_in_order"),
            models.Index(fields=["status", "publish_at", "id"], name="meeting_public"),
            models.Index(fields=["title", "starts_on"], name="meeting_namesakes"),
        ]
        constraints = [
            *entry_constraints("meeting"),
            complete_constraint("meeting", COMPLETE),
            choice_constraint("meeting", "format", Format, blank=True),
            choice_constraint("meeting", "event_status", EventStatus, blank=True),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="meeting_ends_on_or_after_start",
                violation_error_message="The last day must be the same as or after the first day.",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes=None) | Q(duration_minutes__gt=0),
                name="meeting_duration_is_positive",
                violation_error_message="Enter a length of more than 0 minutes, or none.",
            ),
        ]

    def __str__(self):
        return self.title

    def clean(self):
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            day = f"{self.starts_on.day} {self.starts_on:%B %Y}"
            raise ValidationError(
                {"ends_on": f"The last day must be the same as or after the first day, {day}."}
            )

    def get_absolute_url(self):
        return entry_address("meeting", self.slug)

    @property
    def day(self):
        """Its date on the timeline, and in its title."""
        return self.starts_on

    title_day = day

    @property
    def last_day(self):
        """The day it ended: the first day, if no other is given."""
        return self.ends_on or self.starts_on

    @property
    def is_held(self):
        return self.event_status == EventStatus.HELD

    @property
    def is_cancelled(self):
        return self.event_status == EventStatus.CANCELLED

    @property
    def is_planned(self):
        return self.event_status == EventStatus.PLANNED

    @property
    def is_call(self):
        return self.format == Format.CALL

    @property
    def is_formal(self):
        """Whether it was held as a meeting of its own rather than in passing."""
        return self.format not in {Format.PULL_ASIDE, Format.INFORMAL, Format.CALL}

    @cached_property
    def governments(self):
        """The countries whose delegations met or gave an account, by English name."""
        parts = (*self.participations.all(), *self.readouts.all(), *self.accounts.all())
        countries = {part.government.code: part.government for part in parts if part.government}
        return sorted(countries.values(), key=lambda country: country.name)

    @property
    def delegations(self):
        """Pairs of each government and its participants; last, None and those of no government.

        Those in the talks come first, then the others in the delegation, then those announced.
        """
        people = sorted(self.participations.all(), key=lambda person: person.presence_rank)
        others = [person for person in people if not person.government]
        delegations = [
            (government, [person for person in people if person.government == government])
            for government in self.governments
        ]
        return [*delegations, (None, others)] if others else delegations

    @property
    def readouts_by_government(self):
        """Pairs of each government and its readout, or None."""
        readouts = {readout.government.code: readout for readout in self.readouts.all()}
        return [(government, readouts.get(government.code)) for government in self.governments]
