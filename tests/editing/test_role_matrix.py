"""The matrix of rights: role × act × kind, by every road, on one record for each kind.

Each act names the rights that it asks. A role may do it exactly if it has all of them. The gate
tries all acts on one kind of entry and one of reference, and the commonest on the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from meetings.editing import acts, proposals
from meetings.editing.changes import with_cells
from meetings.editing.errors import Refused
from meetings.editing.permissions import ADDRESS_WAS_PUBLIC
from meetings.editing.revisions import record_loaded
from meetings.editing.snapshots import snapshot, with_slug
from meetings.importing import restore, undo
from meetings.models import Actor, Milestone, Place, Redirect, Source
from meetings.tables.registry import TABLES_BY_MODEL
from tests import factories as make
from tests.importing.helpers import import_file, rolled_back, write

from .test_withdrawal import MAKE as ENTRIES

# Rights are Python over the few questions that test_public_use asks of both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

REFERENCES = {Actor: make.make_actor, Place: make.make_place, Source: make.make_source}
FUTURE = datetime(2099, 1, 1, tzinfo=UTC)
NAMES = {"reactions": "attribution", "actors": "name", "places": "city"}
WRITES = {"add", "change", "delete"}
ROLES = {
    "nobody": set(),
    "writer": WRITES,
    "editor": WRITES | {"publish", "import_record", "undo_import"},
    "administrator": WRITES | {"publish", "import_record", "undo_import"},
}
ALL_RIGHTS = ROLES["editor"]


@dataclass
class Act:
    """An act on the row in a state, and the rights that it asks."""

    state: str
    perform: Callable
    rights: set[str]


def renamed(row, slug):
    return with_slug(TABLES_BY_MODEL[type(row)], snapshot(row), slug)


def reworded(row, word="Otherwise"):
    table = TABLES_BY_MODEL[type(row)]
    return with_cells(table, snapshot(row), **{NAMES.get(table.name, "title"): word})


def save(row, user, folder):
    acts.save(entry=row, after=reworded(row), user=user, note="Why.")


def rename(row, user, folder):
    acts.save(entry=row, after=renamed(row, "elsewhere"), user=user, note="Why.")


def add(row, user, folder):
    new = with_slug(TABLES_BY_MODEL[type(row)], reworded(row), "brand-new")
    acts.save(entry=type(row)(slug="brand-new"), after=new, user=user, note="Why.")


def delete(row, user, folder):
    acts.delete(entry=row, user=user)


def submit(row, user, folder):
    acts.submit(entry=row, user=user)


def publish(row, user, folder):
    acts.publish(entry=row, user=user, note="Why.")


def schedule(row, user, folder):
    after = with_cells(TABLES_BY_MODEL[type(row)], snapshot(row), publish_at="2099-01-01T00:00:00Z")
    acts.publish(entry=row, after=after, user=user, note="Why.")


def withdraw(row, user, folder):
    acts.withdraw(entry=row, user=user, reason="Why.")


def take_back(row, user, folder):
    acts.back_to_draft(entry=row, user=user, note="Why.")


def restore_first(row, user, folder):
    acts.save(entry=row, after=reworded(row), note="Before.")
    plan = restore.plan_restore(entry=row, number=1, user=user)
    if plan.state == "wrong":
        raise Refused([problem for line in plan.rows.all() for _, _, problem, _ in line.problems])
    restore.apply_restore(planned=plan, user=user, note="Why.")


def apply_old_plan(row, user, folder):
    """Carry out a plan that was made while the user might."""
    acts.save(entry=row, after=reworded(row), note="Before.")
    plan = restore.plan_restore(entry=row, number=1)
    plan.made_by = user
    plan.save()
    restore.apply_restore(planned=plan, user=user, note="Why.")


def prepare(row, user, folder):
    after, seen = reworded(row), row.revision
    proposals.save_proposal(entry=row, after=after, user=user, seen=0, seen_revision=seen)


def publish_prepared(row, user, folder):
    prepare(row, None, folder)
    seen = {"seen": 1, "seen_revision": row.revision}
    proposals.publish_proposal(entry=row, user=user, note="Why.", **seen)


def send_back(row, user, folder):
    prepare(row, None, folder)
    proposals.send_back(entry=row, user=user, seen=1, message="Why.")


def file_of(row, folder, **cells):
    table = TABLES_BY_MODEL[type(row)]
    return write(folder, table.name, reworded(row)[table.name][0] | cells)


def bring_in(row, user, folder, **cells):
    outcome = import_file(file_of(row, folder, **cells), user=user)
    if outcome.problems:
        raise Refused([problem.problem for problem in outcome.problems])


def publish_by_file(row, user, folder):
    bring_in(row, user, folder, status="published")


def undo_file(row, user, folder):
    imported = import_file(file_of(row, folder)).imported
    undone = undo.undo_import(imported=imported, user=user, note="Why.")
    if kept := undo.kept_rows(undone).first():
        raise Refused([kept.problems[0][2]])


CHANGE, PUBLIC = {"change"}, {"change", "publish"}
ACTS_ON_ENTRIES = {
    "add a draft": Act("draft", add, {"add"}),
    "add in public": Act("published", add, {"add", "publish"}),
    "change a draft": Act("draft", save, CHANGE),
    "change in review": Act("review", save, CHANGE),
    "change what was taken back": Act("taken back", save, CHANGE),
    "correct": Act("published", save, PUBLIC),
    "change what is scheduled": Act("scheduled", save, PUBLIC),
    "change what is withdrawn": Act("withdrawn", save, PUBLIC),
    "rename a draft": Act("draft", rename, CHANGE),
    "rename in public": Act("published", rename, PUBLIC),
    "rename what was taken back": Act("taken back", rename, PUBLIC),
    "send to review": Act("draft", submit, CHANGE),
    "send back": Act("review", take_back, CHANGE),
    "publish a draft": Act("draft", publish, PUBLIC),
    "publish what was reviewed": Act("review", publish, PUBLIC),
    "schedule": Act("draft", schedule, PUBLIC),
    "withdraw": Act("published", withdraw, PUBLIC),
    "take back": Act("published", take_back, PUBLIC),
    "take a schedule back": Act("scheduled", take_back, PUBLIC),
    "bring back": Act("withdrawn", publish, PUBLIC),
    "delete a draft": Act("draft", delete, {"delete"}),
    "restore a draft": Act("draft", restore_first, CHANGE),
    "restore in public": Act("published", restore_first, PUBLIC),
    "apply an old plan in public": Act("published", apply_old_plan, PUBLIC),
    "prepare a change": Act("published", prepare, CHANGE),
    "publish what was prepared": Act("published", publish_prepared, PUBLIC),
    "send back what was prepared": Act("published", send_back, PUBLIC),
    "import a draft": Act("draft", bring_in, CHANGE | {"import_record"}),
    "import in public": Act("published", bring_in, PUBLIC | {"import_record"}),
    "publish by import": Act("draft", publish_by_file, PUBLIC | {"import_record"}),
    "undo on a draft": Act("draft", undo_file, CHANGE | {"undo_import"}),
    "undo in public": Act("published", undo_file, PUBLIC | {"undo_import"}),
}
ACTS_ON_REFERENCES = {
    "add": Act("unused", add, {"add"}),
    "change": Act("unused", save, CHANGE),
    "change what a draft uses": Act("draft", save, CHANGE),
    "change what is in public": Act("published", save, PUBLIC),
    "change what a schedule shows": Act("scheduled", save, PUBLIC),
    "change what was in public": Act("taken back", save, PUBLIC),
    "rename": Act("unused", rename, CHANGE),
    "delete": Act("unused", delete, {"delete"}),
    "restore": Act("draft", restore_first, CHANGE),
    "restore in public": Act("published", restore_first, PUBLIC),
    "apply an old plan in public": Act("published", apply_old_plan, PUBLIC),
    "prepare a change": Act("published", prepare, CHANGE),
    "publish what was prepared": Act("published", publish_prepared, PUBLIC),
    "send back what was prepared": Act("published", send_back, PUBLIC),
    "import": Act("unused", bring_in, CHANGE | {"import_record"}),
    "import in public": Act("published", bring_in, PUBLIC | {"import_record"}),
    "undo": Act("draft", undo_file, CHANGE | {"undo_import"}),
    "undo in public": Act("published", undo_file, PUBLIC | {"undo_import"}),
}
# What is tried on each kind in the gate; the roads are the same for all.
COMMON = {
    "add a draft",
    "add in public",
    "change a draft",
    "correct",
    "publish a draft",
    "withdraw",
    "delete a draft",
    "add",
    "change",
    "change what is in public",
    "change what was in public",
    "delete",
}
STATES = ("draft", "review", "published", "scheduled", "withdrawn", "taken back")


def in_states(model):
    """Return a stored row of a model in each state; of a reference, used by an entry in it."""
    make_row = ENTRIES.get(model)
    rows = {state: entry_in(state, make_row) for state in STATES} if make_row else {}
    if not make_row:
        rows = {state: REFERENCES[model]() for state in ("unused", *STATES)}
        users = [entry_in(state, user_of(rows[state])) for state in STATES]
        assert len(users) == len(STATES)
    record_loaded()
    taken_back = rows["taken back"] if make_row else users[-1]
    acts.back_to_draft(entry=taken_back, note="Not yet.")
    for row in rows.values():
        row.refresh_from_db()
    return rows


def entry_in(state, make_row):
    status = {"scheduled": "published", "taken back": "published"}.get(state, state)
    return make_row(status=status, publish_at=FUTURE if state == "scheduled" else None)


def user_of(reference):
    """Return a function that makes an entry which uses a reference."""

    def make_user(**values):
        if isinstance(reference, Place):
            return make.make_meeting(place=reference, **values)
        if isinstance(reference, Source):
            return make.make_milestone(sources=[reference], **values)
        meeting = make.make_meeting(**values)
        make.make_participation(meeting=meeting, actor=reference)
        return meeting

    return make_user


def tried(act, rows, user, folder):
    """Return "may", "may not", or why the act failed for another reason; nothing is written."""
    with rolled_back():
        row = rows[act.state]
        try:
            act.perform(type(row).objects.get(pk=row.pk), user, folder)
        except (PermissionDenied, Refused) as refusal:
            is_right = "You may not" in str(refusal) or ADDRESS_WAS_PUBLIC in str(refusal)
            return "may not" if is_right else str(refusal)
    return "may"


def matrix(model, users, folder, names=None):
    """Return what each act on a kind comes to for each user, and what it should."""
    rows, found, expected = in_states(model), {}, {}
    tried_acts = ACTS_ON_ENTRIES if model in ENTRIES else ACTS_ON_REFERENCES
    for name in names & {*tried_acts} if names else tried_acts:
        act = tried_acts[name]
        for who, (user, rights) in users.items():
            found[name, who] = tried(act, rows, user, folder)
            expected[name, who] = "may" if act.rights <= rights else "may not"
    return found, expected


def members():
    """Return a user of each role, and one of none, with their rights."""
    return {
        role: (make.make_member(role) if role != "nobody" else make_user(()), rights)
        for role, rights in ROLES.items()
    }


KINDS = pytest.mark.parametrize(
    "model", [*ENTRIES, *REFERENCES], ids=lambda model: model._meta.model_name
)


@KINDS
def test_each_role_may_do_exactly_its_acts(tmp_path, model):
    is_whole = model in {Milestone, Place}

    found, expected = matrix(model, members(), tmp_path, names=None if is_whole else COMMON)

    assert found == expected


@pytest.mark.soak
@KINDS
def test_each_role_may_do_exactly_its_acts_of_every_kind(tmp_path, model):
    found, expected = matrix(model, members() | {"operator": (None, ALL_RIGHTS)}, tmp_path)

    assert found == expected


@pytest.mark.parametrize("model", [Milestone, Source], ids=["entry", "reference"])
def test_each_act_is_refused_without_any_one_of_its_rights(tmp_path, model):
    name, users = model._meta.model_name, {}
    for right in ALL_RIGHTS:
        rest = [one if "_" in one else f"{one}_{name}" for one in ALL_RIGHTS - {right}]
        users[right] = make_user(rest, f"without_{right}")

    rows = in_states(model)
    found = {
        (name, right): tried(act, rows, users[right], tmp_path)
        for name, act in (ACTS_ON_ENTRIES if model in ENTRIES else ACTS_ON_REFERENCES).items()
        for right in act.rights
    }

    assert set(found.values()) == {"may not"}, found


def make_user(codenames, name="nobody"):
    user = User.objects.create_user(name, is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.mark.parametrize("role", ROLES)
def test_redirects_are_written_by_administrators(tmp_path, role):
    user = make_user(()) if role == "nobody" else make.make_member(role)
    make.make_issue(slug="syria")
    old = Redirect.objects.create(old_path="/old/", new_path="/issues/syria/")
    cells = {"old_path": "/file/", "new_path": "/issues/syria/"}

    done = [
        tried_on_redirect(lambda: acts.save_redirect(redirect=Redirect(**cells), user=user)),
        tried_on_redirect(lambda: acts.save_redirect(redirect=changed(old), user=user)),
        tried_on_redirect(lambda: acts.delete_redirect(redirect=old, user=user)),
    ]

    assert set(done) == {"may" if role == "administrator" else "may not"}
    if role in {"editor", "administrator"}:
        outcome = import_file(write(tmp_path, "redirects", cells), user=user)
        refused = [problem.problem for problem in outcome.problems]
        assert refused == ([] if role == "administrator" else ["You may not add redirects."])


def changed(redirect):
    redirect.new_path = "/issues/"
    return redirect


def tried_on_redirect(act):
    with rolled_back():
        try:
            act()
        except PermissionDenied:
            return "may not"
    return "may"
