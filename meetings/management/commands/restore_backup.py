"""``restore_backup``: restores what ``backup`` wrote, into either database."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DataError, IntegrityError

from meetings.backup import restoring
from meetings.backup.errors import BackupError
from meetings.management.command_errors import errors_as_command_error


class Command(BaseCommand):
    help = "Restores a backup into an empty database: all of it, or nothing."
    # The tables may not be there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="A file that the command backup wrote.")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Delete all that the database holds, accounts too, and restore in its place.",
        )

    def handle(self, *, path, replace, **options):
        with errors_as_command_error("Nothing was restored."):
            try:
                made = restoring.restore(path, replace=replace, report=self.stdout.write)
            except (BackupError, DataError, IntegrityError, OSError) as error:
                raise CommandError(f"Nothing was restored. {error}") from error
        self.stdout.write(
            f"Restored: {made.rows:,} rows of {len(made.tables)} tables, of {made.made_at}."
            f" Digest {made.digest}. Everybody has to sign in again."
        )
