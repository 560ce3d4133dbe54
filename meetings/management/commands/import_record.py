"""``import_record``: imports files into the record, all or nothing."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from meetings.importing import cell_changes, imports
from meetings.importing.open_changes import open_changes_of
from meetings.importing.problems import as_csv
from meetings.management.command_errors import acting_user, errors_as_command_error
from meetings.models import Revision

MOST_PROBLEMS_SHOWN = 1_000
MOST_CELLS_SHOWN = 50


class Command(BaseCommand):
    help = "Imports a CSV or XLSX file, a folder of them, or a zip. Exits 0 only if all went in."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--table", default="", help="Of a single file not named after it.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change.")
        parser.add_argument(
            "--plan", type=Path, help="Write every cell that would change to this CSV file."
        )
        parser.add_argument("--as", dest="user", metavar="USER", help="Act as this user.")
        parser.add_argument("--note", default="", help="The public reason.")
        parser.add_argument("--kind", default="", choices=["", *Revision.Kind.values])
        parser.add_argument("--report", type=Path, help="Write every problem to this CSV file.")
        parser.add_argument("--yes", action="store_true", help="Import what is warned of, too.")

    def handle(self, *, path, table, dry_run, plan, user, note, kind, report, yes, **options):
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        for file in filter(None, (plan, report)):
            write_file(file, ())
        changes: list[str] = []

        def tell(planned):
            if plan:
                write_file(plan, cell_changes.as_csv(cell_changes.changes_of(planned)))
            changes.extend(lines_of(planned))

        with errors_as_command_error("Nothing was imported."):
            done = imports.import_path(
                path=path,
                table=table,
                user=acting_user(user),
                note=note or f"Imported {path.name}",
                kind=kind,
                is_dry=dry_run,
                accepts_warnings=yes,
                on_plan=tell if dry_run or plan else None,
            )
        found = [*done.problems, *done.warnings]
        if report:
            write_file(report, as_csv(found))
        if done.problems:
            raise CommandError(self.report_of(found, "problem"))
        if done.warnings and not (yes or dry_run):
            text = self.report_of(found, "warning")
            raise CommandError(f"{text}\nTo import these cells as they are, add --yes.")
        for warning in done.warnings[:MOST_PROBLEMS_SHOWN]:
            self.stderr.write(f"Warning: {warning}")
        for notice in done.notices:
            self.stdout.write(notice)
        self.stdout.write(done.summary)
        for line in changes if dry_run else open_changes(done.imported):
            self.stdout.write(line)

    def report_of(self, problems, noun):
        """Return the text on problems or warnings for a terminal; of very many, the first."""
        lines = [str(problem) for problem in problems[:MOST_PROBLEMS_SHOWN]]
        if len(problems) > MOST_PROBLEMS_SHOWN:
            lines.append(
                f"… and {len(problems) - MOST_PROBLEMS_SHOWN:,} more; --report writes them all."
            )
        number = f"{len(problems):,} {noun}{'' if len(problems) == 1 else 's'}"
        return "\n".join([f"Nothing was imported: {number}.", *lines])


def write_file(path: Path, pieces: Iterable[str]) -> None:
    """Write a CSV file; raise CommandError where it cannot be written."""
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def lines_of(planned) -> list[str]:
    """Return the first cells that a plan would change or clear, in words, and how many are left."""
    changes = cell_changes.changed_cells(planned)
    lines = [f"  {change}" for change in islice(changes, MOST_CELLS_SHOWN)]
    if left := sum(1 for _ in changes):
        lines.append(f"  … and {left:,} more cells; --plan FILE writes them all.")
    return lines


def open_changes(imported) -> list[str]:
    """Return what is being prepared for rows that were imported, in words."""
    return [f"A change of it is being prepared: {line}." for line in open_changes_of(imported)]
