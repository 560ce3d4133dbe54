"""Export of reactions: beside the library's default resource, and the memory of few and many.

python -m benchmarks.export [--rows 100000] [--default 10000] [--memory 1000000]
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from . import measure
from .records import database_of_its_own, fill, prepare


def main() -> None:
    given = measure.arguments(__doc__, default=10_000)
    prepare()
    few = peak(given.rows, given.default)
    if given.memory:
        measure.compare((given.rows, few), (given.memory, peak(given.memory)))


def peak(rows: int, default: int = 0) -> float:
    """Return the memory that the export of so many takes; before, compare it with the library's."""
    with database_of_its_own() as address:
        fill(rows)
        if default:
            compare(rows, default)
        return measure.memory("benchmarks.export", address)


def compare(rows: int, default: int) -> None:
    """Print how many rows a second both ways write, and the ratio; by time and by processor."""
    from django.db import connection

    theirs = measure.timed(lambda: by_default(default), default)
    ours = measure.timed(by_package, rows)
    print(f"{connection.vendor}, {rows:,} reactions, rows a second (of processor time)")
    print(f"  library's default resource, {default:,} rows: {theirs[0]:,.0f} ({theirs[1]:,.0f})")
    print(f"  export: {ours[0]:,.0f} ({ours[1]:,.0f})")
    print(f"  {ours[0] / theirs[0]:.0f} times ({ours[1] / theirs[1]:.0f} times)")


def by_default(rows: int) -> None:
    """Export as the library does: two keys by slug, one column of several slugs."""
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


def by_package() -> None:
    """Export as ``export_record --table reactions`` does: all columns, descriptor and digest."""
    from meetings.exporting import package
    from meetings.tables.registry import BY_NAME

    with TemporaryDirectory() as folder:
        package.write(Path(folder) / "export", [BY_NAME["reactions"]])


def alone() -> None:
    """Export in a process of one's own, and tell how much memory that took."""
    prepare()
    by_package()
    measure.tell_peak()


if __name__ == "__main__":
    main()
