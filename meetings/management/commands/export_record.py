"""``export_record``: writes the record, or one table of it, as a Data Package."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from meetings.exporting import package
from meetings.tables.registry import BY_NAME, TABLES


class Command(BaseCommand):
    help = "Writes the tables as CSV beside datapackage.json, into a folder or a zip."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="A folder, or a name that ends in .zip.")
        parser.add_argument("--table", choices=list(BY_NAME), help="This table alone.")
        parser.add_argument("--published", action="store_true", help="What the public may read.")

    def handle(self, *, path, table, published, **options):
        tables = [BY_NAME[table]] if table else TABLES
        try:
            files = package.write(path, tables, published=published)
        except (package.PackageError, OSError) as error:
            raise CommandError(f"Nothing was written. {error}") from error
        rows = sum(file.rows for file in files)
        number = f"{len(files)} table{'' if len(files) == 1 else 's'}"
        self.stdout.write(f"{rows:,} rows of {number} in {path}.")
