"""A discussion in the meeting's form, with each government's account of it.

Accounts are rows of their own, keyed by meeting, issue and government; here they are fields of the
discussion they belong to.
"""

import re
from collections import defaultdict

from django.contrib import admin
from django.core.exceptions import ValidationError
from django_countries import countries

from ..models import Account, Discussion, Meeting
from ..text.countries import country_adjective
from .forms import WordedForm
from .inlines import PartInline
from .widgets import PartFormSet

POSTED = re.compile(
    r"(?:discussions-\d+-account_(?P<code>[A-Z]{2})_(?:finding|text)"
    r"|(?:participations|readouts)-\d+-government)"
)
CELLS = ("finding", "text")


def field_name(code: str, cell: str) -> str:
    return f"account_{code}_{cell}"


def governments(request, meeting) -> list[str]:
    """Return the codes of the governments whose accounts are asked for, by English name.

    Those of the meeting and those the form names; for a new meeting those of the latest.
    """
    codes = {country.code for country in meeting.governments} if meeting else set()
    for name, value in request.POST.items():
        if match := POSTED.fullmatch(name):
            codes.add(match["code"] or value)
    if not codes:
        held = Meeting.objects.filter(participations__isnull=False).order_by("-starts_on", "-pk")
        latest = held.first()
        codes = {country.code for country in latest.governments} if latest else set()
    return sorted((code for code in codes if code in countries), key=countries.name)


class DiscussionForm(WordedForm):
    """A discussion and its accounts; a cell that a form does not hold stays as it is."""

    def __init__(self, *args, accounts=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.accounts = accounts or {}
        for name, code, cell in self.account_cells():
            value = getattr(self.accounts.get(code), cell, "")
            self.initial[name] = value
            # Whoever may only read is shown the attribute.
            setattr(self.instance, name, value)
            if self.is_bound and self.add_prefix(name) not in self.data:
                self.data = self.data.copy()
                self.data[self.add_prefix(name)] = value

    def account_cells(self):
        """Yield the name, government and column of each field that is an account's cell."""
        for code in self.codes:
            for cell in CELLS:
                yield field_name(code, cell), code, cell

    def clean(self):
        cleaned = super().clean()
        for code in self.codes:
            account = Account(government=code, **self.cells(code))
            try:
                account.clean_fields(exclude=["meeting", "issue"])
            except ValidationError as error:
                for cell, problems in error.error_dict.items():
                    self.add_error(field_name(code, cell), problems)
        return cleaned

    def cells(self, code):
        """Return what was typed of one government's account."""
        return {cell: self.cleaned_data.get(field_name(code, cell), "") for cell in CELLS}

    def save(self, commit=True):
        discussion = super().save(commit)
        if commit:
            self.save_accounts(discussion)
        return discussion

    def save_accounts(self, discussion):
        """Write the accounts, under the issue that the discussion now has."""
        rows = Account.objects.filter(meeting=discussion.meeting_id)
        if (before := self.initial.get("issue")) and before != discussion.issue_id:
            rows.filter(issue=before).delete()
        for code in self.codes:
            own = rows.filter(issue=discussion.issue_id, government=code)
            if any(cells := self.cells(code).values()):
                key = {"meeting": discussion.meeting, "issue": discussion.issue}
                Account.objects.update_or_create(
                    **key, government=code, defaults=dict(zip(CELLS, cells, strict=True))
                )
            else:
                own.delete()


class DiscussionFormSet(PartFormSet):
    """The discussions of a meeting, each given its accounts; fetched once for all."""

    def get_form_kwargs(self, index):
        kwargs = super().get_form_kwargs(index)
        if index is not None and index < self.initial_form_count():
            kwargs["accounts"] = self.accounts.get(self.issue_at(index), {})
        return kwargs

    @property
    def accounts(self):
        """The meeting's accounts by issue and government."""
        if "accounts_by_issue" not in self.__dict__:
            self.accounts_by_issue = defaultdict(dict)
            for account in self.instance.accounts.all() if self.instance.pk else []:
                self.accounts_by_issue[account.issue_id][account.government.code] = account
        return self.accounts_by_issue

    def issue_at(self, index):
        """Return the issue that the row of a form has in the database."""
        if not self.is_bound:
            return self.get_queryset()[index].issue_id
        issues = {str(row.pk): row.issue_id for row in self.get_queryset()}
        return issues.get(self.data.get(f"{self.add_prefix(index)}-id", ""))

    def delete_existing(self, obj, commit=True):
        # The form may have changed the object's issue; its accounts are those of the row.
        row = Discussion.objects.filter(pk=obj.pk)
        Account.objects.filter(meeting=obj.meeting_id, issue__in=row.values("issue")).delete()
        super().delete_existing(obj, commit)


class DiscussionInline(PartInline, admin.StackedInline):
    model = Discussion
    form = DiscussionForm
    formset = DiscussionFormSet
    verbose_name_plural = "what was discussed"
    autocomplete_fields = ["issue"]

    def codes(self, request, obj):
        """Return the governments of the form, worked out once for a request."""
        cache = request.__dict__.setdefault("governments", {})
        key = obj.pk if obj else None
        if key not in cache:
            cache[key] = governments(request, obj)
        return cache[key]

    def get_fieldsets(self, request, obj=None):
        accounts = [
            (
                f"{country_adjective(code)} account",
                {"fields": [field_name(code, cell) for cell in CELLS]},
            )
            for code in self.codes(request, obj)
        ]
        return [
            (None, {"fields": [("issue", "basis")]}),
            *accounts,
            ("In the record's own words", {"fields": ["summary", "outcome"]}),
        ]

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset with fields for the account of each government."""
        codes = self.codes(request, obj)
        fields = {"codes": codes}
        for code in codes:
            for cell in CELLS:
                column = Account._meta.get_field(cell)
                field = self.formfield_for_dbfield(column, request)
                field.label = f"{country_adjective(code)} account: {column.verbose_name}"
                fields[field_name(code, cell)] = field
        form = type(DiscussionForm)("DiscussionForm", (DiscussionForm,), fields)
        return super().get_formset(request, obj, form=form, **kwargs)
