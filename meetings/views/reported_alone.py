"""The sentence that answers the filters of the accounts compared: who alone reported an issue."""

from collections import Counter, defaultdict
from collections.abc import Collection

from django.db.models import Case, Count, Exists, OuterRef, Value, When
from django_countries import countries

from ..models import Account, Meeting
from ..models.relations import COMPARABLE, DENIED, ONLY
from ..text.countries import name_with_article

MOST_GOVERNMENTS = 4
NOUNS = (("meeting", "at"), ("call", "in"))


def count_accounts(discussions) -> dict[str, int]:
    """Return the numbers of accounts of public discussions by government."""
    theirs = discussions.order_by().filter(meeting=OuterRef("meeting"), issue=OuterRef("issue"))
    accounts = Account.objects.filter(Exists(theirs)).order_by()
    return dict(accounts.values_list("government").annotate(Count("pk")))


def reported_alone(discussions, governments: Collection[str], issues: list[str]) -> str:
    """Return how often each government alone reported an issue, and how often several did.

    ``governments`` are those that gave accounts, ``issues`` the titles that the list is filtered
    by. What another government denies was reported alone too, and the sentence says so. Empty
    with fewer than two governments, or with many.
    """
    if not 1 < len(governments) <= MOST_GOVERNMENTS:
        return ""
    alone, denied, together = count_reports(discussions)
    what, in_words, none = "an issue", times_at_each, "never"
    if len(issues) == 1:
        what, in_words, none = f"“{issues[0]}”", meetings_and_calls, "at none"
    parts: list[str] = []
    for code in sorted(governments, key=countries.name):
        verb = "alone" if parts else f"alone reported {what}"
        part = f"{name_with_article(code)} {verb} {in_words(alone[code]) or none}"
        if denial := in_words(denied[code]):
            part += f" (of these, another government denied it {denial})"
        parts.append(part)
    several = "both" if len(governments) == 2 else "more than one"
    sentence = "; ".join([*parts, f"{several} {in_words(together) or none}"])
    return f"{sentence[0].upper()}{sentence[1:]}."


def count_reports(discussions) -> tuple[dict[str, Counter], dict[str, Counter], Counter]:
    """Return the numbers of reports at meetings and in calls, in one query.

    The first are by one government alone, the second those of them that another denied, both by
    government; the third are by several.
    """
    kind = Case(
        When(meeting__format=Meeting.Format.CALL, then=Value("call")), default=Value("meeting")
    )
    columns = ("relation", "stated_times", "stated_first", "kind")
    rows = discussions.order_by().annotate(kind=kind).values_list(*columns)
    alone: dict[str, Counter] = defaultdict(Counter)
    denied: dict[str, Counter] = defaultdict(Counter)
    together: Counter = Counter()
    for relation, stated, first, of_kind, number in rows.annotate(Count("pk")):
        name = relation.partition("-")[0]
        if name in COMPARABLE:
            together[of_kind] += number
        elif name == ONLY or (name == DENIED and stated == 1):
            alone[first][of_kind] += number
            denied[first][of_kind] += number if name == DENIED else 0
    return alone, denied, together


def meetings_and_calls(counts: Counter) -> str:
    """Return how often one issue was reported: "at 2 meetings and in 1 call"."""
    return " and ".join(
        f"{preposition} {number} {noun}{'' if number == 1 else 's'}"
        for noun, preposition in NOUNS
        if (number := counts[noun])
    )


def times_at_each(counts: Counter) -> str:
    """Return how often issues were reported: "3 times at meetings and once in calls"."""
    return " and ".join(
        f"{'once' if number == 1 else f'{number} times'} {preposition} {noun}s"
        for noun, preposition in NOUNS
        if (number := counts[noun])
    )
