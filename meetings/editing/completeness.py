"""How complete an entry is: what publication asks of it, and what a good page has besides.

Each check yields the gaps that it finds in a snapshot. What publication asks stands in
``publication_checks``, by which publication is refused; nothing is refused for what is only here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from ..models import Account, Meeting, Publishable, Source
from ..models.fields import ProseField
from ..tables.cells import SEPARATOR
from ..tables.registry import TABLES_BY_NAME, Table
from ..text import markdown
from ..text.judging_words import judging_words
from ..text.sentences import count_uncited_sentences
from .changes import CellProblem, place_of
from .citations import texts
from .publication_checks import (
    ACCOUNTS,
    NEEDS_REASON,
    empty_cells,
    no_source,
    public_columns,
    uncited_paragraphs,
    unread_accounts,
)
from .snapshots import Key, Row, Snapshot

LONGEST_LEDE_WORDS = 40
AIMED_LEDE_WORDS = 30
PRESS_KINDS = {Source.Kind.NEWS, Source.Kind.ANALYSIS, Source.Kind.ARTICLE}
EntryKey = TypeVar("EntryKey")


class Gap(NamedTuple):
    """What an entry lacks in words, and the cell that it is about."""

    words: str
    table: str
    key: Key
    column: str


@dataclass(frozen=True)
class EntryState:
    """An entry as a snapshot, with the sources that it lists or cites, as far as they exist."""

    own: Table
    snapshot: Snapshot
    sources: Mapping[str, Source]

    @property
    def cells(self) -> Row:
        return self.snapshot[self.own.name][0]

    @property
    def is_published(self) -> bool:
        return self.cells.get("status") == Publishable.Status.PUBLISHED

    def gap(self, column: str, words: str) -> Gap:
        """Return a gap of the entry's own cells."""
        return Gap(words, self.own.name, tuple(self.cells[name] for name in self.own.key), column)

    def named(self, slugs: Iterable[str]) -> list[Source]:
        return [self.sources[slug] for slug in slugs if slug in self.sources]


@dataclass
class Completeness:
    """What an entry lacks: ``must`` before it is published, ``should`` besides.

    Of ``asked`` checks it meets ``met``.
    """

    must: list[Gap] = field(default_factory=list)
    should: list[Gap] = field(default_factory=list)
    asked: int = 0
    met: int = 0


def completeness_of(
    own: Table, states: Mapping[EntryKey, Snapshot]
) -> dict[EntryKey, Completeness]:
    """Return how complete entries of one table are, with one query for all their sources."""
    slugs = sorted({slug for state in states.values() for slug in slugs_of(own, state)})
    sources = {source.slug: source for source in Source.objects.filter(slug__in_array=slugs)}
    return {key: checked(EntryState(own, state, sources)) for key, state in states.items()}


def slugs_of(own: Table, state: Snapshot) -> Iterator[str]:
    """Yield the slugs of the sources that an entry lists, cites or quotes."""
    yield from filter(None, state[own.name][0]["sources"].split(SEPARATOR))
    for _, row, column in texts(state):
        yield from markdown.cited_slugs(row[column])
    yield from filter(None, (row["quotation_source"] for row in state.get("accounts", [])))


def checked(entry: EntryState) -> Completeness:
    """Return what the checks that apply to an entry find."""
    found = Completeness()
    for check in CHECKS:
        if not check.applies(entry.own):
            continue
        gaps = list(check.find(entry))
        found.asked += 1
        found.met += not gaps
        # An account that is public unread was published with the reason.
        is_answered = check.find is unread and entry.is_published
        (found.must if check.is_must and not is_answered else found.should).extend(gaps)
    return found


def as_gaps(problems: Iterable[CellProblem]) -> Iterator[Gap]:
    for found in problems:
        yield Gap(found.sentence, found.table, found.key, found.column)


def page_cells(entry: EntryState) -> Iterator[Gap]:
    return as_gaps(empty_cells(entry.own, entry.snapshot))


def paragraphs(entry: EntryState) -> Iterator[Gap]:
    return as_gaps(uncited_paragraphs(entry.own, entry.snapshot))


def source(entry: EntryState) -> Iterator[Gap]:
    return as_gaps(no_source(entry.own, entry.snapshot))


def unread(entry: EntryState) -> Iterator[Gap]:
    found = unread_accounts([("", entry.snapshot)], entry.sources)
    for _, key in sorted(found):
        yield Gap(f"{place_of(ACCOUNTS, key, '')} {NEEDS_REASON}", ACCOUNTS.name, key, "text")


