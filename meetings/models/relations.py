"""The relation of the accounts of a discussion: who reports the issue, and whether they agree.

``code_of`` reads it off a discussion whose accounts were fetched, ``with_relation`` lets the
database find it for lists; a test compares the two.
"""

from django.db.models import Case, CharField, Count, F, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django_countries import countries

from .discussions import Account, Agreement, Basis, Discussion, Finding

NOT_COMPARED = "not_compared"
# More than one account states the issue, and none denies it.
COMPARABLE = {*Agreement.values, NOT_COMPARED}
ONLY, DENIED = "only", "denied"
# In the order in which lists offer them.
LABELS = {
    "agree": "Agree",
    "partly": "In part",
    "differ": "Differ",
    NOT_COMPARED: "Not compared",
    ONLY: "{country} only",
    DENIED: "Denied by {country}",
    "press": "Press only",
    "agenda": "Agenda",
    "record": "On record",
}
STATED = Q(finding=Finding.STATED) | Q(finding="") & ~Q(text="")


def code_of(discussion: Discussion) -> str:
    """Return the relation as a code: agree, only-RU, denied-RU, press …

    What one government denies is never called agreed, whatever the others state.
    """
    denied, stated = discussion.denied_by, discussion.stated_by
    if denied:
        return f"{DENIED}-{denied[0].code}" if len(denied) == 1 else DENIED
    if discussion.basis in {Basis.PRESS, Basis.AGENDA}:
        return discussion.basis
    if len(stated) < 2:
        return f"{ONLY}-{stated[0].code}" if stated else "record"
    return discussion.agreement or NOT_COMPARED


def words_of(code: str, denied_by=()) -> str:
    """Return the words for a relation's code: "Denied by Russia".

    The code of several denials names no country: ``denied_by`` does.
    """
    relation, _, country = code.partition("-")
    names = [countries.name(country) or country] if country else [str(c.name) for c in denied_by]
    return LABELS[relation].format(country=" and ".join(names) or "more than one")


def rank_of(code: str) -> int:
    """Return the place of a relation's code among those that a list offers."""
    return list(LABELS).index(code.partition("-")[0])


def is_code(code: str) -> bool:
    """Return whether a text can be the code of a relation."""
    relation, _, country = code.partition("-")
    return relation in LABELS and (not country or country in countries)


def with_relation(discussions):
    """Annotate ``relation``, the code of each discussion's relation, and what it is made of.

    ``stated_times`` is how many governments state the issue, ``stated_first`` the first by code;
    None for none. ``denied_times`` and ``denied_first`` are the same of denials.
    """
    accounts = Account.objects.filter(meeting=OuterRef("meeting"), issue=OuterRef("issue"))
    accounts = accounts.order_by().values("meeting")
    stated, denied = accounts.filter(STATED), accounts.filter(finding=Finding.DENIED)
    first = Min("government", output_field=CharField())
    found = {
        "stated_times": stated.annotate(found=Count("pk")),
        "stated_first": stated.annotate(found=first),
        "denied_times": denied.annotate(found=Count("pk")),
        "denied_first": denied.annotate(found=first),
    }
    rows = discussions.annotate(**{name: Subquery(q.values("found")) for name, q in found.items()})
    return rows.annotate(
        relation=Case(
            When(denied_times=1, then=Concat(Value(f"{DENIED}-"), "denied_first")),
            When(denied_times__gt=1, then=Value(DENIED)),
            When(basis__in=[Basis.PRESS, Basis.AGENDA], then=F("basis")),
            When(stated_times=None, then=Value("record")),
            When(stated_times=1, then=Concat(Value(f"{ONLY}-"), "stated_first")),
            When(agreement="", then=Value(NOT_COMPARED)),
            default=F("agreement"),
            output_field=CharField(),
        )
    )
