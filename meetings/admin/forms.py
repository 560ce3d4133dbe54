"""The forms of entries and references: the fields of an act, and messages that say what to do."""

from datetime import UTC
from functools import lru_cache
from typing import Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django_countries import countries

from ..editing.public_history import were_public
from ..editing.twins import sources_at
from ..models import Reference, Revision
from ..models.fields import ProseField
from ..tables.registry import TABLES_BY_MODEL
from ..tables.resources import column_widget
from .citing import ProseInput

DATE_FORMAT_MESSAGE = "Enter the date as 2018-07-16."
TIME_FORMAT_MESSAGE = (
    "Enter the time in UTC as 2026-11-22 09:00, or with an offset: 2026-11-22 12:00+03:00."
)
NOTE_HELP = (
    "One line, public. Say what changed and why: “Length corrected from 40 to 46 minutes (White"
    " House transcript).” Needed for what is published, or used by what is published."
)
MOST_VALUES_IN_MESSAGE = 12
MOST_NAMESAKES = 100
MOST_SLUG_DIGITS = 3


class IsoDateInput(forms.DateInput):
    """A date, typed or chosen in the browser's date picker."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class UtcDateTimeInput(forms.TextInput):
    """A time in UTC as text: the browser's own field would lose fractions of a second."""

    supports_microseconds = True

    def format_value(self, value):
        if hasattr(value, "isoformat"):
            return value.replace(tzinfo=None).isoformat(sep=" ")
        return value

    def render(self, *args, **kwargs):
        return format_html('{}<span class="unit">UTC</span>', super().render(*args, **kwargs))


class UtcDateTimeField(forms.DateTimeField):
    """A date and time in ISO 8601, in UTC unless it has an offset."""

    widget = UtcDateTimeInput
    # No other format: 12/01/2026 is in January for some, in December for others.
    input_formats = ()
    default_error_messages = {"invalid": TIME_FORMAT_MESSAGE}

    def to_python(self, value):
        text = " ".join((value or "").split())
        if text and ":" not in text:
            # A day alone would be taken for its first minute.
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            moment = super().to_python(text)
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class LockedAddressInput(forms.TextInput):
    """The slug of what was public: shown as its address, and changed only once that is opened."""

    def __init__(self, row):
        super().__init__({"class": "vTextField"})
        self.slug = row.slug
        self.address = row.get_absolute_url()

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        is_changed = value != self.slug
        context = {"address": self.address, "field": field, "is_changed": is_changed}
        return render_to_string("admin/meetings/locked_address.html", context)


class CountryInput(forms.TextInput):
    """A country by its code; its ``datalist`` is once on the page, not in each row."""

    def __init__(self, attrs=None):
        super().__init__({"list": "countries", "size": 4, "maxlength": 2} | (attrs or {}))


@lru_cache(maxsize=1)
def country_options():
    """Return the options of the ``datalist`` of ``CountryInput``."""
    return format_html_join("", '<option value="{}">{}</option>', countries)


FIELD_OVERRIDES: dict[type[models.Field], dict[str, Any]] = {
    models.DateField: {"widget": IsoDateInput, "input_formats": ["%Y-%m-%d"]},
    # The admin's own way, a field of two, is replaced together with its widget.
    ProseField: {"widget": ProseInput},
    models.DateTimeField: {"form_class": UtcDateTimeField, "widget": UtcDateTimeInput},
}


class DeskForm(forms.ModelForm):
    """A model form of the desk, whose error messages say what to do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            set_error_messages(field)


def with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def set_error_messages(field: forms.Field) -> None:
    """Set a field's messages for a missing and for an invalid value."""
    label = with_article(str(field.label or "value").lower())
    is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
    field.error_messages["required"] = f"{'Choose' if is_choice else 'Enter'} {label}."
    if isinstance(field, forms.DateField):
        field.error_messages["invalid"] = DATE_FORMAT_MESSAGE
    elif isinstance(field.widget, CountryInput):
        field.error_messages["invalid_choice"] = "“%(value)s” is not a country’s code, as FI is."
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        # The choices of a bound field are always pairs; the stubs type what may be assigned.
        values = [value for value, _ in field.choices if value]  # type: ignore[misc, union-attr]
        if len(values) <= MOST_VALUES_IN_MESSAGE:
            field.error_messages["invalid_choice"] = (
                f"“%(value)s” is not {label}. Use one of: {', '.join(values)}."
            )


def had_public_page(row) -> bool:
    """Return whether a stored entry is public or ever was, or a reference is marked as such."""
    if isinstance(row, Reference):
        return row.first_public_at is not None
    return row.is_public or bool(were_public(type(row), [row.pk]))


