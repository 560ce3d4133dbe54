"""The forms of the wizard's steps."""

from math import ceil

from django import forms
from django.utils.text import capfirst

from ...importing.matching import Match, digest_of_header
from ...importing.pasting import pasted_file
from ...importing.summaries import SheetSummary
from ...importing.uploads import UPLOAD_LIMITS
from ...models import Revision
from ...tables.registry import TABLES

SEVERAL_TABLES = "several"
MEGABYTE = 1_000_000


def tables() -> list[tuple[str, str]]:
    """Return the choices of what to import: each table by name, or several at once."""
    named = [(table.name, capfirst(table.model._meta.verbose_name_plural)) for table in TABLES]
    return [("", "---------"), *named, (SEVERAL_TABLES, "Several tables: a zip or a workbook")]


class ChooseForm(forms.Form):
    """The first step: a file, and what it holds."""

    table = forms.ChoiceField(
        label="What are you importing?",
        choices=tables,
        error_messages={"required": "Choose what you are importing."},
    )
    file = forms.FileField(
        label="File",
        required=False,
        help_text="CSV (UTF-8) or XLSX; several tables as a zip of them, or as a workbook with a"
        " sheet for each. At most 50 MB.",
        error_messages={"empty": "The file is empty. Its first line must name the columns."},
    )
    pasted = forms.CharField(
        label="Or rows pasted from a spreadsheet",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80, "wrap": "off"}),
        help_text="With the line above them that names the columns.",
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > UPLOAD_LIMITS.size:
            # Rounded up, so that no file seems to be as large as it may be.
            size = ceil(file.size * 10 / MEGABYTE) / 10
            raise forms.ValidationError(
                f"The file has {size:,.1f} MB; the limit here is"
                f" {UPLOAD_LIMITS.size // MEGABYTE} MB. Split it, or use import_record."
            )
        return file

    def clean(self):
        cleaned = super().clean()
        file, pasted = cleaned.get("file"), cleaned.get("pasted", "").strip()
        if file and pasted:
            self.add_error("pasted", "Choose a file or paste rows, not both.")
        elif not (file or pasted) and "file" not in self.errors:
            self.add_error("file", "Choose a file.")
        elif pasted and cleaned.get("table") == SEVERAL_TABLES:
            self.add_error("table", "Choose the table whose rows you paste.")
        return cleaned

    def upload(self) -> dict[str, object]:
        """Return name, content and table of what was chosen or pasted."""
        file, table = self.cleaned_data["file"], self.cleaned_data["table"]
        if not file:
            content = pasted_file(self.cleaned_data["pasted"])
            return {"name": "Pasted rows", "content": content, "table": table}
        table = "" if table == SEVERAL_TABLES else table
        return {"name": file.name, "content": file.read(), "table": table}


LEAVE_OUT = "-"


class ColumnsForm(forms.Form):
    """The columns of one table of a file: which each name in its header is."""

    def __init__(self, data, *, sheet: SheetSummary, match: Match, prefix: str):
        super().__init__(data, prefix=prefix)
        self.sheet, self.match = sheet, match
        columns = [(name, name) for name in sheet.table.file_columns]
        self.given = [name for name in sheet.asked if name]
        for number, name in enumerate(self.given):
            self.fields[f"column{number}"] = forms.ChoiceField(
                label=name,
                choices=[("", "Choose…"), (LEAVE_OUT, "Leave it out"), *columns],
                initial=self.initial_column(name),
                error_messages={"required": f"Say which column “{name}” is, or leave it out."},
            )

        # First those of which it has to be said.
        self.order_fields(sorted(self.fields, key=lambda field: bool(self.fields[field].initial)))

    def initial_column(self, name: str) -> str:
        """Return what is chosen for a name until somebody chooses otherwise."""
        if name in self.match:
            return self.match[name] or LEAVE_OUT
        if name in self.sheet.table.file_columns:
            return name
        spelled = "_".join(name.replace("-", " ").split())
        return spelled if spelled in self.sheet.table.file_columns else ""

    @property
    def names(self) -> list[str]:
        """The names of its fields in what a browser sends."""
        return [self.add_prefix(name) for name in self.fields]

    def problems(self) -> list[str]:
        """Return what is wrong with what was chosen."""
        return [str(text) for texts in self.errors.values() for text in texts]

    @property
    def is_open(self) -> bool:
        """Whether something is to be chosen, or was matched by hand."""
        return any(name not in self.sheet.table.file_columns for name in self.given)

    def matches(self) -> dict[str, Match]:
        """Return what was matched by hand, by the digest of the header."""
        chosen = {
            name: self.cleaned_data[f"column{number}"].replace(LEAVE_OUT, "")
            for number, name in enumerate(self.given)
        }
        match = {name: column for name, column in chosen.items() if name != column}
        known = digest_of_header(self.sheet)
        return {known: match} if match or self.match else {}


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
