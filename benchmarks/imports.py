"""Import of reactions: speed beside the library's default resource, memory by number of rows.

python -m benchmarks.imports [--rows 100000] [--default 3000] [--memory 1000000]
"""

import csv
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from . import measure
from .records import reaction_cells, set_up_django, temporary_database, write_reactions


def main() -> None:
    given = measure.arguments(__doc__, default=3_000)
    set_up_django()
    with TemporaryDirectory() as folder:
        file = write_file(Path(folder), given.rows)
        if given.default:
            theirs = measure_rates(
                write_file(Path(folder), given.default), given.default, LIBRARY_RUNS
            )
            print_rates(theirs, measure_rates(file, given.rows, OWN_RUNS))
        if given.memory:
            many = write_file(Path(folder), given.memory)
            measure.print_memory_ratio(
                (given.rows, memory_of_import(file)), (given.memory, memory_of_import(many))
            )


def print_rates(theirs: dict, ours: dict) -> None:
    """Print the rows a second of each kind of import, and the ratio to the library's."""
    from django.db import connection

    print(f"{connection.vendor}, rows a second (of processor time)")
    for name, (clock, processor) in ours.items():
        by_default = theirs[name]
        print(f"  {name}: {clock:,.0f} ({processor:,.0f});", end=" ")
        print(f"library's default resource: {by_default[0]:,.0f} ({by_default[1]:,.0f});", end=" ")
        print(f"{clock / by_default[0]:.1f} times ({processor / by_default[1]:.1f} times)")


def write_file(folder: Path, number: int) -> Path:
    """Write a CSV file of ``number`` new reactions."""
    path = folder / str(number) / "reactions.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(reaction_cells(0)))
        writer.writeheader()
        writer.writerows(reaction_cells(number) for number in range(number))
    return path


def measure_rates(path: Path, rows: int, runs: dict[str, list[Callable]]) -> dict:
    """Return the rows a second of each kind of import of a file."""
    found = {}
    for acts in runs.values():
        with temporary_database():
            write_reactions(0)
            for name, act in acts:
                found[name] = measure.rows_a_second(lambda act=act: act(path), rows)
                check_rows(rows)
    return found


def check_rows(rows: int) -> None:
    from meetings.models import Reaction

    links = Reaction.actors.through.objects.count()
    assert (Reaction.objects.count(), links) == (rows, rows)


def import_by_library(path: Path, *, is_planned: bool = False) -> None:
    """Import by the library: two foreign keys by slug, one column of several slugs."""
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


def import_by_command(path: Path) -> None:
    """Import as ``import_record`` does."""
    from meetings.importing import imports

    outcome = imports.import_path(path=path, note="Benchmark.")
    assert not outcome.problems, outcome.problems[:3]


def import_by_plan(path: Path) -> None:
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


LIBRARY_RUNS = {
    "command": [("import", import_by_library), ("import again", import_by_library)],
    "desk": [("plan and confirm", lambda path: import_by_library(path, is_planned=True))],
}
OWN_RUNS = {
    "command": [("import", import_by_command), ("import again", import_by_command)],
    "desk": [("plan and confirm", import_by_plan)],
}


def memory_of_import(path: Path) -> float:
    """Return the peak memory in MB of the import of a file."""
    with temporary_database() as address:
        write_reactions(0)
        return measure.peak_memory("benchmarks.imports", address, str(path))


def run_in_process(path: str) -> None:
    """Import in a separate process, and print its peak memory."""
    set_up_django()
    import_by_command(Path(path))
    measure.print_peak_memory()


if __name__ == "__main__":
    main()
