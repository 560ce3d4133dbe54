"""Acts on stored rows at the desk: what each is called, says, asks and does."""

from collections.abc import Callable
from dataclasses import dataclass

from .forms import NOTE_HELP, ActForm

DESK_ONLY = "Read at the desk only."


@dataclass(frozen=True)
class Act:
    """One act on a stored row: its texts, what it does, and what its form asks."""

    name: str
    title: str
    description: str
    done: str
    perform: Callable
    note_label: str = "Change note"
    note_help: str = NOTE_HELP
    asks_note: bool = True
    asks_kind: bool = False
    # Whether a list first tries the act, and offers only the rows that are not refused.
    is_planned: bool = False

    def form(self, data=None, **kwargs):
        form = ActForm(data, **kwargs)
        form.fields["note"].label = self.note_label
        form.fields["note"].help_text = self.note_help
        for name, is_asked in (("note", self.asks_note), ("kind", self.asks_kind)):
            if not is_asked:
                del form.fields[name]
        return form

    def form_for(self, entries, data=None):
        """Return the form that asks, on some rows of a list, what the act needs to know."""
        return self.form(data)

    def typed(self, form):
        """Return what was typed in a form, as the arguments of ``perform`` on rows of a list."""
        found = form.cleaned_data
        return {"note": found.get("note", ""), "kind": found.get("kind", "")}
