"""Two people who write at the same moment: the second is refused, and nothing breaks."""

from contextlib import nullcontext

import pytest
from django.db import connection

from meetings.editing import acts
from meetings.editing.errors import Refused
from meetings.models import Actor, Revision
from tests.writers import written

from ..database_sessions import write_meanwhile
from ..factories import make_actor, make_reaction


def test_save_is_refused_when_what_it_names_is_deleted_meanwhile(committed_db, monkeypatch):
    """PostgreSQL asks only at the end whether it is there; SQLite lets nobody else write before."""
    actor = make_actor(slug="kallas")
    reaction = make_reaction(status="draft")

    after = written(reaction, lambda: reaction.actors.add(actor))
    write_rows = acts.apply_changes

    def deleting_afterwards(*given):
        write_rows(*given)
        write_meanwhile(Actor.objects.filter(slug="kallas").delete)

    monkeypatch.setattr(acts, "apply_changes", deleting_afterwards)
    is_alone = connection.vendor == "sqlite"
    refusal = pytest.raises(Refused, match="deleted one of these rows just now")
    with nullcontext() if is_alone else refusal:
        acts.save(entry=reaction, after=after)

    assert Actor.objects.exists() == reaction.actors.exists() == is_alone
    assert Revision.objects.filter(act="save").exists() == is_alone
