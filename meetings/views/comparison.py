"""The accounts of one discussion side by side: the exact words, what they rest on, the relation."""

from collections.abc import Mapping
from dataclasses import dataclass

from django_countries.fields import Country

from ..models import Account, Discussion, Source
from ..models.evidence import Evidence, evidence_of_row, weakest
from ..models.relations import code_of, words_of

GLANCE_WORDS = 12


@dataclass(frozen=True)
class Side:
    """One government's account of the issue, or None, and what its text rests on."""

    government: Country
    account: Account | None
    evidence: Evidence | None

    @property
    def first_words(self) -> str:
        """The first twelve words of the quotation, cut at a word; empty without one."""
        words = self.account.quotation.split() if self.account else []
        if len(words) <= GLANCE_WORDS:
            return " ".join(words)
        return " ".join(words[:GLANCE_WORDS]).rstrip(".,;:–") + "…"

    @property
    def finding(self) -> str:
        """The finding as a word: "Not mentioned"."""
        if self.account is None:
            return "Not recorded"
        if self.account.is_stated:
            return str(Account.Finding.STATED.label)
        return self.account.get_finding_display() or "Not recorded"


@dataclass(frozen=True)
class Comparison:
    """A discussion with the relation of its accounts and a side for each government."""

    discussion: Discussion
    relation: str
    sides: list[Side]

    @property
    def words(self) -> str:
        """The relation in words: "Denied by Russia"."""
        return words_of(self.relation, self.discussion.denied_by)

    @property
    def sign(self) -> str:
        """The kind of relation, as the suffix of a CSS class: agree, only, denied …"""
        return self.relation.partition("-")[0]

    @property
    def evidence(self) -> Evidence | None:
        """The weakest evidence of the accounts that state something or deny it."""
        return weakest(
            side.evidence
            for side in self.sides
            if side.account and (side.account.is_stated or side.account.is_denied)
        )


def compare(discussion: Discussion, sources: Mapping[str, Source]) -> Comparison:
    """Return a discussion's accounts side by side; ``sources`` are those they cite, by slug."""
    sides = [
        Side(government, account, evidence_of_row(account, sources) if account else None)
        for government, account in discussion.accounts_by_government
    ]
    return Comparison(discussion, code_of(discussion), sides)
