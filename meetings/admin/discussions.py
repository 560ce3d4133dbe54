"""The inline of discussions in a meeting's form, with each government's account as fields.

Accounts are rows of their own, keyed by meeting, issue and government.
"""

import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django_countries import countries

from ..models import Account, Discussion, Meeting
from ..models.discussions import Finding
from ..text.countries import country_adjective
from .forms import PartForm
from .inlines import StackedInline
from .widgets import PartFormSet, PrefetchedSelect

GOVERNMENT_FIELD = re.compile(
    r"(?:discussions-\d+-account_(?P<code>[A-Z]{2})_(?:finding|text|translation|quotation(?:_language|_source)?)"
    r"|(?:participations|readouts)-\d+-government)"
)
ACCOUNT_COLUMNS = (
    "finding",
    "text",
    "quotation",
    "quotation_language",
    "quotation_source",
    "translation",
)


def account_field_name(code: str, cell: str) -> str:
    return f"account_{code}_{cell}"


def governments(request, meeting) -> list[str]:
    """Return the codes of the governments whose accounts the form has, by English name.

    They are those of the meeting and of the data that was sent; for a new meeting, those of the
    latest meeting.
    """
    codes = {country.code for country in meeting.governments} if meeting else set()
    for name, value in request.POST.items():
        if match := GOVERNMENT_FIELD.fullmatch(name):
            codes.add(match["code"] or value)
    if not codes:
        held = Meeting.objects.filter(participations__isnull=False).order_by("-starts_on", "-pk")
        latest = held.first()
        codes = {country.code for country in latest.governments} if latest else set()
    return sorted((code for code in codes if code in countries), key=countries.name)


def account_value(account, cell: str):
    """Return what the form shows of an account; of the source of a quotation its id."""
    cell = "quotation_source_id" if cell == "quotation_source" else cell
    value = getattr(account, cell, "")
    return "" if value is None else value


def finding_of(account) -> str:
    """Return what an account was found to say; text without a finding is a statement."""
    if account is None:
        return "Empty"
    is_text_alone = account.is_stated and not account.finding
    return Finding.STATED.label if is_text_alone else account.get_finding_display() or "Empty"


class DiscussionForm(PartForm):
    """A discussion and its accounts; a field that the data lacks keeps its value.

    ``codes`` are the governments whose accounts it has.
    """

    codes: list[str]

    def __init__(self, *args, accounts=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.accounts = accounts or {}
        for name, code, cell in self.account_fields():
            value = account_value(self.accounts.get(code), cell)
            self.initial[name] = value
            # Users who may only read are shown the attribute.
            setattr(self.instance, name, getattr(self.accounts.get(code), cell, ""))
            if self.is_bound and self.add_prefix(name) not in self.data:
                self.data = self.data.copy()
                self.data[self.add_prefix(name)] = value

    @property
    def line(self):
        """Its issue, and what each account was found to say."""
        found = [
            f"{country_adjective(code)} account: {finding_of(self.accounts.get(code)).lower()}"
            for code in self.codes
        ]
        return " · ".join([str(self.instance.issue), *found])

    def account_fields(self):
        """Yield the field name, government and column of each field of an account."""
        for code in self.codes:
            for cell in ACCOUNT_COLUMNS:
                yield account_field_name(code, cell), code, cell

    def clean(self):
        cleaned = super().clean()
        for code in self.codes:
            account = Account(government=code, **self.account_values(code))
            try:
                account.clean_fields(exclude=["meeting", "issue", "quotation_source"])
                account.clean()
            except ValidationError as error:
                for cell, problems in error.error_dict.items():
                    self.add_error(account_field_name(code, cell), problems)
        return cleaned

    def account_values(self, code):
        """Return what was typed of one government's account."""
        values = {
            cell: self.cleaned_data.get(account_field_name(code, cell)) or ""
            for cell in ACCOUNT_COLUMNS
        }
        return values | {"quotation_source": values["quotation_source"] or None}


class DiscussionFormSet(PartFormSet):
    """The discussions of a meeting with their accounts, which are fetched in one query."""

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
            for account in self.stored_accounts():
                self.accounts_by_issue[account.issue_id][account.government.code] = account
        return self.accounts_by_issue

    def stored_accounts(self):
        """Return the accounts that the meeting has, with the sources of their quotations."""
        if not self.instance.pk:
            return []
        return self.instance.accounts.select_related("quotation_source")

    def issue_at(self, index):
        """Return the stored issue of the row at an index."""
        if not self.is_bound:
            return self.get_queryset()[index].issue_id
        issues = {str(row.pk): row.issue_id for row in self.get_queryset()}
        return issues.get(self.data.get(f"{self.add_prefix(index)}-id", ""))


class DiscussionInline(StackedInline):
    model = Discussion
    form = DiscussionForm
    formset = DiscussionFormSet
    verbose_name_plural = "what was discussed"
    autocomplete_fields = ["issue"]
    rows_of_new = 1
    most_open = 3

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "quotation_source":
            kwargs["widget"] = PrefetchedSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def codes(self, request, obj):
        """Return the governments of the form, computed once for each request."""
        cache = request.__dict__.setdefault("governments", {})
        key = obj.pk if obj else None
        if key not in cache:
            cache[key] = governments(request, obj)
        return cache[key]

    def get_fieldsets(self, request, obj=None):
        accounts = [
            (
                f"{country_adjective(code)} account",
                {
                    "fields": [account_field_name(code, cell) for cell in ACCOUNT_COLUMNS],
                    "classes": ["account"],
                },
            )
            for code in self.codes(request, obj)
        ]
        return [
            (None, {"fields": [("issue", "basis", "agreement")]}),
            *accounts,
            ("In the record’s own words", {"fields": ["summary", "outcome", "was"]}),
        ]

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset with fields for the account of each government."""
        codes = self.codes(request, obj)
        fields = {"codes": codes}
        for code in codes:
            for cell in ACCOUNT_COLUMNS:
                column = Account._meta.get_field(cell)
                field = self.formfield_for_dbfield(column, request)
                field.label = f"{country_adjective(code)} account: {column.verbose_name}"
                fields[account_field_name(code, cell)] = field
        form = type(DiscussionForm)("DiscussionForm", (DiscussionForm,), fields)
        return super().get_formset(request, obj, form=form, **kwargs)
