"""The forms of the wizard's steps."""

from math import ceil

from django import forms
from django.utils.text import capfirst

from ...importing.uploads import UPLOAD_LIMITS
from ...models import Revision
from ...tables.registry import TABLES

SEVERAL_TABLES = "several"
MEGABYTE = 1_000_000


def tables() -> list[tuple[str, str]]:
    """Return the choices of what to import: each table by name, or several at once."""
    named = [(table.name, capfirst(table.model._meta.verbose_name_plural)) for table in TABLES]
    return [("", "---------"), *named, (SEVERAL_TABLES, "Several tables: a zip")]


class ChooseForm(forms.Form):
    """The first step: a file, and what it holds."""

    table = forms.ChoiceField(
        label="What are you importing?",
        choices=tables,
        error_messages={"required": "Choose what you are importing."},
    )
    file = forms.FileField(
        label="File",
        help_text="CSV (UTF-8) or XLSX; several tables as a zip of them. At most 50 MB.",
        error_messages={
            "required": "Choose a file.",
            "empty": "The file is empty. Its first line must name the columns.",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > UPLOAD_LIMITS.size:
            # Rounded up, so that no file seems to be as large as it may be.
            size = ceil(file.size * 10 / MEGABYTE) / 10
            raise forms.ValidationError(
                f"The file has {size:,.1f} MB; the limit here is"
                f" {UPLOAD_LIMITS.size // MEGABYTE} MB. Split it, or use import_record."
            )
        return file


class NoteForm(forms.Form):
    """The public note of a change."""

    note = forms.CharField(
        label="Change note",
        help_text="One line, public. Say what changed and why.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Write a change note: one line, public, on what and why."},
    )


class ConfirmForm(NoteForm):
    """The last step."""

    kind = forms.ChoiceField(
        label="Change kind",
        choices=[("", "---------"), *Revision.Kind.choices],
        error_messages={"required": "Choose a change kind."},
    )
    accepts_warnings = forms.BooleanField(
        label="I looked at the warnings: these cells are meant as they are",
        error_messages={"required": "Look at the warnings, and confirm that they are meant."},
    )

    def __init__(self, *args, warning_count=0, **kwargs):
        super().__init__(*args, **kwargs)
        if not warning_count:
            del self.fields["accepts_warnings"]
