"""Evidence: how well a text is documented, by the best of the sources that it cites.

Derived each time from the sources as they are now, and stored nowhere.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from ..text.markdown import cited_slugs
from .discussions import Account, Discussion
from .meeting_parts import Outcome
from .public_state import cached_until_change
from .reactions import Reaction
from .sources import Read, Source

# The column with the text of each kind of statement that is documented.
STATEMENT_COLUMNS: dict[type[models.Model], str] = {
    Account: "text",
    Outcome: "text",
    Reaction: "summary",
}


class Evidence(models.TextChoices):
    """What a text rests on, the best first."""

    DOCUMENT = "document", "Document"
    COPY = "copy", "Copy"
    REPORT = "report", "Report"
    UNREAD = "unread", "Unread"

    @property
    def definition(self) -> str:
        """What a text with this evidence rests on."""
        return DEFINITIONS[self]


DEFINITIONS = {
    Evidence.DOCUMENT: "a primary source (a transcript, an official statement, an intelligence"
    " report, a treaty, a law or a dataset), read whole or in part where it was first published",
    Evidence.COPY: "a primary source, seen in an excerpt or as another publisher carries it",
    Evidence.REPORT: "a report of others, of which at least an excerpt was read",
    Evidence.UNREAD: "only sources of which nothing was opened; what they say is known from others",
}
RANKS = {evidence: rank for rank, evidence in enumerate(Evidence)}


def evidence_of_source(source: Source) -> Evidence:
    """Return what a text rests on that cites this source alone."""
    if source.is_unopened:
        return Evidence.UNREAD
    if not source.is_primary:
        return Evidence.REPORT
    is_read = source.read in {Read.WHOLE, Read.PART}
    return Evidence.DOCUMENT if is_read and not source.origin else Evidence.COPY


def evidence_of(sources: Iterable[Source]) -> Evidence | None:
    """Return the evidence of a text that cites these sources; None for a text without any."""
    return min(map(evidence_of_source, sources), key=RANKS.__getitem__, default=None)


def evidence_of_row(row: Any, sources: Mapping[str, Source]) -> Evidence | None:
    """Return the evidence of an account, an outcome or a reaction.

    ``sources`` are by slug, all that the text cites among them. The source of a quotation is read
    from the row.
    """
    slugs = cited_slugs(getattr(row, STATEMENT_COLUMNS[type(row)]))
    quoted = getattr(row, "quotation_source", None)
    cited = [sources[slug] for slug in slugs if slug in sources]
    return evidence_of([*cited, quoted] if quoted else cited)


def weakest(found: Iterable[Evidence | None]) -> Evidence | None:
    """Return the weakest of the evidence of several texts; None where one has none."""
    words = list(found)
    known = [word for word in words if word]
    return max(known, key=RANKS.__getitem__) if known and known == words else None


def evidence_of_texts(
    texts: Iterable[tuple[Any, str, str | None]], sources: Mapping[str, Source] | None = None
) -> dict[Any, Evidence]:
    """Return the evidence of texts by key; those without a source are left out.

    ``texts`` are the key, the text, and the slug of the source of its quotation, or nothing.
    ``sources`` are by slug, all that they cite among them; without them one query finds those.
    """
    cited = {key: {*cited_slugs(text), *filter(None, [quoted])} for key, text, quoted in texts}
    if sources is None:
        slugs = {slug for found in cited.values() for slug in found}
        columns = Source.objects.only("slug", "kind", "read", "origin")
        sources = {source.slug: source for source in columns.filter(slug__in_array=slugs)}
    found = {
        key: evidence_of(sources[slug] for slug in slugs if slug in sources)
        for key, slugs in cited.items()
    }
    return {key: evidence for key, evidence in found.items() if evidence}


def evidence_of_rows(rows: models.QuerySet) -> dict[int, Evidence]:
    """Return the evidence of accounts, outcomes or reactions by id, in two queries."""
    column = STATEMENT_COLUMNS[rows.model]
    quoted = models.F("quotation_source__slug") if rows.model is not Outcome else models.Value("")
    return evidence_of_texts(
        rows.order_by().annotate(quoted_slug=quoted).values_list("pk", column, "quoted_slug")
    )


def discussions_by_evidence(discussions, accounts) -> dict[Evidence, list[int]]:
    """Return the ids of the discussions of which one of the accounts has each evidence."""
    columns = ("meeting", "issue", "government", "text", "quotation_source__slug")
    rows = accounts.order_by().values_list(*columns)
    found = evidence_of_texts((tuple(key), text, quoted) for *key, text, quoted in rows)
    pairs = discussions.order_by().values_list("meeting", "issue", "pk")
    ids = {(meeting, issue): pk for meeting, issue, pk in pairs}
    by_evidence: dict[Evidence, set[int]] = defaultdict(set)
    for (meeting, issue, _), evidence in found.items():
        if (meeting, issue) in ids:
            by_evidence[evidence].add(ids[meeting, issue])
    return {evidence: sorted(pks) for evidence, pks in by_evidence.items()}


def public_discussions_by_evidence() -> dict[Evidence, list[int]]:
    """Return the ids of the public discussions with a public account of each evidence."""
    return cached_until_change(
        lambda: discussions_by_evidence(
            Discussion.objects.published(), Account.objects.published()
        ),
        "discussions by evidence",
    )


def count_by_reading() -> list[tuple[str, int]]:
    """Return how far the public sources were read, in words, each with how many were."""
    rows = Source.objects.published().order_by().values_list("read")
    counts: Counter = Counter()
    for read, number in rows.annotate(models.Count("pk")):
        counts[read or Read.NOT_OPENED] += number
    return [(str(read.label).lower(), counts[read]) for read in Read]


def count_by_government() -> dict[str, Counter]:
    """Return the numbers of public accounts by government and evidence."""
    accounts = Account.objects.published()
    governments = dict(accounts.order_by().values_list("pk", "government"))
    found: dict[str, Counter] = defaultdict(Counter)
    for pk, evidence in evidence_of_rows(accounts).items():
        found[governments[pk]][evidence] += 1
    return found
