"""Import of reactions: beside the library's default resource, and the memory of few and many.

python -m benchmarks.imports [--rows 100000] [--default 3000] [--memory 1000000]
"""

import csv
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from . import measure
from .records import cells_of, database_of_its_own, fill, prepare


def main() -> None:
    given = measure.arguments(__doc__, default=3_000)
    prepare()
    with TemporaryDirectory() as folder:
        file = write(Path(folder), given.rows)
        if given.default:
            theirs = rates(write(Path(folder), given.default), given.default, LIBRARY)
            report(theirs, rates(file, given.rows, OURS))
        if given.memory:
            many = write(Path(folder), given.memory)
            measure.compare((given.rows, peak(file)), (given.memory, peak(many)))


def report(theirs: dict, ours: dict) -> None:
    """Print how many rows a second both ways bring in, and the ratio; by time and by processor."""
    from django.db import connection

    print(f"{connection.vendor}, rows a second (of processor time)")
    for name, (clock, processor) in ours.items():
        by_default = theirs[name]
        print(f"  {name}: {clock:,.0f} ({processor:,.0f});", end=" ")
        print(f"library's default resource: {by_default[0]:,.0f} ({by_default[1]:,.0f});", end=" ")
        print(f"{clock / by_default[0]:.1f} times ({processor / by_default[1]:.1f} times)")


def write(folder: Path, number: int) -> Path:
    """Write a file of so many new reactions."""
    path = folder / str(number) / "reactions.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(cells_of(0)))
        writer.writeheader()
        writer.writerows(cells_of(number) for number in range(number))
    return path


def rates(path: Path, rows: int, ways: dict[str, list[Callable]]) -> dict:
    """Return how many rows a second each way of bringing a file in takes."""
    found = {}
    for acts in ways.values():
        with database_of_its_own():
            fill(0)
            for name, act in acts:
                found[name] = measure.timed(lambda act=act: act(path), rows)
                check(rows)
    return found


def check(rows: int) -> None:
    from meetings.models import Reaction

    links = Reaction.actors.through.objects.count()
    assert (Reaction.objects.count(), links) == (rows, rows)


def by_default(path: Path, *, is_planned: bool = False) -> None:
    """Import as the library does: two keys by slug, one column of several slugs."""
    import tablib
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
            import_id_fields = ["slug"]
            exclude = ("id", "revision", "issues", "sources")

    data = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
    for is_dry in (True, False) if is_planned else (False,):
        result = Default().import_data(data, dry_run=is_dry)
        assert not result.has_errors(), result.row_errors()


def by_command(path: Path) -> None:
    """Import as ``import_record`` does."""
    from meetings.importing import imports

    outcome = imports.import_path(path=path, note="Benchmark.")
    assert not outcome.problems, outcome.problems[:3]


def by_plan(path: Path) -> None:
    """Plan and confirm as the desk does for a large file."""
    from django.contrib.auth.models import User

    from meetings.importing import uploads
    from meetings.importing.progress import PlanningReporter, ProgressReporter

    user = User.objects.create_superuser("ana")
    plan = uploads.store_upload(user=user, name=path.name, content=path.read_bytes())
    plan.state = plan.State.PLANNING
    plan.save()
    uploads.make_plan(plan, PlanningReporter(plan))
    assert plan.state == plan.State.READY
    uploads.apply_and_clear(plan, user, "Benchmark.", "addition", ProgressReporter())


LIBRARY = {
    "command": [("import", by_default), ("import again", by_default)],
    "desk": [("plan and confirm", lambda path: by_default(path, is_planned=True))],
}
OURS = {
    "command": [("import", by_command), ("import again", by_command)],
    "desk": [("plan and confirm", by_plan)],
}


def peak(path: Path) -> float:
    """Return the memory that the import of a file takes."""
    with database_of_its_own() as address:
        fill(0)
        return measure.memory("benchmarks.imports", address, str(path))


def alone(path: str) -> None:
    """Import in a process of one's own, and tell how much memory that took."""
    prepare()
    by_command(Path(path))
    measure.tell_peak()


if __name__ == "__main__":
    main()
