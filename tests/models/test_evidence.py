"""How well texts are documented: by the best of the sources that they cite."""

import pytest

from meetings.models import Account, Discussion, Reaction
from meetings.models.evidence import (
    count_by_government,
    discussions_by_evidence,
    evidence_of,
    evidence_of_rows,
    weakest,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

SOURCES = {
    "transcript-whole": {"kind": "transcript", "read": "whole"},
    "treaty-part": {"kind": "treaty", "read": "part"},
    "statement-excerpt": {"kind": "official_statement", "read": "excerpt"},
    "law-carried": {"kind": "law", "read": "whole", "origin": "The parliament"},
    "news-whole": {"kind": "news", "read": "whole"},
    "book-excerpt": {"kind": "book", "read": "excerpt"},
    "dataset-unread": {"kind": "dataset", "read": "not_opened"},
    "news-unsaid": {"kind": "news", "read": ""},
}


@pytest.fixture
def sources():
    return {slug: make.make_source(slug=slug, **cells) for slug, cells in SOURCES.items()}


@pytest.mark.parametrize(
    ("cited", "word"),
    [
        (["transcript-whole"], "document"),
        (["treaty-part"], "document"),
        (["statement-excerpt"], "copy"),
        (["law-carried"], "copy"),
        (["news-whole"], "report"),
        (["book-excerpt"], "report"),
        (["dataset-unread"], "unread"),
        (["news-unsaid"], "unread"),
        (["dataset-unread", "news-unsaid"], "unread"),
        (["dataset-unread", "book-excerpt"], "report"),
        (["news-whole", "law-carried"], "copy"),
        (["law-carried", "treaty-part", "dataset-unread"], "document"),
        ([], None),
    ],
)
def test_text_has_the_word_of_its_best_source(sources, cited, word):
    assert evidence_of(sources[slug] for slug in cited) == word


def test_source_of_the_quotation_counts_with_those_that_the_text_cites(sources):
    account = make.make_account(
        text="They met [@news-whole].",
        quotation="We met.",
        quotation_language="en",
        quotation_source=sources["transcript-whole"],
    )
    reaction = make.make_reaction(summary="Said so [@statement-excerpt].")
    make.make_account(text="", finding="no_account")

    assert evidence_of_rows(Account.objects.all()) == {account.pk: "document"}
    assert evidence_of_rows(Reaction.objects.all()) == {reaction.pk: "copy"}


def test_several_texts_are_as_well_documented_as_the_weakest():
    assert weakest(["document", "report", "copy"]) == "report"
    assert weakest(["document", None]) is None
    assert weakest([]) is None


def test_discussions_are_found_by_the_evidence_of_each_of_their_accounts(sources):
    discussion = make.make_discussion()
    pair = {"meeting": discussion.meeting, "issue": discussion.issue}
    make.make_account(**pair, government="RU", text="So [@news-whole].")
    make.make_account(**pair, government="US", text="So [@dataset-unread].")

    found = discussions_by_evidence(Discussion.objects.all(), Account.objects.all())

    assert found == {"report": [discussion.pk], "unread": [discussion.pk]}
    assert count_by_government() == {"RU": {"report": 1}, "US": {"unread": 1}}


def test_evidence_asks_two_queries_for_any_number_of_texts(sources, django_assert_num_queries):
    for _ in range(5):
        make.make_account(text="So [@news-whole; @book-excerpt].")

    with django_assert_num_queries(2):
        assert len(evidence_of_rows(Account.objects.all())) == 5
