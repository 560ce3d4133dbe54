"""Constraints of the database hold for bulk inserts."""

import pytest
from django.db import IntegrityError, transaction

from meetings.models import Redirect
from meetings.tables import bulk_insert

pytestmark = pytest.mark.django_db


def test_constraint_of_the_database_refuses_all():
    rows = [["/places/old/", "/places/new/"], ["/places/old/", "/places/other/"]]

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert.insert(Redirect, ["old_path", "new_path"], rows)

    assert not Redirect.objects.exists()
