"""Constraints of the models, in the database and in validation."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, UniqueConstraint

from meetings.models import Account, Actor, Meeting, Place, Reaction, Source
from meetings.tables.registry import TABLES
from tests import factories as make

pytestmark = pytest.mark.django_db

BROKEN = [
    (make.make_meeting, {"ends_on": date(2018, 7, 15)}, "same as or after the first day"),
    (make.make_meeting, {"duration_minutes": 0}, "more than 0"),
    (make.make_meeting, {"format": "party"}, "Choose one of"),
    (make.make_meeting, {"event_status": "possible"}, "Choose one of"),
    (make.make_meeting, {"slug": "Helsinki"}, "small letters"),
    (make.make_meeting, {"slug": "a--b"}, "small letters"),
    (make.make_meeting, {"slug": "a_b"}, "small letters"),
    (make.make_place, {"latitude": "10"}, "together"),
    (make.make_place, {"latitude": "90.1", "longitude": "0"}, "together"),
    (make.make_place, {"latitude": "0", "longitude": "-180.5"}, "together"),
    (make.make_place, {"country": "F"}, "two capitals"),
    (make.make_actor, {"kind": "robot"}, "Choose one of"),
    (make.make_reaction, {"stance": "angry"}, "Choose one of"),
    (make.make_reaction, {"capacity": "king"}, "Choose one of"),
    (make.make_reaction, {"quotation": "Words"}, "its source and its language"),
    (make.make_outcome, {"state": "done"}, "Choose one of"),
    (make.make_discussion, {"basis": "rumour"}, "Choose one of"),
    (make.make_account, {"finding": "maybe"}, "Choose one of"),
    (make.make_account, {"government": ""}, "two capitals"),
    (make.make_milestone, {"kind": "war"}, "Choose one of"),
]


@pytest.mark.parametrize(("factory", "values", "message"), BROKEN)
def test_database_refuses_what_breaks_a_rule(factory, values, message):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(**values)


@pytest.mark.parametrize(("factory", "values", "message"), BROKEN)
def test_validation_says_what_to_do(factory, values, message):
    row = factory()
    for name, value in values.items():
        setattr(row, name, value)

    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()

    assert message in " ".join(refusal.value.messages)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_constraints_are_named_and_worded_for_editors(table):
    for constraint in table.model._meta.constraints:
        assert isinstance(constraint, CheckConstraint | UniqueConstraint)
        assert constraint.violation_error_message != constraint.default_violation_error_message


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_keys_are_unique_in_the_database(table):
    unique = [tuple(c.fields) for c in table.model._meta.constraints if hasattr(c, "fields")]
    fields = [(f.name,) for f in table.model._meta.fields if f.unique]

    assert table.key in unique + fields


def test_source_address_is_listed_once():
    make.make_source(url="https://example.org/a")

    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_source(url="https://example.org/a")
    make.make_source(url="")
    make.make_source(url="")


@pytest.mark.parametrize("slug", ["by-meeting", "history"])
def test_slugs_that_are_addresses_are_refused(slug):
    meeting = make.make_meeting()
    meeting.slug = slug

    with pytest.raises(ValidationError, match="is an address of this site"):
        meeting.full_clean()


def test_quotation_holds_at_most_fifty_words():
    reaction = make.make_reaction(
        quotation="word " * 50, quotation_language="en", quotation_source=make.make_source()
    )
    reaction.full_clean()
    reaction.quotation += " more"

    with pytest.raises(ValidationError, match="at most 50 words"):
        reaction.full_clean()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  a\r\nb\rc  ", "a\nb\nc"),
        ("e\u0301", "é"),
        ("\u200b\u00a0", ""),
        ("a\u200bb", "a\u200bb"),
    ],
)
def test_text_is_stored_normal(typed, stored):
    meeting = make.make_meeting(body=typed)

    assert Meeting.objects.get(pk=meeting.pk).body == stored


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x85", "\ufffe", "\U0001ffff", "\ud800"])
def test_characters_that_text_cannot_hold_are_named(char):
    actor = Actor(slug="a", name=f"A{char}B", kind="person")

    with pytest.raises(ValidationError, match=r"Remove the character U\+"):
        actor.full_clean()


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (Source, "url", "ftp://example.org/"),
        (Source, "url", "example.org"),
        (Source, "language", "English"),
        (Actor, "wikidata", "42"),
        (Reaction, "quotation_language", "e"),
    ],
)
def test_form_of_a_value_is_checked(model, field, value):
    with pytest.raises(ValidationError) as refusal:
        model(**{field: value}).clean_fields()

    assert field in refusal.value.message_dict


def test_references_in_use_are_protected():
    meeting = make.make_meeting(sources=[source := make.make_source()])

    for row in (meeting.place, source):
        with pytest.raises(IntegrityError):
            row.delete()
    with pytest.raises(IntegrityError):
        Source.objects.filter(pk=source.pk).delete()
    assert Place.objects.filter(pk=meeting.place_id).exists()


def test_account_is_stated_where_it_has_text_or_says_so():
    findings = [("stated", ""), ("", "Said."), ("not_mentioned", ""), ("no_account", ""), ("", "")]

    stated = [Account(finding=finding, text=text).is_stated for finding, text in findings]

    assert stated == [True, True, False, False, False]
