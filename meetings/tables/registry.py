"""The tables of the record: names, keys, columns and the order in which they depend on each other.

Files, fixtures, snapshots, downloads and the codebook take their columns from here, so that they
cannot disagree.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from django.apps import apps
from django.db import connection, models

from ..models import (
    Account,
    Actor,
    Claim,
    Discussion,
    Issue,
    Meeting,
    Milestone,
    Outcome,
    Page,
    Participation,
    Place,
    Position,
    Publishable,
    Reaction,
    Readout,
    Redirect,
    Source,
    Theme,
    VersionedModel,
)
from ..models.fields import ProseField

# Columns of files alone: the slug that a row is to have, and whether it is taken out.
NEW_SLUG, REMOVE = "new_slug", "remove"
FILE_COLUMNS = (NEW_SLUG, REMOVE)


@dataclass(frozen=True)
class Table:
    """A model as a table of cells: one file, one section of the codebook.

    ``key`` is the natural key by which rows are matched; ``owner`` is the column that names the
    entry which a part belongs to.
    """

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    columns: tuple[str, ...]
    owner: str = ""

    @cached_property
    def file_columns(self) -> tuple[str, ...]:
        """The columns that its files may have: its own, and those that say what to do to a row."""
        acts = FILE_COLUMNS if issubclass(self.model, VersionedModel) else (REMOVE,)
        return (*self.columns, *acts)

    @cached_property
    def prose_columns(self) -> tuple[str, ...]:
        """The columns that hold Markdown with citation markers."""
        return tuple(name for name in self.columns if isinstance(self.field(name), ProseField))

    @cached_property
    def foreign_keys(self) -> dict[str, type[models.Model]]:
        """The columns that hold one slug, with the model it names."""
        fields = (self.field(name) for name in self.columns)
        return {f.name: f.related_model for f in fields if isinstance(f, models.ForeignKey)}

    @cached_property
    def many_to_many(self) -> dict[str, type[models.Model]]:
        """The columns that hold several slugs, with the model they name."""
        fields = (self.field(name) for name in self.columns)
        return {f.name: f.related_model for f in fields if isinstance(f, models.ManyToManyField)}

    def field(self, column: str) -> models.Field:
        """Return a column's field, which is never a reverse relation."""
        return cast(models.Field, self.model._meta.get_field(column))

    def relation(self, column: str) -> models.ManyToManyField:
        """Return the field of a column that holds several slugs."""
        return cast(models.ManyToManyField, self.field(column))

    @property
    def key_lookups(self) -> tuple[str, ...]:
        """The key as lookups, in the order in which files are sorted."""
        return tuple(f"{name}__slug" if name in self.foreign_keys else name for name in self.key)

    @cached_property
    def parts(self) -> list["Table"]:
        """The tables whose rows belong to a row of this one."""
        return [
            table
            for table in TABLES
            if table.owner and table.model._meta.get_field(table.owner).related_model is self.model
        ]


def define_table(name, model, key, columns, owner=""):
    """Return a table whose key and columns are given as names with spaces between them."""
    return Table(name, model, tuple(key.split()), tuple(columns.split()), owner)


TABLES = (
    define_table("places", Place, "slug", "slug venue city country latitude longitude"),
    define_table(
        "actors",
        Actor,
        "slug",
        "slug name sort_name other_names kind country description wikidata",
    ),
    define_table(
        "sources",
        Source,
        "slug",
        "slug title authors publisher published url archived_url kind accessed language"
        " title_is date_is origin ownership read check_note note",
    ),
    define_table(
        "claims",
        Claim,
        "source order",
        "source order section text assessment note meetings issues reactions themes milestones",
        owner="source",
    ),
    define_table(
        "meetings",
        Meeting,
        "slug",
        "slug title starts_on ends_on date_note forum format event_status place duration_minutes"
        " duration_note participants_note summary body accounts_differ sources status publish_at",
    ),
    define_table(
        "participations",
        Participation,
        "meeting actor",
        "meeting actor government role presence order",
        owner="meeting",
    ),
    define_table(
        "readouts",
        Readout,
        "meeting government",
        "meeting government issued_on language text",
        owner="meeting",
    ),
    define_table("outcomes", Outcome, "meeting order", "meeting order state text", owner="meeting"),
    define_table("issues", Issue, "slug", "slug title summary body sources status publish_at"),
    define_table("positions", Position, "issue government", "issue government text", owner="issue"),
    define_table(
        "discussions",
        Discussion,
        "meeting issue",
        "meeting issue basis agreement summary outcome",
        owner="meeting",
    ),
    define_table(
        "accounts",
        Account,
        "meeting issue government",
        "meeting issue government finding text quotation quotation_language quotation_source"
        " translation",
        owner="meeting",
    ),
    define_table(
        "reactions",
        Reaction,
        "slug",
        "slug meeting issues attribution actors role affiliation capacity country reacted_on"
        " stance summary quotation quotation_language quotation_source sources status publish_at",
    ),
    define_table(
        "themes",
        Theme,
        "slug",
        "slug title summary body views_for views_against meetings issues reactions sources status"
        " publish_at",
    ),
    define_table(
        "milestones",
        Milestone,
        "slug",
        "slug occurred_on kind title summary meetings issues sources status publish_at",
    ),
    define_table("pages", Page, "slug", "slug title summary body sources status publish_at"),
    define_table("redirects", Redirect, "old_path", "old_path new_path"),
)
TABLES_BY_NAME = {table.name: table for table in TABLES}
TABLES_BY_MODEL = {table.model: table for table in TABLES}

# What lists add to their rows: where each is, and what of it one has. Files may bring them back.
ADDED_COLUMNS = ("address", "revision", "changed")

# The tables with revisions: entries, and the references they share.
ENTRY_TABLES = tuple(table for table in TABLES if issubclass(table.model, Publishable))
VERSIONED_TABLES = tuple(table for table in TABLES if issubclass(table.model, VersionedModel))


def refresh_statistics() -> None:
    """Refresh the statistics of the database's query planner, after many rows were written.

    With those of an empty table PostgreSQL chooses plans that take seconds, not milliseconds.
    """
    config = apps.get_app_config("meetings")
    with connection.cursor() as cursor:
        for model in config.get_models(include_auto_created=True):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
