"""The row of each table, as django-import-export declares it: one field and widget for each cell.

Reads and writes cells; which rows, in which order and whether they may be, is for others.
"""

from import_export import resources
from import_export.fields import Field
from import_export.widgets import Widget

from .cells import (
    SEPARATOR,
    ChoiceWidget,
    CountryWidget,
    DayWidget,
    DegreesWidget,
    MomentWidget,
    NumberWidget,
    SlugsWidget,
    SlugWidget,
    TextWidget,
    TruthWidget,
)
from .registry import TABLES, Table

WIDGETS = {
    "BooleanField": TruthWidget,
    "DateField": DayWidget,
    "DateTimeField": MomentWidget,
    "DecimalField": DegreesWidget,
    "PositiveIntegerField": NumberWidget,
    "CountryField": CountryWidget,
}


class TableResource(resources.ModelResource):
    """The rows of one table, matched by its natural key."""

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        # The library's own would read a foreign key as its id, and fill empty cells with defaults.
        return Field(field_name, field_name, widget_for(django_field), readonly=readonly)


def widget_for(field) -> Widget:
    """Return the widget that reads and writes a column's cells."""
    if field.many_to_one:
        return SlugWidget(field.related_model, "slug")
    if field.many_to_many:
        return SlugsWidget(field.related_model, SEPARATOR, "slug")
    kind = "CountryField" if hasattr(field, "countries") else field.get_internal_type()
    if kind in WIDGETS:
        return WIDGETS[kind]()
    return ChoiceWidget(field) if field.choices else TextWidget(field)


def resource_for(table: Table) -> TableResource:
    """Return the resource that reads and writes a table's rows."""
    factory = resources.modelresource_factory(
        model=table.model,
        resource_class=TableResource,
        meta_options={
            "fields": table.columns,
            "import_id_fields": table.key,
            "clean_model_instances": True,
            "skip_unchanged": True,
            "use_transactions": True,
            "rollback_on_validation_errors": True,
        },
    )
    return factory()


__all__ = ["RESOURCES", "SEPARATOR", "is_text", "row_of", "widget_of"]

RESOURCES = {table.name: resource_for(table) for table in TABLES}


def row_of(table: Table, instance) -> dict[str, str]:
    """Return an object's cells by column, as a file would hold them; of many, see ``rows``."""
    fields = RESOURCES[table.name].fields
    return {column: fields[column].export(instance) for column in table.columns}


def is_text(table: Table, column: str) -> bool:
    """Return whether a column holds text as it was written: no number, date, slug or choice."""
    return type(widget_of(table, column)) is TextWidget


def widget_of(table: Table, column: str):
    """Return the widget of a column: ``canonical`` reads a cell, ``value`` gives its value."""
    return RESOURCES[table.name].fields[column].widget
