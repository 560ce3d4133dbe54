"""``clean_up``: deletes what expired; for a timer, once a day."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from meetings.importing import cleaning
from meetings.management.command_errors import errors_as_command_error

DEFAULT_DAYS = 30


class Command(BaseCommand):
    help = "Deletes expired plans and sessions, and the rows that old imports have left."

    def add_arguments(self, parser):
        parser.add_argument(
            "--days",
            type=int,
            default=DEFAULT_DAYS,
            help="Keep the rows of imports that ended within so many days (default: %(default)s).",
        )

    def handle(self, *, days, **options):
        if days < 0:
            raise CommandError("Days are counted from 0: all imports that have ended.")
        with errors_as_command_error("The rest was not deleted."):
            done = cleaning.clean_up(before=timezone.now() - timedelta(days=days))
        self.stdout.write(
            f"Deleted: {done.plans:,} expired plans, {done.sessions:,} expired sessions; of imports"
            f" that ended more than {days:,} days ago, {done.rows:,} rows and {done.files:,} files."
        )
