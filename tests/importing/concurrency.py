"""Functions for several processes at once, and the state of the record after them."""

from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client

from meetings.editing.snapshots import snapshots
from meetings.importing import uploads
from meetings.models import Actor, Import, Reaction, Revision

TIMEOUT_SECONDS = 60
LOCK_TIMEOUT = "-c lock_timeout=100"
# The functions of ``uploads`` behind the forms of the desk.
FUNCTIONS = {"confirm": "confirm_upload", "undo": "request_undo"}


def run_together(barrier, work, *given):
    """Run a function when all processes have reached the barrier."""
    barrier.wait(TIMEOUT_SECONDS)
    return work(*given)


def post(path: str, data: dict, session: str) -> tuple[int, str]:
    """Send a form of the desk; return status and text of the answer."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.post(path, data)
    return response.status_code, response.content.decode()


def post_together(barrier, act: str, *given) -> tuple[int, str]:
    """Send a form of the desk; all processes reach the act before one of them does it."""
    name = FUNCTIONS[act]
    done = getattr(uploads, name)

    def act_together(**given):
        barrier.wait(TIMEOUT_SECONDS)
        return done(**given)

    with mock.patch.object(uploads, name, act_together):
        return post(*given)


def with_short_timeout(work, *given):
    """Run a function that waits for database locks for a tenth of a second at most."""
    options = {"timeout": 0.1} if connection.vendor == "sqlite" else {"options": LOCK_TIMEOUT}
    connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | options
    return work(*given)


def inconsistent_entries() -> list[str]:
    """Return the entries that differ from their last revision, or whose revisions have gaps."""
    found = []
    for model in (Actor, Reaction):
        now = snapshots(model, model.objects.values_list("pk", flat=True))
        for row in model.objects.all():
            acts = list(Revision.objects.of(row).order_by("number").values_list("act", flat=True))
            last = Revision.objects.of(row).order_by("number").last()
            is_right = last.snapshot == now[row.pk] and row.revision == last.number == len(acts)
            if not is_right or "load" in acts[1:]:
                found.append(f"{row.slug}: {acts}, {last.snapshot} and {now[row.pk]}")
    return found


def imported_rows() -> dict[str, list]:
    """Return the imported reactions and actors, the states of imports, and inconsistencies."""
    return {
        "reactions": sorted(Reaction.objects.values_list("slug", "attribution")),
        "actors": sorted(Actor.objects.values_list("name", "sort_name", "description")),
        "imports": list(Import.objects.values_list("state", flat=True)),
        "inconsistent": inconsistent_entries(),
    }
