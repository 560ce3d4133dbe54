"""The relation of the accounts of a discussion: found alike by Python and by the database."""

import pytest

from meetings.models import Discussion, Meeting
from meetings.models.relations import code_of, is_code, rank_of, with_relation, words_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.each_database]


@pytest.mark.parametrize(
    ("basis", "agreement", "findings", "words"),
    [
        ("accounts", "agree", {"RU": "stated", "US": "stated"}, "Agree"),
        ("accounts", "partly", {"RU": "stated", "US": "stated"}, "In part"),
        ("accounts", "differ", {"RU": "stated", "US": ""}, "Differ"),
        ("accounts", "", {"RU": "stated", "US": "stated"}, "Not compared"),
        ("accounts", "", {"RU": "stated", "US": "not_mentioned"}, "Russia only"),
        ("accounts", "", {"RU": "no_account", "US": "stated"}, "United States only"),
        ("accounts", "", {"RU": "denied", "US": "stated"}, "Denied by Russia"),
        ("press", "", {"RU": "denied", "US": "not_mentioned"}, "Denied by Russia"),
        ("accounts", "", {"RU": "denied", "US": "denied"}, "Denied by more than one"),
        ("press", "", {"RU": "stated", "US": "not_mentioned"}, "Press only"),
        ("agenda", "", {"RU": "not_mentioned", "US": "stated"}, "Agenda"),
        ("accounts", "", {"RU": "not_mentioned", "US": "no_account"}, "On record"),
        ("", "", {}, "On record"),
        ("accounts", "agree", {"FI": "no_account", "RU": "stated", "US": "stated"}, "Agree"),
    ],
)
def test_relation_is_one_word_that_python_and_the_database_agree_on(
    basis, agreement, findings, words
):
    discussion = make.make_discussion(basis=basis, agreement=agreement)
    for government, finding in findings.items():
        make.make_account(
            meeting=discussion.meeting,
            issue=discussion.issue,
            government=government,
            finding=finding,
            text="Said so." if finding in {"", "stated"} else "",
        )

    read = Meeting.objects.with_record().get().discussions.all()[0]
    found = with_relation(Discussion.objects.all()).get()

    assert words_of(found.relation) == words
    assert code_of(read) == found.relation
    assert is_code(found.relation)


def test_codes_that_no_relation_has_are_known():
    assert not is_code("only-XX")
    assert not is_code("angry")
    assert is_code("denied-RU")
    assert rank_of("agree") < rank_of("only-US") < rank_of("press")
