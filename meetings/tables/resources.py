"""The django-import-export resources: one for each table, one field and widget for each column.

They parse and format cells. Which rows, in which order and whether they may be written is for
others, so the resources' own ``export`` and ``import_data`` are not used.
"""

from import_export import resources
from import_export.fields import Field
from import_export.widgets import Widget

from .cells import (
    SEPARATOR,
    ChoiceWidget,
    CoordinateWidget,
    CountryWidget,
    DateTimeWidget,
    DateWidget,
    IntegerWidget,
    SlugListWidget,
    SlugWidget,
    TextWidget,
)
from .registry import TABLES, Table

WIDGETS = {
    "DateTimeField": DateTimeWidget,
    "DecimalField": CoordinateWidget,
    "PositiveIntegerField": IntegerWidget,
    "CountryField": CountryWidget,
}


# Columns that say how far a date in the same row is known.
DATE_NOTES = ("date_note", "date_is")


class TableResource(resources.ModelResource):
    """The columns of one table."""

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        # The library's own would read a foreign key as its id, and fill empty cells with defaults.
        return Field(field_name, field_name, widget_for_field(django_field), readonly=readonly)


def widget_for_field(field) -> Widget:
    """Return the widget that parses and formats the cells of a model's field."""
    if field.many_to_one:
        return SlugWidget(field.related_model, "slug")
    if field.many_to_many:
        return SlugListWidget(field.related_model, SEPARATOR, "slug")
    if field.get_internal_type() == "DateField":
        columns = {each.name for each in field.model._meta.get_fields()}
        return DateWidget(next((name for name in DATE_NOTES if name in columns), ""))
    kind = "CountryField" if hasattr(field, "countries") else field.get_internal_type()
    if kind in WIDGETS:
        return WIDGETS[kind]()
    return ChoiceWidget(field) if field.choices else TextWidget(field)


RESOURCES: dict[str, TableResource] = {
    table.name: resources.modelresource_factory(
        table.model, TableResource, meta_options={"fields": table.columns}
    )()
    for table in TABLES
}


def row_cells(table: Table, instance) -> dict[str, str]:
    """Return an object's cells by column, as a file holds them; for many objects, see ``rows``."""
    fields = RESOURCES[table.name].fields
    return {column: fields[column].export(instance) for column in table.columns}


def is_text_column(table: Table, column: str) -> bool:
    """Return whether a column holds free text, and not a number, date, slug or choice."""
    return type(column_widget(table, column)) is TextWidget


def column_widget(table: Table, column: str):
    """Return the widget that parses and formats the cells of a column."""
    return RESOURCES[table.name].fields[column].widget
