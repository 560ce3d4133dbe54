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
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done.")
        parser.add_argument("--yes", action="store_true", help="Undo it though some of it stays.")

    def handle(self, *, user, note, dry_run, yes, **options):
        number = options["id"]
        with errors_as_command_error("Nothing was undone."):
            imported = Import.objects.filter(pk=number).first()
            if imported is None:
                raise CommandError(f"There is no import {number}.")
            actor = acting_user(user)
            if dry_run:
                self.tell_plan(undo.plan_undo(imported=imported, user=actor))
                return
            try:
                undone = undo.undo_import(
                    imported=imported,
                    user=actor,
                    note=note or f"Import {number} undone",
                    accepts_kept=yes,
                )
            except undo.WouldKeep as refusal:
                self.tell_plan(refusal.plan)
                text = "Nothing was undone. To undo the rest and keep these, add --yes."
                raise CommandError(text) from refusal
        kept = undo.kept_rows(undone)
        self.stdout.write(
            f"Undone: {undone.changed:,} entries. Kept as they are: {kept.count():,}."
        )
        self.tell(undo.kept_lines(kept))

    def tell_plan(self, plan):
        """Write what an undo would do, with what it would keep and why."""
        counts = ", ".join(f"{plan.counts[name]:,} {name}" for name in undo.OUTCOMES)
        self.stdout.write(f"Would be {counts}. Kept as they are: {plan.kept_count:,}.")
        self.tell(plan.kept)

    def tell(self, lines):
        for line in lines:
            self.stdout.write(f"  {line}")
