"""``purge_import``: takes away for good what an undone import had published by mistake."""

from django.core.management.base import BaseCommand, CommandError

from meetings.editing import purging
from meetings.management.command_errors import errors_as_command_error
from meetings.models import Import


class Command(BaseCommand):
    help = (
        "Takes away for good what an undone import had published by mistake and nobody else"
        " touched. Its addresses answer 410; its keys stay reserved."
    )

    def add_arguments(self, parser):
        parser.add_argument("id", type=int)
        parser.add_argument("--note", default="", help="The public reason; else that of the undo.")
        parser.add_argument("--force", action="store_true", help="Though it is older than a day.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would go.")

    def handle(self, *, note, force, dry_run, **options):
        number = options["id"]
        imported = Import.objects.filter(pk=number).first()
        if imported is None:
            raise CommandError(f"There is no import {number}.")
        with errors_as_command_error("Nothing was purged."):
            result = purging.purge(imported=imported, note=note, is_forced=force, is_dry=dry_run)
        word = "Would purge" if dry_run else "Purged"
        self.stdout.write(f"{word}: {len(result.purged):,} rows. Kept: {len(result.kept):,}.")
        for line in result.kept_lines:
            self.stdout.write(f"  {line}")
        if result.purged and not dry_run:
            self.stdout.write("Backups made before still hold them.")
