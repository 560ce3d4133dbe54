"""The accounts compared: every issue at every meeting or call, the governments side by side."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from ..editing.changed_since import changed_since, last_changes
from ..exporting.bibliography.notes import Notes
from ..exporting.downloads import in_utc
from ..exporting.responses import csv_file, json_list, xlsx_file
from ..lists.filters import DiscussionFilter
from ..models import Account, Discussion, Issue, Meeting
from ..models.evidence import evidence_of_texts
from ..models.relations import rank_of, with_relation, words_of
from ..tables.cells import CellKind
from ..tables.registry import ADDED_COLUMNS
from ..tables.rows import id_batches
from ..tables.xlsx import Column, Sheet
from .comparison import compare
from .data import ListData
from .lists import RecordList
from .paging import picture_addresses
from .pictures.charts import Picture
from .pictures.relations import relations_by_issue
from .reported_alone import count_accounts, reported_alone

LINE_COLUMNS = (
    "meeting",
    "starts_on",
    "format",
    "event_status",
    "issue",
    "government",
    "finding",
    "relation",
    "agreement",
    "basis",
    "evidence",
    "text",
    "quotation",
    "quotation_language",
    "quotation_source",
    "translation",
    *ADDED_COLUMNS,
)

KINDS = {"starts_on": CellKind.DATE, "revision": CellKind.NUMBER}


class AccountList(RecordList):
    model = Discussion
    filterset_class = DiscussionFilter
    template_name = "meetings/account_list.html"
    what = "comparisons"
    has_feed = False
    paginate_by = 15
    sorts = {
        "date": (
            "oldest first",
            ("meeting__starts_on", "meeting__slug", "issue__title", "issue__slug"),
        ),
        "-date": (
            "newest first",
            ("-meeting__starts_on", "-meeting__slug", "issue__title", "issue__slug"),
        ),
        "issue": (
            "by issue",
            ("issue__title", "issue__slug", "meeting__starts_on", "meeting__slug"),
        ),
    }

    def get_queryset(self):
        return with_relation(Discussion.objects.published().filter(Exists(accounts_of_each())))

    def with_line_data(self, rows):
        return rows.with_meetings()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        discussions = context["page_obj"].object_list
        accounts = [account for discussion in discussions for account in discussion.accounts]
        notes = Notes(account.text for account in accounts)
        found = context["filter"].qs
        accounts_of = count_accounts(found)
        issues = [*context["filter"].chosen.get("issue", {}).values()]
        if context["page_obj"].number == 1 and context["total"]:
            path = f"{self.request.path}relations/"
            files = picture_addresses(path, self.chosen(context["filter"]))
            context |= {
                "picture": relation_picture(context["filter"].relations),
                "picture_files": files,
            }
        return context | {
            "accounts": sum(accounts_of.values()),
            "comparisons": [compare(discussion, notes.sources) for discussion in discussions],
            "notes": notes,
            "answer": reported_alone(found, accounts_of, issues),
        }


class AccountListData(ListData):
    """The list as data: one line for each account of a discussion, by meeting and issue.

    An account is part of its meeting, whose revision it has; it changed when that or its issue did.
    """

    page = AccountList

    def changed_since(self, model):
        changed = {
            f"{joined._meta.model_name}__in": joined.objects.filter(
                changed_since(joined, self.since)
            ).order_by()
            for joined in (Meeting, Issue)
        }
        return Q(**changed, _connector=Q.OR)

    def data(self, view):
        keys = self.rows(view).values_list("pk", "relation")
        batches = (account_lines(dict(batch)) for batch in id_batches(keys))
        if self.ending == "json":
            return json_list(batches, **self.left(Meeting, Issue))
        cells = (
            [["" if value is None else str(value) for value in line.values()] for line in lines]
            for lines in batches
        )
        if self.ending == "xlsx":
            columns = [Column(name, KINDS.get(name, CellKind.TEXT)) for name in LINE_COLUMNS]
            return xlsx_file(Sheet("accounts-compared", columns, cells), 2 * keys.count())
        return csv_file("accounts-compared", LINE_COLUMNS, cells)


def relation_picture(counted: Iterable[tuple[int, str, int]]) -> Picture:
    """Return the picture of the numbers of discussions by issue and relation."""
    counts: dict[int, Counter] = defaultdict(Counter)
    codes = set()
    for issue, code, number in counted:
        counts[issue][words_of(code)] += number
        codes.add(code)
    rows = [(issue, counts[issue.pk]) for issue in Issue.objects.filter(pk__in=counts)]
    return relations_by_issue(rows, map(words_of, sorted(codes, key=lambda c: (rank_of(c), c))))


def accounts_of_each():
    """Return the accounts of the outer query's discussion."""
    return Account.objects.filter(meeting=OuterRef("meeting"), issue=OuterRef("issue"))


def account_lines(relations: dict[int, str]) -> list[dict[str, Any]]:
    """Return a line for each account of some discussions, whose relations are given by id."""
    found = Discussion.objects.select_related("meeting", "issue").in_bulk(relations)
    discussions = {(row.meeting_id, row.issue_id): row for row in found.values()}
    accounts = Account.objects.filter(
        meeting__in_array={meeting for meeting, _ in discussions}
    ).with_quotations()
    of_each: dict[int, list[Account]] = defaultdict(list)
    for account in accounts.order_by("government"):
        if discussion := discussions.get((account.meeting_id, account.issue_id)):
            of_each[discussion.pk].append(account)
    evidence = evidence_of_texts(
        (account.pk, account.text, quoted.slug if (quoted := account.quotation_source) else "")
        for theirs in of_each.values()
        for account in theirs
    )
    versions = versions_of(found.values())
    return [
        account_line(found[pk], account, relation, evidence.get(account.pk)) | versions[pk]
        for pk, relation in relations.items()
        if pk in found
        for account in of_each[pk]
    ]


def versions_of(discussions: Collection[Discussion]) -> dict[int, dict[str, Any]]:
    """Return revision and last change of discussions, by id, as ``AccountListData`` has them."""
    meetings, issues = (
        last_changes(
            joined, [*{getattr(row, f"{joined._meta.model_name}_id") for row in discussions}]
        )
        for joined in (Meeting, Issue)
    )
    found = {}
    for row in discussions:
        number, changed = meetings[row.meeting_id]
        times = [time for time in (changed, issues[row.issue_id][1]) if time]
        found[row.pk] = {"revision": number, "changed": in_utc(max(times, default=None)) or None}
    return found


def account_line(discussion, account, relation, evidence) -> dict[str, Any]:
    meeting, source = discussion.meeting, account.quotation_source
    values = {
        "meeting": meeting.slug,
        "starts_on": meeting.starts_on.isoformat(),
        "format": meeting.format,
        "event_status": meeting.event_status,
        "issue": discussion.issue.slug,
        "government": account.government.code,
        "finding": account.finding,
        "relation": relation,
        "agreement": discussion.agreement,
        "basis": discussion.basis,
        "evidence": evidence and evidence.value,
        "text": account.text,
        "quotation": account.quotation,
        "quotation_language": account.quotation_language,
        "quotation_source": source and source.slug,
        "translation": account.translation,
        "address": settings.SITE_URL + discussion.get_absolute_url(),
    }
    return {name: value or None for name, value in values.items()}
