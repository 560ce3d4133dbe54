"""What was said of an issue at a meeting, and each government's account of it."""

from django.db import models
from django.db.models import Prefetch
from django.urls import reverse
from django_countries.fields import CountryField

from .fields import ProseField, choice_constraint, country_constraint
from .issues import Issue
from .meetings import Meeting
from .publishable import loaded_after


class Basis(models.TextChoices):
    ACCOUNTS = "accounts", "Governments' accounts"
    PRESS = "press", "Press only"
    AGENDA = "agenda", "Agenda"


class Finding(models.TextChoices):
    STATED = "stated", "Stated"
    NOT_MENTIONED = "not_mentioned", "Not mentioned"
    NO_ACCOUNT = "no_account", "No account published"


class JoinQuerySet(models.QuerySet):
    """The rows that join a meeting and an issue."""

    def published(self):
        """Return the rows whose meeting and whose issue are published."""
        return self.filter(
            meeting__in=Meeting.objects.published(), issue__in=Issue.objects.published()
        )

    def visible_to(self, user):
        """Return the rows whose meeting and whose issue ``user`` may read."""
        return self.filter(
            meeting__in=Meeting.objects.visible_to(user), issue__in=Issue.objects.visible_to(user)
        )


class DiscussionQuerySet(JoinQuerySet):
    def through_meetings(self, user=None):
        """Fetch each discussion's meeting and its accounts, in order of the meetings."""
        return (
            self.select_related("meeting", "issue")
            .prefetch_related(
                "meeting__participations",
                "meeting__readouts",
                Prefetch("meeting__accounts", Account.objects.visible_to(user)),
            )
            .order_by("meeting__starts_on", "meeting__slug")
        )

    def get_by_natural_key(self, meeting, issue):
        return self.get(meeting__slug=meeting, issue__slug=issue)


class AccountQuerySet(JoinQuerySet):
    def get_by_natural_key(self, meeting, issue, government):
        return self.get(meeting__slug=meeting, issue__slug=issue, government=government)


class Discussion(models.Model):
    """An issue as it came up at a meeting, or was to."""

    Basis = Basis

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="discussions")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="discussions")
    basis = models.CharField(max_length=8, choices=Basis, blank=True)
    summary = ProseField(blank=True, help_text="In the record's own words.")
    outcome = ProseField(blank=True)

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "issue__title", "issue__slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "issue"],
                name="discussion_once_for_each_issue",
                violation_error_message="This issue is already among the discussions.",
            ),
            choice_constraint("discussion", "basis", Basis, blank=True),
        ]

    def __str__(self):
        return f"{self.issue}, {self.meeting}"

    def get_absolute_url(self):
        """Return the address of this block on the meeting's page."""
        return f"{reverse('meeting', args=[self.meeting.slug])}#discussed-{self.issue.slug}"

    @loaded_after("meetings.meeting", "meetings.issue")
    def natural_key(self):
        return (*self.meeting.natural_key(), *self.issue.natural_key())

    @property
    def accounts(self):
        """The accounts of this issue, among those fetched with the meeting."""
        return [a for a in self.meeting.accounts.all() if a.issue_id == self.issue_id]

    @property
    def sides(self):
        """Each government of the meeting with its account, or None."""
        accounts = {account.government.code: account for account in self.accounts}
        return [(country, accounts.get(country.code)) for country in self.meeting.governments]

    @property
    def columns(self):
        """Each government of the meeting with its account of the issue and its readout, or None."""
        readouts = {readout.government.code: readout for readout in self.meeting.readouts.all()}
        return [(country, account, readouts.get(country.code)) for country, account in self.sides]

    @property
    def stated_by(self):
        """The governments whose account states something on the issue."""
        return [country for country, account in self.sides if account and account.is_stated]

    @property
    def is_press_only(self):
        return self.basis == Basis.PRESS

    @property
    def is_agenda(self):
        return self.basis == Basis.AGENDA

    @property
    def cell(self):
        """The sign of the cell in the table of issues by meeting."""
        if self.is_press_only or self.is_agenda:
            return self.basis
        stated = [country.code for country in self.stated_by]
        codes = [country.code for country, _ in self.sides]
        if not stated:
            return "record"
        if stated == codes and len(codes) > 1:
            return "both"
        if len(codes) == 2:
            return "first" if stated == codes[:1] else "second"
        return "some"

    @property
    def reported_by(self):
        """Where the issue is on record: Both, RU only, All, FR US, Press, Agenda …, in short."""
        stated = [country.code for country in self.stated_by]
        if self.basis in {Basis.PRESS, Basis.AGENDA}:
            return "Press" if self.is_press_only else "Agenda"
        if not stated:
            return "On record"
        if len(stated) == len(self.sides) > 1:
            return "Both" if len(stated) == 2 else "All"
        return f"{stated[0]} only" if len(stated) == 1 else " ".join(stated)


class Account(models.Model):
    """What one government's published account says of an issue at a meeting."""

    Finding = Finding

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="accounts")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="accounts")
    government = CountryField()
    finding = models.CharField(max_length=13, choices=Finding, blank=True)
    text = ProseField(
        blank=True,
        help_text="What the government published or said. Use “said” or “stated”. "
        "Leave what others say about it to reactions.",
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "issue", "government"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "issue", "government"],
                name="account_once_for_each_government",
                violation_error_message="There is already an account of this government.",
            ),
            country_constraint("account", "government", required=True),
            choice_constraint("account", "finding", Finding, blank=True),
        ]

    def __str__(self):
        return f"Account of {self.government.name}: {self.issue}, {self.meeting}"

    @loaded_after("meetings.meeting", "meetings.issue")
    def natural_key(self):
        return (
            *self.meeting.natural_key(),
            *self.issue.natural_key(),
            self.government.code,
        )

    @property
    def is_stated(self):
        """Whether the government stated something; text without a finding is a statement."""
        return self.finding == Finding.STATED or bool(self.text and not self.finding)
