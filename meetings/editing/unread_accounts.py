"""Accounts that rest on nothing opened: published only with a reason in the public note."""

from collections.abc import Iterator, Sequence

from ..models import Meeting, Publishable, Revision
from ..models.evidence import Evidence, evidence_of_texts
from ..tables.registry import TABLES_BY_NAME
from .changes import Attribution, EntryChange, place_of
from .errors import Refused
from .snapshots import Key, Snapshot

# The word by which the note of an act says that it speaks of this.
REASON_WORD = "unread"
NEEDS_REASON = (
    "rests on nothing that was opened. Read one of its sources at least in an excerpt and say so"
    f" on it, or say in the change note why it stays {REASON_WORD}, with that word."
)
MOST_NAMED = 5
ACCOUNTS = TABLES_BY_NAME["accounts"]


def require_reason(changes: Sequence[EntryChange], attribution: Attribution) -> None:
    """Raise Refused if an account becomes public unread and the act's note does not say why.

    Asked when the sources of the act are written. What was public like that before is not asked
    again, nor is an undo.
    """
    if attribution.act == Revision.Act.UNDO or REASON_WORD in attribution.note.lower():
        return
    asked = [
        (change, key, row)
        for change in changes
        if change.own.model is Meeting and change.status == Publishable.Status.PUBLISHED
        for key, row in account_texts(change.after)
    ]
    known = [
        (change, key, row)
        for change in changes
        if change.own.model is Meeting and change.former_status == Publishable.Status.PUBLISHED
        for key, row in account_texts(change.before)
    ]
    before, after = unread(known), unread(asked)
    if new := sorted(after - before):
        places = ", ".join(place_of(ACCOUNTS, key, "") for _, key in new[:MOST_NAMED])
        more = f" and {len(new) - MOST_NAMED} more" if len(new) > MOST_NAMED else ""
        raise Refused([f"Cannot be published yet: {places}{more} {NEEDS_REASON}"])


def account_texts(state: Snapshot) -> Iterator[tuple[Key, dict[str, str]]]:
    """Yield key and row of the accounts in a snapshot that have a text or a quotation."""
    for row in state.get("accounts", []):
        if row["text"] or row["quotation"]:
            yield tuple(row[name] for name in ACCOUNTS.key), row


def unread(found) -> set[tuple[str, Key]]:
    """Return entry and key of the accounts whose sources were not opened, in one query."""
    texts = [
        ((change.slug, key), row["text"], row["quotation_source"]) for change, key, row in found
    ]
    evidence = evidence_of_texts(texts) if texts else {}
    return {key for key, word in evidence.items() if word == Evidence.UNREAD}
