"""Acts on stored rows at the desk: what each is called, says, asks and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .forms import NOTE_HELP, ActForm

DESK_ONLY = "Read at the desk only."
# What a form tells of an act, as far as it asks.
WORDS = ("note", "kind", "was_wrong")


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
        if not self.asks_note:
            del form.fields["note"]
        if not self.asks_kind:
            del form.fields["kind"], form.fields["was_wrong"]
        return form

    def form_for(self, entries, data=None):
        """Return the form that asks, on some rows of a list, what the act needs to know."""
        return self.form(data)

    def typed(self, form):
        """Return what was typed in a form, as the arguments of ``perform``."""
        return typed_words(form.cleaned_data)


def typed_words(typed: dict[str, Any]) -> dict[str, str]:
    """Return what was typed of an act, as far as its form asked."""
    return {name: typed[name] for name in WORDS if name in typed}