def lede(entry: EntryState) -> Iterator[Gap]:
    words = len(entry.cells["summary"].split())
    if not words:
        yield entry.gap("summary", "Lede is missing")
    elif words > LONGEST_LEDE_WORDS:
        yield entry.gap("summary", f"Lede has {words} words; aim for {AIMED_LEDE_WORDS}")


def accounts(entry: EntryState) -> Iterator[Gap]:
    """Yield the accounts of discussions that say nothing, not even that there is none."""
    parts = ("participations", "readouts", "accounts")
    rows = (row for name in parts for row in entry.snapshot.get(name, []))
    governments = sorted({row["government"] for row in rows} - {""})
    filled = {
        (row["issue"], row["government"])
        for row in entry.snapshot.get("accounts", [])
        if row["finding"] or row["text"]
    }
    choices = " or ".join(
        f"“{Account.Finding(value).label}”" for value in ("not_mentioned", "no_account")
    )
    for discussion in entry.snapshot.get("discussions", []):
        for government in governments:
            if (discussion["issue"], government) not in filled:
                key = (discussion["meeting"], discussion["issue"], government)
                words = f"{place_of(ACCOUNTS, key, '')} is empty. Write it, or set {choices}."
                yield Gap(words, ACCOUNTS.name, key, "finding")


def transcripts(entry: EntryState) -> Iterator[Gap]:
    """Yield the discussions that rest on the press alone."""
    cited: dict[str, set[str]] = defaultdict(set)
    for name in ("discussions", "accounts"):
        for row in entry.snapshot.get(name, []):
            for column in TABLES_BY_NAME[name].prose_columns:
                cited[row["issue"]].update(markdown.cited_slugs(row[column]))
            cited[row["issue"]].add(row.get("quotation_source", ""))
    for row in entry.snapshot.get("discussions", []):
        kinds = {found.kind for found in entry.named(cited[row["issue"]])}
        if kinds and kinds <= PRESS_KINDS:
            words = f"Only press sources for “{row['issue']}”. Is there a transcript?"
            yield Gap(words, "discussions", (row["meeting"], row["issue"]), "summary")


def archived_copies(entry: EntryState) -> Iterator[Gap]:
    listed = entry.named(entry.cells["sources"].split(SEPARATOR))
    if number := sum(bool(found.url and not found.archived_url) for found in listed):
        have = "source has" if number == 1 else "sources have"
        yield entry.gap("sources", f"{number} {have} no archive copy")


def sentences(entry: EntryState) -> Iterator[Gap]:
    for table, row, column in texts(entry.snapshot):
        if number := count_uncited_sentences(row[column]):
            key = tuple(row[name] for name in table.key)
            words = f"{number} sentences without a source of their own"
            if number == 1:
                words = "1 sentence without a source of its own"
            yield Gap(f"{place_of(table, key, column)}: {words}", table.name, key, column)


def reason(entry: EntryState) -> Iterator[Gap]:
    cancelled = Meeting.EventStatus.CANCELLED
    if entry.cells["event_status"] == cancelled and not entry.cells["body"]:
        yield entry.gap("body", "Cancelled, but no reason given")


def wording(entry: EntryState) -> Iterator[Gap]:
    own_words = list(texts(entry.snapshot))
    if entry.cells.get("summary") and "summary" not in entry.own.prose_columns:
        own_words.insert(0, (entry.own, entry.cells, "summary"))
    for table, row, column in own_words:
        if found := judging_words(row[column]):
            key = tuple(row[name] for name in table.key)
            named = ", ".join(f"“{word}”" for word in found)
            words = f"words that judge: {named}. Quote them or leave them out."
            yield Gap(f"{place_of(table, key, column)}: {words}", table.name, key, column)


def is_any(own: Table) -> bool:
    return True


def is_meeting(own: Table) -> bool:
    return own.model is Meeting


def has_page_columns(own: Table) -> bool:
    return bool(public_columns(own))


def has_lede(own: Table) -> bool:
    """Return whether entries have a lede, which a summary with markers is not."""
    return "summary" in own.columns and not isinstance(own.field("summary"), ProseField)


class Check(NamedTuple):
    """What is asked of the entries of some tables, and whether publication asks it."""

    applies: Callable[[Table], bool]
    find: Callable[[EntryState], Iterator[Gap]]
    is_must: bool = False


CHECKS = (
    Check(has_page_columns, page_cells, is_must=True),
    Check(is_any, paragraphs, is_must=True),
    Check(is_any, source, is_must=True),
    Check(is_meeting, unread, is_must=True),
    Check(has_lede, lede),
    Check(is_meeting, accounts),
    Check(is_meeting, transcripts),
    Check(is_any, archived_copies),
    Check(is_any, sentences),
    Check(is_meeting, reason),
    Check(is_any, wording),
)
