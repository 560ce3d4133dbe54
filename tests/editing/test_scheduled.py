"""Scheduled entries that were never public: not withdrawn, redirected to, or kept."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from meetings.editing import acts, errors
from meetings.editing.public_history import were_public
from meetings.editing.revisions import record_loaded
from meetings.importing import undo
from meetings.models import Meeting, Publication, Reaction, Redirect, Revision
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, reaction, write
from tests.writers import written

from .test_withdrawal import KINDS, MAKE, give_status

pytestmark = pytest.mark.django_db

NOT_YET = "It is not public yet. Take it back to draft instead."


def scheduled(model, **values):
    entry = MAKE[model](publish_at=timezone.now() + timedelta(days=30), **values)
    record_loaded()
    return entry


def time_passes(entry):
    """Let everything about an entry, its time of publication too, have been two months ago."""
    shift = timedelta(days=60)
    before = entry.publish_at - shift
    type(entry).objects.filter(pk=entry.pk).update(publish_at=before)
    for revision in Revision.objects.of(entry):
        revision.made_at -= shift
        own = next(iter(revision.snapshot.values()))[0]
        own["publish_at"] = before.astimezone(UTC).isoformat().replace("+00:00", "Z")
        revision.save()
    for period in Publication.objects.filter(object_id=entry.pk).of_model(type(entry)):
        period.since -= shift
        period.until = period.until and period.until - shift
        period.save()


@KINDS
def test_scheduled_entry_is_not_withdrawn_at_the_desk_nor_by_file(tmp_path, model):
    entry = scheduled(model)

    with pytest.raises(errors.Refused, match=NOT_YET):
        acts.withdraw(entry=entry, reason="Too early.")
    outcome = give_status(tmp_path, entry, "withdrawn", "Too early.")

    assert NOT_YET in problem_texts(outcome)[0]
    assert entry.status == model.objects.get(pk=entry.pk).status == "published"


@KINDS
def test_entry_whose_time_has_passed_is_withdrawn_and_never_deleted(client, model):
    entry = scheduled(model)
    time_passes(entry)

    with pytest.raises(errors.Refused, match="It was public"):
        acts.delete(entry=entry)
    acts.withdraw(entry=entry, reason="A forgery.")

    assert client.get(entry.get_absolute_url()).status_code == 410


@KINDS
def test_entry_withdrawn_before_its_time_stays_unknown_and_can_be_deleted(client, model):
    entry = scheduled(model)
    model.objects.update(status="withdrawn")
    record_loaded()
    time_passes(entry)
    address = entry.get_absolute_url()
    Redirect.objects.create(old_path="/meetings/old/", new_path=address)

    paths = (address, f"{address.removesuffix('/')}.json", "/meetings/old/")
    assert {client.get(path).status_code for path in paths} == {404}
    acts.delete(entry=entry)
    assert not model.objects.filter(pk=entry.pk).exists()


@KINDS
def test_scheduled_entry_is_deleted_as_a_draft_is_even_when_its_time_has_passed(model):
    entry, draft = scheduled(model), scheduled(model)
    acts.back_to_draft(entry=draft)
    time_passes(draft)

    acts.delete(entry=entry)
    acts.delete(entry=draft)

    assert not model.objects.filter(pk__in=[entry.pk, draft.pk]).exists()


def test_what_was_public_and_is_put_off_is_withdrawn():
    meeting = make.make_meeting()
    record_loaded()
    meeting.publish_at = timezone.now() + timedelta(days=30)
    acts.save(entry=meeting, after=written(meeting, meeting.save), note="Put off.")

    acts.withdraw(entry=meeting, reason="A forgery.")

    assert were_public(Meeting, [meeting.pk]) == {meeting.pk}


@KINDS
@pytest.mark.parametrize("is_public", [False, True])
def test_changed_address_leads_on_only_if_it_was_public(model, is_public):
    entry = MAKE[model]() if is_public else scheduled(model)
    entry.slug = "new-address"

    acts.save(entry=entry, after=written(entry, entry.save), note="Address.")

    assert Redirect.objects.exists() == is_public


def test_address_of_a_draft_published_with_another_one_leads_nowhere():
    meeting = make.make_meeting(status="draft", slug="one")
    meeting.slug = "two"

    acts.publish(entry=meeting, after=written(meeting, meeting.save))

    assert not Redirect.objects.exists()


@pytest.mark.parametrize("is_due", [False, True])
def test_undo_deletes_the_scheduled_and_withdraws_what_came_due(tmp_path, is_due):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    record_loaded()
    time = (timezone.now() + timedelta(days=30)).astimezone(UTC).isoformat()
    outcome = import_file(write(tmp_path, "reactions", reaction(publish_at=time)))
    entry = Reaction.objects.get()
    if is_due:
        time_passes(entry)

    undone = undo.undo_import(imported=outcome.imported, note="Wrong file.")

    assert not undo.kept_rows(undone).exists()
    left = list(Reaction.objects.values_list("status", flat=True))
    assert left == (["withdrawn"] if is_due else [])


def test_act_asks_the_stored_status_not_that_of_an_object_read_before():
    meeting = make.make_meeting()
    former = Meeting.objects.get()
    acts.back_to_draft(entry=meeting)

    with pytest.raises(errors.Refused, match="Only a published entry"):
        acts.withdraw(entry=former, reason="Wrong.")

    assert Meeting.objects.get().status == "draft"


def test_refused_act_leaves_the_object_its_status():
    meeting = make.make_meeting(status="draft", sources=[])

    with pytest.raises(errors.Refused, match="no source"):
        acts.publish(entry=meeting)

    assert meeting.status == "draft"
