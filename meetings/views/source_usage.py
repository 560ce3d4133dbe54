"""Usage of a source: the entries that list it, each with the statements that rest on it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import CharField, ExpressionWrapper, F, IntegerField, Value
from django_countries import countries

from ..models import Source
from ..tables.registry import TABLES_BY_NAME, Table
from ..text.sentences import CitedSentence, cited_sentences

# The block of an issue, which holds its discussion and the accounts of it.
ISSUE_BLOCK = "#discussed-{issue_slug}"
# The anchor and the label of each text on the page of its entry, in the order of the page.
TEXT_PLACES = {
    ("meetings", "duration_note"): ("#facts-head", "Length"),
    ("meetings", "body"): ("#summary", "Summary"),
    ("readouts", "text"): ("#readouts", "Readout of {government}"),
    ("meetings", "accounts_differ"): ("#readouts", "Where the accounts differ"),
    ("accounts", "text"): ("#{issue_slug}-{country}", "{issue}, account of {government}"),
    ("accounts", "quotation"): ("#{issue_slug}-{country}", "{issue}, words of {government}"),
    ("discussions", "summary"): (ISSUE_BLOCK, "{issue}, in short"),
    ("discussions", "outcome"): (ISSUE_BLOCK, "{issue}, outcome"),
    ("outcomes", "text"): ("#outcome-{order}", "Outcome"),
    ("meetings", "participants_note"): ("#participants", "Participants"),
    ("issues", "body"): ("", "Text"),
    ("positions", "text"): ("#positions", "Position of {government}"),
    ("reactions", "summary"): ("", "Summary"),
    ("reactions", "quotation"): ("#quotation", "Quotation"),
    ("themes", "body"): ("", "Text"),
    ("themes", "views_for"): ("#views", "Views for"),
    ("themes", "views_against"): ("#views", "Views against"),
    ("milestones", "summary"): ("", "Summary"),
    ("pages", "body"): ("", "Text"),
}
TEXT_ORDER = {place: index for index, place in enumerate(TEXT_PLACES)}
CHAR_FIELD = CharField()
SECTIONS = list(dict.fromkeys(anchor for anchor, _ in TEXT_PLACES.values()))


class CitingText(NamedTuple):
    """One text that may cite the source, as a row of the query."""

    kind: str
    entry: int
    table: str
    column: str
    text: str
    language: str
    issue: str
    issue_slug: str
    country: str
    order: int

    @property
    def government(self) -> str:
        return countries.name(self.country) or self.country

    @property
    def rank(self) -> tuple:
        """Sort key that puts the texts in the order of their entry's page."""
        place = self.table, self.column
        anchor = ISSUE_BLOCK if self.table == "accounts" else TEXT_PLACES[place][0]
        section = SECTIONS.index(anchor)
        return (section, self.issue, TEXT_ORDER[place], self.government, self.order)


@dataclass(frozen=True)
class CitingPassage:
    """A text of an entry, by its label and address, with the statements that rest on the source.

    ``language`` is that of a quotation, and empty for the record's own words.
    """

    label: str
    address: str
    statements: list[CitedSentence]
    language: str = ""


@dataclass
class SupportedEntry:
    """An entry that lists the source; without passages no text of it cites the source."""

    table: str
    pk: int
    title: str
    day: date | None
    slug: str
    passages: list[CitingPassage] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(TABLES_BY_NAME[self.table].model._meta.verbose_name)

    @property
    def address(self) -> str:
        model: Any = TABLES_BY_NAME[self.table].model
        return model(slug=self.slug).get_absolute_url()


def entries_supported_by(source: Source, uses: Iterable[tuple], user=None) -> list[SupportedEntry]:
    """Return the entries of ``uses`` (rows of ``Source.uses``) with the statements they rest on.

    Only texts that ``user`` may read are searched, in one query for all entries.
    """
    entries = [SupportedEntry(*use) for use in uses]
    by_key = {(entry.table, entry.pk): entry for entry in entries}
    ids = defaultdict(list)
    for table, pk in by_key:
        ids[table].append(pk)
    querysets = [
        queryset
        for name in ids
        for queryset in citing_texts(TABLES_BY_NAME[name], ids[name], source, user)
    ]
    rows = querysets[0].union(*querysets[1:], all=True) if querysets else []
    for row in sorted((CitingText(*row) for row in rows), key=lambda row: row.rank):
        entry = by_key[row.kind, row.entry]
        if statements := statements_of(row, source):
            entry.passages.append(passage(entry, row, statements))
    return entries


def statements_of(row: CitingText, source: Source) -> list[CitedSentence]:
    """Return the statements of a text that rest on the source; of a quotation, all of it."""
    if row.language:
        return [CitedSentence(row.text)]
    return list(cited_sentences(row.text, source.slug))


def passage(
    entry: SupportedEntry, row: CitingText, statements: list[CitedSentence]
) -> CitingPassage:
    anchor, label = TEXT_PLACES[row.table, row.column]
    names = {
        "issue": row.issue,
        "issue_slug": row.issue_slug,
        "government": row.government,
        "country": row.country.lower(),
        "order": row.order,
    }
    address = entry.address + anchor.format(**names)
    return CitingPassage(label.format(**names), address, statements, row.language)


def citing_texts(table: Table, ids: list[int], source: Source, user) -> Iterator[Any]:
    """Yield a queryset for each column of texts of the given entries and of their parts."""
    for part in (table, *table.parts):
        model: Any = part.model
        owner = f"{part.owner}_id" if part.owner else "pk"
        rows = model.objects.visible_to(user).filter(**{f"{owner}__in": ids}).order_by()
        rows = rows.annotate(row_kind=Value(table.name, CHAR_FIELD), row_entry=F(owner))
        for column in part.prose_columns:
            citing = rows.filter(**{f"{column}__contains": f"@{source.slug}"})
            yield citing_columns(part, citing, column, Value("", CHAR_FIELD))
        if "quotation" in part.columns:
            quoting = rows.filter(quotation_source=source.pk)
            yield citing_columns(part, quoting, "quotation", F("quotation_language"))


def citing_columns(table: Table, rows, column: str, language) -> Any:
    """Return rows as tuples of ``CitingText``, empty where the table has no such column."""
    nothing = Value("", CHAR_FIELD)
    has_issue = "issue" in table.columns and table.owner != "issue"
    country = (
        ExpressionWrapper(F("government"), CHAR_FIELD) if "government" in table.columns else nothing
    )
    values = {
        "row_table": Value(table.name, CHAR_FIELD),
        "row_column": Value(column, CHAR_FIELD),
        "row_text": F(column),
        "row_language": language,
        "row_issue": F("issue__title") if has_issue else nothing,
        "row_issue_slug": F("issue__slug") if has_issue else nothing,
        "row_country": country,
        "row_order": F("order") if "state" in table.columns else Value(0, IntegerField()),
    }
    return rows.annotate(**values).values_list("row_kind", "row_entry", *values)
