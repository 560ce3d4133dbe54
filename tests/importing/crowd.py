"""What several processes do at once, and what the record looks like after it."""

from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client

from meetings.editing.revisions import snapshots
from meetings.importing import uploads
from meetings.models import Actor, Import, Reaction, Revision

PATIENCE = 60
LOCK_TIMEOUT = "-c lock_timeout=100"
# The functions of ``uploads`` behind the forms of the desk.
FUNCTIONS = {"confirm": "confirm_upload", "undo": "request_undo"}


def together(gate, work, *given):
    """Do some work once everybody is there."""
    gate.wait(PATIENCE)
    return work(*given)


def post(path: str, data: dict, session: str) -> tuple[int, str]:
    """Send a form of the desk."""
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    response = client.post(path, data)
    return response.status_code, response.content.decode()


def post_together(gate, act: str, *given) -> tuple[int, str]:
    """Send a form of the desk; all processes reach the act before one of them does it."""
    name = FUNCTIONS[act]
    done = getattr(uploads, name)

    def act_together(**given):
        gate.wait(PATIENCE)
        return done(**given)

    with mock.patch.object(uploads, name, act_together):
        return post(*given)


def impatient(work, *given):
    """Do some work, and wait for others a tenth of a second at most."""
    options = {"timeout": 0.1} if connection.vendor == "sqlite" else {"options": LOCK_TIMEOUT}
    connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | options
    return work(*given)


def strays() -> list[str]:
    """Return the entries whose last revision is not what they are, or whose history has gaps."""
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


def brought() -> dict[str, list]:
    """Return what came in: the reactions by who said them, the actors, the imports."""
    return {
        "reactions": sorted(Reaction.objects.values_list("slug", "attribution")),
        "actors": sorted(Actor.objects.values_list("name", "sort_name", "description")),
        "imports": list(Import.objects.values_list("state", flat=True)),
        "strays": strays(),
    }
