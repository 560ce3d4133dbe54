"""``prepare``: what ``make run`` does before it starts the site; a second call changes nothing."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from meetings import indexing
from meetings.models import Issue, Meeting, Page, Revision

ADMIN = "admin"


def record_is_empty() -> bool:
    """Return whether the content has yet to be loaded: no entries, and none that ever were."""
    return not any(model.objects.exists() for model in (Meeting, Issue, Page, Revision))


def nobody_can_sign_in() -> bool:
    """Return whether the first account has yet to be made."""
    return not get_user_model().objects.exists()


class Command(BaseCommand):
    help = "Migrates, loads the content into an empty record, makes the first account."

    def handle(self, **options):
        call_command("migrate", verbosity=0, interactive=False)
        done = ["The database is up to date"]
        if record_is_empty():
            with transaction.atomic():
                call_command("loaddata", "record", verbosity=0)
                call_command("record_loaded", stdout=self.stdout)
            done.append("the content is loaded")
        if indexing.fill():
            done.append("search is ready")
        if not settings.DEBUG:
            call_command("collectstatic", verbosity=0, interactive=False)
            done.append("static files are collected")
        self.stdout.write(f"{', '.join(done)}.")
        if nobody_can_sign_in():
            password = secrets.token_urlsafe(12)
            get_user_model().objects.create_superuser(ADMIN, password=password)
            self.stdout.write(
                f"Sign in at /admin/ as {ADMIN} with the password {password}"
                " (shown this once; change it there)."
            )
