"""The state of the tables: the migrations that were run, and how to come to those of a backup."""

from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from .errors import BackupError

Node = tuple[str, str]


def applied() -> set[Node]:
    """Return the migrations that the database has run, of those that this release knows."""
    executor = MigrationExecutor(connection)
    return set(executor.loader.applied_migrations) & set(executor.loader.graph.nodes)


def refuse_unmigrated() -> None:
    """Raise BackupError if this release and the tables of the database do not fit together."""
    executor = MigrationExecutor(connection)
    recorded = set(MigrationRecorder(connection).applied_migrations())
    # Of what other packages ran once, releases of theirs may know nothing any more.
    later = {node for node in recorded - set(executor.loader.disk_migrations) if is_own(node)}
    if later or executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise BackupError(
            "The database is at another release than this code. Back it up with the release that"
            " it ran with, or let prepare migrate it first."
        )


def is_own(node: Node) -> bool:
    return node[0] == "meetings"


def refuse_unknown(migrations: set[Node]) -> None:
    """Raise BackupError if a backup had migrations that this release does not know."""
    unknown = migrations - set(MigrationExecutor(connection).loader.graph.nodes)
    if unknown:
        names = ", ".join(sorted(f"{app}.{name}" for app, name in unknown)[:5])
        raise BackupError(
            f"The backup is of a later release: this one does not know {names}. Install the"
            " release that made it, or a later one, and restore with that."
        )


def migrate_to(wanted: set[Node]) -> Apps:
    """Bring the tables to exactly these migrations; return the models as they were then."""
    executor = new_executor()
    graph = executor.loader.graph
    surplus = applied() - wanted
    executor.migrate(targets(graph, wanted, {app for app, _ in surplus}))
    executor = new_executor()
    state = executor.migrate(targets(graph, wanted, {app for app, _ in wanted}))
    if applied() != wanted:
        raise BackupError("The migrations of the backup are not those of a release.")
    return installed if wanted == set(graph.nodes) else state.apps


def targets(graph: Any, wanted: set[Node], apps: set[str]) -> list[tuple[str, str | None]]:
    """Return the last wanted migrations of some apps, or that an app has none."""
    found: list[tuple[str, str | None]] = []
    for app in sorted(apps):
        own = {node for node in wanted if node[0] == app}
        last = [node for node in own if own.isdisjoint(graph.node_map[node].children)]
        found += sorted(last) or [(app, None)]
    return found


def migrate_forward() -> None:
    """Bring the tables to the newest migrations."""
    executor = new_executor()
    executor.migrate(executor.loader.graph.leaf_nodes())


def new_executor() -> MigrationExecutor:
    """Return an executor that checks the constraints after each migration.

    PostgreSQL alters no table while rows of it wait to be checked, as they do in one transaction.
    """

    def check(action, migration=None, fake=False):
        if action.endswith("_success"):
            connection.check_constraints()

    return MigrationExecutor(connection, check)
