"""``undo_import``: undoes one import."""

from django.core.management.base import BaseCommand, CommandError

from meetings.importing import undo
from meetings.management.command_errors import acting_user, errors_as_command_error
from meetings.models import Import


class Command(BaseCommand):
    help = "Takes an import back: what was changed since stays, and is listed."

    def add_arguments(self, parser):
        parser.add_argument("id", type=int)
        parser.add_argument("--as", dest="user", metavar="USER", help="Act as this user.")
        parser.add_argument("--note", default="")

    def handle(self, *, user, note, **options):
        number = options["id"]
        with errors_as_command_error("Nothing was undone."):
            imported = Import.objects.filter(pk=number).first()
            if imported is None:
                raise CommandError(f"There is no import {number}.")
            undone = undo.undo_import(
                imported=imported,
                user=acting_user(user),
                note=note or f"Import {number} undone",
            )
        kept = [f"{row.table} {row.key}: {row.problems[0][2]}" for row in undo.kept_rows(undone)]
        self.stdout.write(f"Undone: {undone.changed:,} entries. Kept as they are: {len(kept):,}.")
        for line in kept:
            self.stdout.write(f"  {line}")