class PartForm(DeskForm):
    """The form of a part; ``was`` is its key within its entry when the form was opened."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            table = TABLES_BY_MODEL[self._meta.model]
            names = [name for name in table.key if name != table.owner]
            self.initial["was"] = "|".join(
                column_widget(table, name).render(getattr(self.instance, name)) for name in names
            )

    @property
    def line(self):
        """The stored part in a line, to know it by while it is folded."""
        return getattr(self.instance, "text", "") or str(self.instance)

    @property
    def is_touched(self):
        """Whether it holds what is not stored, or was refused: then it is not folded."""
        return self.is_bound and (self.has_changed() or not self.is_valid())


def wrong_field() -> forms.CharField:
    """Return the field for what a correction corrects."""
    return forms.CharField(
        label="What was wrong",
        required=False,
        max_length=1000,
        help_text="Needed of a correction, public: “The length was given as 40 minutes.”",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )


class RevisedForm(DeskForm):
    """The form of an entry or reference; ``refusal`` holds why the act on it was refused.

    ``proposal`` is the open change that is edited, where it is not the row itself.
    """

    refusal = None
    proposal = None

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    change_note = forms.CharField(
        required=False,
        help_text=NOTE_HELP,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    change_kind = forms.ChoiceField(
        required=False, choices=[("", "---------"), *Revision.Kind.choices]
    )
    change_wrong = wrong_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.revision
        else:
            title = self.fields.get(self._meta.model.TITLE_LOOKUPS[0])
            if title:
                title.widget.attrs["autofocus"] = True
        self.set_up_address()
        if self.proposal:
            self.initial |= {
                "change_note": self.proposal.note,
                "change_kind": self.proposal.kind,
                "change_wrong": self.proposal.was_wrong,
            }

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("slug") == "" and self._meta.model.TITLE_LOOKUPS[0] not in self.errors:
            self.fill_slug(cleaned)
        for problem in self.refusal.problems if self.refusal else []:
            self.add_error(None, problem)
        return cleaned

    def set_up_address(self):
        """Let a new row do without a slug, and lock the address of what was public."""
        slug = self.fields.get("slug")
        if slug is None:
            return
        if not self.instance.pk:
            slug.required = False
        elif had_public_page(self.instance):
            slug.widget, slug.label = LockedAddressInput(self.instance), "Address"

    def fill_slug(self, cleaned):
        """Make the address of a new row of its title, with a number where it is taken."""
        model: Any = self._meta.model
        longest = model._meta.get_field("slug").max_length - MOST_SLUG_DIGITS
        slug = slugify(cleaned.get(model.TITLE_LOOKUPS[0], ""))[:longest].strip("-")
        names = [slug, *(f"{slug}-{number}" for number in range(2, MOST_NAMESAKES))] if slug else []
        taken = set(model.objects.filter(slug__in=names).values_list("slug", flat=True))
        free = next((name for name in names if name not in taken), "")
        if free:
            cleaned["slug"] = free
        else:
            self.add_error("slug", self.fields["slug"].error_messages["required"])

    def clean_slug(self):
        slug = self.cleaned_data["slug"]
        model: Any = self._meta.model
        others = model.objects.exclude(pk=self.instance.pk)
        noun = with_article(str(model._meta.verbose_name))
        self.refuse_duplicate(
            others.filter(slug=slug).first(),
            f"There is already {noun} at {{}}. {{}}, or choose another address.",
            slug,
        )
        return slug

    def refuse_duplicate(self, other, message, value):
        """Raise ValidationError with a link to ``other``, the row that has the value already."""
        if other is None:
            return
        name = f"admin:{other._meta.app_label}_{other._meta.model_name}_change"
        link = format_html('<a href="{}">Open it</a>', reverse(name, args=[other.pk]))
        raise forms.ValidationError(format_html(message, value, link))


class SourceForm(RevisedForm):
    def clean_url(self):
        url = self.cleaned_data["url"]
        if url:
            own = [self.instance.pk] if self.instance.pk else []
            other = sources_at([url], without=own).get(url)
            self.refuse_duplicate(
                other, "This address is already source “{}”. {} and use that one.", other
            )
        return url


class ActForm(forms.Form):
    """The form on the page of an act."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Change note",
        required=False,
        help_text=NOTE_HELP,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    kind = forms.ChoiceField(
        label="Change kind",
        required=False,
        choices=[("", "---------"), *Revision.Kind.choices],
    )
    was_wrong = wrong_field()
