"""``prepare``: the steps of ``make run`` before the site starts; a second call changes nothing."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from access.accounts import make_password_temporary
from meetings.models import RecordState, Revision
from meetings.search import index
from meetings.tables.isolation import one_at_a_time
from meetings.tables.registry import TABLES

FIRST_USERNAME = "admin"
NO_CONTENT = "none"


def record_is_empty() -> bool:
    """Return whether the record has no rows, and no revisions of deleted ones."""
    return not any(model.objects.exists() for model in (Revision, *(t.model for t in TABLES)))


def nobody_can_sign_in() -> bool:
    """Return whether there is no account yet."""
    return not get_user_model().objects.exists()


class Command(BaseCommand):
    help = "Migrates, loads the content into an empty record, makes the first account."

    def add_arguments(self, parser):
        parser.add_argument(
            "--content",
            default="",
            metavar="PATH",
            help="Begin with this record instead of fixtures/record.json: a file, folder or zip as"
            f" for import_record, or “{NO_CONTENT}”.",
        )

    def handle(self, *, content, **options):
        # Of servers that start together, one prepares, and the others find that it is done.
        with one_at_a_time():
            self.prepare(content)

    def prepare(self, content):
        call_command("migrate", verbosity=0, interactive=False)
        done = ["The database is up to date", *self.load(content)]
        if index.index_missing():
            RecordState.objects.mark_changed()
            done.append("search is ready")
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
            done.append("static files are collected")
        self.stdout.write(f"{', '.join(done)}.")
        if nobody_can_sign_in():
            password = secrets.token_urlsafe(12)
            account = get_user_model().objects.create_superuser(FIRST_USERNAME, password=password)
            make_password_temporary(account)
            self.stdout.write(
                f"Sign in at /admin/ as {FIRST_USERNAME} with the password {password}"
                " (shown this once; it asks for another there)."
            )

    def load(self, content):
        """Load the content into a new record; return the messages on it.

        The first account is made last. Until there is one, the first start has not ended and loads
        the content again; from then on an empty record is empty on purpose.
        """
        if content == NO_CONTENT or not (content or nobody_can_sign_in()):
            return []
        if not record_is_empty():
            return [f"the record has rows already, so {content} is not read"] if content else []
        if content:
            call_command("import_record", content, stdout=self.stdout)
        else:
            with transaction.atomic():
                call_command("loaddata", "record", verbosity=0)
                call_command("record_loaded", stdout=self.stdout)
        return ["the content is loaded"]
