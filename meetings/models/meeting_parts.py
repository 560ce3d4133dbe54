"""Parts of a meeting that are public when it is: participations, readouts, outcomes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django_countries.fields import CountryField

from .fields import (
    LineField,
    ProseField,
    choice_constraint,
    country_constraint,
    validate_language,
)
from .meetings import EventStatus, Format, Meeting
from .publishable import natural_key_depends_on


class OutcomeState(models.TextChoices):
    AGREED = "agreed", "Agreed"
    ANNOUNCED = "announced", "Announced"
    PROPOSED = "proposed", "Proposed"
    CARRIED_OUT = "carried_out", "Carried out"
    NOT_CARRIED_OUT = "not_carried_out", "Not carried out"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NO_OUTCOME = "no_outcome", "No outcome"


class Presence(models.TextChoices):
    TALKS = "talks", "In the talks"
    DELEGATION = "delegation", "In the delegation"
    ANNOUNCED = "announced", "Announced"


class PartQuerySet(models.QuerySet):
    """Parts of meetings, which are public when their meeting is."""

    def published(self):
        """Return the parts of published meetings."""
        return self.exclude(meeting__in=Meeting.objects.unpublished())

    def visible_to(self, user):
        """Return the parts of the meetings that ``user`` may read."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def with_meetings(self):
        """Fetch the meetings, and order by them."""
        return self.select_related("meeting").order_by("meeting__starts_on", "meeting__slug")

    def get_by_natural_key(self, meeting, last):
        return self.get(meeting__slug=meeting, **{self.model.KEY: last})


class MeetingPart(models.Model):
    """A row that belongs to a meeting; ``KEY`` is the lookup that is unique within the meeting."""

    KEY: str

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="%(class)ss")

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        abstract = True


class ParticipationQuerySet(PartQuerySet):
    """Participations by whether, and in what way, the actor attended.

    Where the presence is not said, the actor attended what was held.
    """

    def by_presence(self):
        """Return the participations by name of the list in which each stands: exactly one."""
        return {
            "meetings": self.attended(),
            "calls": self.in_calls(),
            "delegations": self.in_delegation(),
            "planned": self.announced(),
        }

    def held(self):
        """Return those in what was held, announced persons aside."""
        held = self.filter(meeting__event_status=EventStatus.HELD)
        return held.exclude(presence=Presence.ANNOUNCED)

    def attended(self):
        """Return those of actors who attended a meeting in person that was held."""
        in_person = self.held().exclude(meeting__format=Format.CALL)
        return in_person.exclude(presence=Presence.DELEGATION)

    def in_delegation(self):
        """Return those of actors in the delegation to what was held, who were not in the talks."""
        return self.held().filter(presence=Presence.DELEGATION)

    def in_calls(self):
        """Return those of actors who took part in a call that was held."""
        calls = self.held().filter(meeting__format=Format.CALL)
        return calls.exclude(presence=Presence.DELEGATION)

    def announced(self):
        """Return those for what was not held, or of actors who were announced only."""
        not_held = ~Q(meeting__event_status=EventStatus.HELD)
        return self.filter(not_held | Q(presence=Presence.ANNOUNCED))


class Participation(MeetingPart):
    """An actor's presence at a meeting, usually in the delegation of a government."""

    KEY = "actor__slug"
    Presence = Presence

    actor = models.ForeignKey(
        "meetings.Actor", on_delete=models.PROTECT, related_name="participations"
    )
    government = CountryField(blank=True, help_text="The country whose delegation it was, if any.")
    role = LineField(max_length=200, blank=True, help_text="The office held on the day, not today.")
    presence = models.CharField(
        max_length=10,
        choices=Presence,
        blank=True,
        help_text="In the room, with the delegation only, or announced for what was not held.",
    )
    order = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[Any] = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", F("order").asc(nulls_last=True), "actor__slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "actor"],
                name="participation_once_for_each_actor",
                violation_error_message="This person is already among the participants.",
            ),
            country_constraint("participation", "government"),
            choice_constraint("participation", "presence", Presence, blank=True),
        ]

    def __str__(self):
        return f"{self.actor}, {self.meeting}"

    @property
    def presence_rank(self):
        """Sort key by presence; where it is not said, somebody stands with those in the talks."""
        return [*Presence].index(Presence(self.presence or Presence.TALKS))

    @property
    def presence_heading(self):
        """What a list says above those who were not in the talks; empty for the others."""
        headings = {
            Presence.DELEGATION: "In the delegation, not in the talks",
            Presence.ANNOUNCED: "Announced",
        }
        return headings.get(self.presence, "")

    @natural_key_depends_on("meetings.meeting", "meetings.actor")
    def natural_key(self):
        return (*self.meeting.natural_key(), *self.actor.natural_key())


class Readout(MeetingPart):
    """What a government published about a meeting, in the record's words."""

    KEY = "government"

    government = CountryField()
    issued_on = models.DateField(null=True, blank=True)
    language = LineField(max_length=20, blank=True, validators=[validate_language])
    text = ProseField(
        blank=True,
        help_text="What the government published or said. Use “said” or “stated”.",
    )

    class Meta:
        ordering = ["meeting", "government"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "government"],
                name="readout_once_for_each_government",
                violation_error_message="There is already a readout of this government.",
            ),
            country_constraint("readout", "government", required=True),
        ]

    def __str__(self):
        return f"Readout of {self.government.name}, {self.meeting}"

    @natural_key_depends_on("meetings.meeting")
    def natural_key(self):
        return (*self.meeting.natural_key(), self.government.code)


class Outcome(MeetingPart):
    """A result of a meeting, or the statement that it had none."""

    KEY = "order"

    order = models.PositiveIntegerField(help_text="With gaps: 10, 20, 30.")
    state = models.CharField(max_length=15, choices=OutcomeState, blank=True)
    text = ProseField(blank=True)

    State = OutcomeState

    class Meta:
        ordering = ["meeting", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="outcome_once_for_each_order",
                violation_error_message="There is already an outcome with this order.",
            ),
            choice_constraint("outcome", "state", OutcomeState, blank=True),
        ]

    def __str__(self):
        return f"Outcome {self.order}, {self.meeting}"

    def get_absolute_url(self):
        """Return the address of the outcome on the meeting's page."""
        return f"{self.meeting.get_absolute_url()}#outcome-{self.order}"

    @natural_key_depends_on("meetings.meeting")
    def natural_key(self):
        return (*self.meeting.natural_key(), self.order)
