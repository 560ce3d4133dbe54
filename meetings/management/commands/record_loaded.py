"""``record_loaded``: the step after ``loaddata``."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from meetings.editing.revisions import record_loaded
from meetings.tables.registry import refresh_statistics


class Command(BaseCommand):
    help = "After loaddata: completes the entries' lists of sources and writes their revisions."

    def handle(self, **options):
        try:
            written = record_loaded()
        except ValidationError as error:
            problems = "\n".join(error.messages)
            raise CommandError(f"Nothing was written. Mend these first:\n{problems}") from error
        refresh_statistics()
        self.stdout.write(f"Revisions written: {written}.")
