"""Export of reactions: speed beside the library's default resource, memory by number of rows.

python -m benchmarks.export [--rows 100000] [--default 10000] [--memory 1000000]
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from . import measure
from .records import set_up_django, temporary_database, write_reactions


def main() -> None:
    given = measure.arguments(__doc__, default=10_000)
    set_up_django()
    few = memory_of_export(given.rows, given.default)
    if given.memory:
        measure.print_memory_ratio(
            (given.rows, few), (given.memory, memory_of_export(given.memory))
        )


def memory_of_export(rows: int, default: int = 0) -> float:
    """Return the peak memory in MB of an export; with ``default`` rows, compare the speed first."""
    with temporary_database() as address:
        write_reactions(rows)
        if default:
            print_rates(rows, default)
        return measure.peak_memory("benchmarks.export", address)


def print_rates(rows: int, default: int) -> None:
    """Print the rows a second of both exports, and their ratio."""
    from django.db import connection

    theirs = measure.rows_a_second(lambda: export_by_library(default), default)
    ours = measure.rows_a_second(export_package, rows)
    print(f"{connection.vendor}, {rows:,} reactions, rows a second (of processor time)")
    print(f"  library's default resource, {default:,} rows: {theirs[0]:,.0f} ({theirs[1]:,.0f})")
    print(f"  export: {ours[0]:,.0f} ({ours[1]:,.0f})")
    print(f"  {ours[0] / theirs[0]:.0f} times ({ours[1] / theirs[1]:.0f} times)")


def export_by_library(rows: int) -> None:
    """Export by the library: two foreign keys by slug, one column of several slugs."""
    from import_export import fields, resources, widgets

    from meetings.models import Actor, Meeting, Reaction, Source

    class Default(resources.ModelResource):
        meeting = fields.Field("meeting", "meeting", widgets.ForeignKeyWidget(Meeting, "slug"))
        quotation_source = fields.Field(
            "quotation_source", "quotation_source", widgets.ForeignKeyWidget(Source, "slug")
        )
        actors = fields.Field("actors", "actors", widgets.ManyToManyWidget(Actor, "|", "slug"))

        class Meta:
            model = Reaction
            exclude = ("id", "revision", "issues", "sources")

    found = Default().export(Reaction.objects.order_by("slug")[:rows])
    assert len(found.csv.splitlines()) == rows + 1


def export_package() -> None:
    """Export as ``export_record --table reactions`` does: all columns, descriptor and digest."""
    from meetings.exporting import package
    from meetings.tables.registry import TABLES_BY_NAME

    with TemporaryDirectory() as folder:
        package.write(Path(folder) / "export", [TABLES_BY_NAME["reactions"]])


def run_in_process() -> None:
    """Export in a separate process, and print its peak memory."""
    set_up_django()
    export_package()
    measure.print_peak_memory()


if __name__ == "__main__":
    main()
