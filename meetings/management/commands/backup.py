"""``backup``: writes everything that the database holds to one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from meetings.backup import writing
from meetings.backup.errors import BackupError
from meetings.management.command_errors import errors_as_command_error


class Command(BaseCommand):
    help = "Writes the record, its history, imports and accounts to a file; the site may go on."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="The file, such as record-2026-06-15.backup.")

    def handle(self, *, path, **options):
        with errors_as_command_error("Nothing was written."):
            try:
                made = writing.write(path)
            except (BackupError, OSError) as error:
                raise CommandError(f"Nothing was written. {error}") from error
        self.stdout.write(
            f"Backed up and read back: {made.rows:,} rows of {len(made.tables)} tables in {path}."
            f" Digest {made.digest}. It holds digests of passwords: keep it as safe as the site."
        )
