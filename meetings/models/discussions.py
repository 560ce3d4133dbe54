"""Discussions of issues at meetings, and each government's account of them."""

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.functional import cached_property
from django_countries.fields import CountryField

from .addresses import entry_address
from .fields import (
    MAX_QUOTATION_WORDS,
    LineField,
    ProseField,
    TextField,
    choice_constraint,
    country_constraint,
    quotation_constraint,
    validate_language,
    validate_quotation_length,
)
from .issues import Issue
from .meetings import Meeting
from .publishable import natural_key_depends_on


class Basis(models.TextChoices):
    ACCOUNTS = "accounts", "Governments' accounts"
    PRESS = "press", "Press only"
    AGENDA = "agenda", "Agenda"


class Finding(models.TextChoices):
    STATED = "stated", "Stated"
    DENIED = "denied", "Denied"
    NOT_MENTIONED = "not_mentioned", "Not mentioned"
    NO_ACCOUNT = "no_account", "No account published"


class Agreement(models.TextChoices):
    AGREE = "agree", "Agree"
    PARTLY = "partly", "Agree in part"
    DIFFER = "differ", "Differ"


class MeetingIssueQuerySet(models.QuerySet):
    """Rows that belong to a meeting and an issue."""

    def published(self):
        """Return the rows whose meeting and whose issue are published."""
        # The few that are hidden are looked up faster than the many that are not.
        return self.exclude(meeting__in=Meeting.objects.unpublished()).exclude(
            issue__in=Issue.objects.unpublished()
        )

    def visible_to(self, user):
        """Return the rows whose meeting and whose issue ``user`` may read."""
        return self.filter(
            meeting__in=Meeting.objects.visible_to(user), issue__in=Issue.objects.visible_to(user)
        )


class DiscussionQuerySet(MeetingIssueQuerySet):
    def in_person(self):
        """Return the discussions at meetings in person."""
        return self.exclude(meeting__format=Meeting.Format.CALL)

    def held(self):
        """Return the discussions at meetings that took place."""
        return self.filter(meeting__event_status=Meeting.EventStatus.HELD)

    def not_held(self):
        """Return the discussions at meetings that were called off, or are planned."""
        return self.exclude(meeting__event_status=Meeting.EventStatus.HELD)

    def in_calls(self):
        """Return the discussions in calls."""
        return self.filter(meeting__format=Meeting.Format.CALL)

    def with_meetings(self, user=None):
        """Fetch the meetings with their accounts, and order by them."""
        return (
            self.select_related("meeting", "issue")
            .prefetch_related(
                "meeting__participations",
                "meeting__readouts",
                Prefetch("meeting__accounts", Account.objects.visible_to(user).with_quotations()),
            )
            .order_by("meeting__starts_on", "meeting__slug")
        )

    def get_by_natural_key(self, meeting, issue):
        return self.get(meeting__slug=meeting, issue__slug=issue)


class AccountQuerySet(MeetingIssueQuerySet):
    def with_quotations(self):
        """Fetch the sources of the quotations."""
        return self.select_related("quotation_source")

    def get_by_natural_key(self, meeting, issue, government):
        return self.get(meeting__slug=meeting, issue__slug=issue, government=government)


class Discussion(models.Model):
    """An issue that came up at a meeting, or was planned to."""

    Basis = Basis
    Agreement = Agreement

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="discussions")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="discussions")
    basis = models.CharField(max_length=8, choices=Basis, blank=True)
    agreement = models.CharField(
        max_length=6,
        choices=Agreement,
        blank=True,
        help_text="Whether the accounts agree; empty unless at least two state something.",
    )
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
            choice_constraint("discussion", "agreement", Agreement, blank=True),
        ]

    def __str__(self):
        return f"{self.issue}, {self.meeting}"

    def get_absolute_url(self):
        """Return the address of the discussion on the meeting's page."""
        return f"{entry_address('meeting', self.meeting.slug)}#discussed-{self.issue.slug}"

    @natural_key_depends_on("meetings.meeting", "meetings.issue")
    def natural_key(self):
        return (*self.meeting.natural_key(), *self.issue.natural_key())

    @property
    def accounts(self):
        """The accounts of the issue, from those fetched with the meeting."""
        return [a for a in self.meeting.accounts.all() if a.issue_id == self.issue_id]

    @cached_property
    def accounts_by_government(self):
        """Pairs of each government of the meeting and its account, or None."""
        accounts = {account.government.code: account for account in self.accounts}
        return [(country, accounts.get(country.code)) for country in self.meeting.governments]

    @property
    def accounts_and_readouts(self):
        """Each government of the meeting, its account of the issue, and its readout; or None."""
        readouts = {readout.government.code: readout for readout in self.meeting.readouts.all()}
        return [
            (country, account, readouts.get(country.code))
            for country, account in self.accounts_by_government
        ]

    @property
    def stated_by(self):
        """The governments whose account states something on the issue."""
        return [
            country
            for country, account in self.accounts_by_government
            if account and account.is_stated
        ]

    @property
    def denied_by(self):
        """The governments that said that the issue did not come up."""
        return [
            country
            for country, account in self.accounts_by_government
            if account and account.is_denied
        ]

    @property
    def is_press_only(self):
        return self.basis == Basis.PRESS

    @property
    def is_agenda(self):
        return self.basis == Basis.AGENDA

    @property
    def reported_by_code(self):
        """Who reports the discussion, as the suffix of a CSS class: both, first, press …"""
        if self.denied_by:
            return "denied"
        if self.is_press_only or self.is_agenda:
            return self.basis
        stated = [country.code for country in self.stated_by]
        codes = [country.code for country, _ in self.accounts_by_government]
        if not stated:
            return "record"
        if stated == codes and len(codes) > 1:
            return "both"
        if len(codes) == 2:
            return "first" if stated == codes[:1] else "second"
        return "some"

    @property
    def reported_by(self):
        """Who reports or denies it, in short: Both, RU only, All, FR US, Press, Denied by …"""
        stated = [country.code for country in self.stated_by]
        if self.denied_by:
            names = " and ".join(str(country.name) for country in self.denied_by)
            return f"{Finding.DENIED.label} by {names}"
        if self.basis in {Basis.PRESS, Basis.AGENDA}:
            return "Press" if self.is_press_only else "Agenda"
        if not stated:
            return "On record"
        if len(stated) == len(self.accounts_by_government) > 1:
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
    quotation = TextField(
        blank=True,
        help_text=f"Words in the language spoken, at most {MAX_QUOTATION_WORDS}, without"
        " quotation marks.",
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
        related_name="account_quotations",
    )
    translation = TextField(
        blank=True, help_text="The quotation in English, where it is in another language."
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
            quotation_constraint("account"),
            models.CheckConstraint(
                condition=Q(translation="") | ~Q(quotation=""),
                name="account_translation_has_quotation",
                violation_error_message="A translation needs the quotation that it translates.",
            ),
        ]

    def __str__(self):
        return f"Account of {self.government.name}: {self.issue}, {self.meeting}"

    def clean(self):
        validate_quotation_length(self.quotation)

    @natural_key_depends_on("meetings.meeting", "meetings.issue")
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

    @property
    def is_denied(self):
        """Whether the government said that the issue did not come up."""
        return self.finding == Finding.DENIED
