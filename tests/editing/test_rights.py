"""A refusal names the permission that is missing."""

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied

from meetings.editing.permissions import require_import_permission, require_permission
from meetings.importing import undo
from meetings.models import Import, Source
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, reaction, write

from .test_withdrawal import KINDS, MAKE

pytestmark = pytest.mark.django_db


def writer(*rights):
    user = User.objects.create_user("writer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return user


@KINDS
@pytest.mark.parametrize(
    ("act", "status", "is_writer", "verb"),
    [
        ("add", "draft", False, "add"),
        ("change", "draft", False, "change"),
        ("delete", "review", False, "delete"),
        ("change", "published", False, "change"),
        ("change", "published", True, "publish"),
        ("change", "withdrawn", True, "publish"),
        ("add", "published", True, "publish"),
    ],
)
def test_refusal_names_the_right_that_is_lacking(model, act, status, is_writer, verb):
    entry = MAKE[model](status=status)
    user = writer(f"{act}_{model._meta.model_name}") if is_writer else writer()

    with pytest.raises(PermissionDenied) as refusal:
        require_permission(user, act, entry)

    assert str(refusal.value) == f"You may not {verb} {model._meta.verbose_name_plural}."


@pytest.mark.parametrize("act", ["add", "change"])
def test_references_are_never_published(act):
    with pytest.raises(PermissionDenied, match=f"You may not {act} sources"):
        require_permission(writer(), act, Source())


def test_file_is_refused_in_the_same_words(tmp_path):
    make.make_source(slug="press")
    make.make_meeting(slug="geneva", body="Held [@press].")
    user = writer("import_record")

    for status in ("draft", "published"):
        outcome = import_file(write(tmp_path, "reactions", reaction(status=status)), user=user)
        assert "You may not add reactions." in problem_texts(outcome)[0]


def test_who_may_import_but_not_undo_is_told_so():
    with pytest.raises(PermissionDenied, match="You may not undo imports"):
        undo.undo_import(imported=Import.objects.create(), user=writer("import_record"), note="x")
    with pytest.raises(PermissionDenied, match="You may not import rows"):
        require_import_permission(User.objects.create_user("other"), "import_record")
