"""The row of each table, as django-import-export declares it: one field and widget for each cell.

Reads and writes cells; which rows, in which order and whether they may be, is for others.
"""

from datetime import UTC, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.dateparse import parse_date, parse_datetime
from import_export import resources, widgets
from import_export.fields import Field

from .tables import TABLES, Table

SEPARATOR = "|"


class TextWidget(widgets.CharWidget):
    """Text as it is stored; an empty cell is an empty text."""

    def clean(self, value, row=None, **kwargs):
        return "" if value is None else str(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class NumberWidget(widgets.IntegerWidget):
    def clean(self, value, row=None, **kwargs):
        if value in ("", None):
            return None
        return int(value)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class DegreesWidget(widgets.DecimalWidget):
    """A coordinate, without trailing zeros."""

    def clean(self, value, row=None, **kwargs):
        return Decimal(value) if value else None

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{Decimal(value).normalize():f}"


class TruthWidget(widgets.BooleanWidget):
    """``true`` or ``false``, in any case; empty is false."""

    def clean(self, value, row=None, **kwargs):
        word = str(value or "false").strip().lower()
        if word not in {"true", "false"}:
            raise ValidationError("Enter true or false.")
        return word == "true"

    def render(self, value, obj=None, **kwargs):
        return "true" if value else "false"


class DayWidget(widgets.DateWidget):
    """A date as YYYY-MM-DD (ISO 8601)."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        day = parse_date(value) if len(value) == 10 else None
        if day is None:
            raise ValidationError("Enter the date as 2018-07-16.")
        return day

    def render(self, value, obj=None, **kwargs):
        return value.isoformat() if value else ""


class MomentWidget(widgets.DateTimeWidget):
    """A time with its offset; written in UTC with ``Z``."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise ValidationError("Enter the time as 2026-11-22T09:00Z.")
        return moment.astimezone(UTC)

    def render(self, value: datetime | None, obj=None, **kwargs):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value else ""


class CountryWidget(widgets.CharWidget):
    """An ISO 3166-1 code of two capitals."""

    def clean(self, value, row=None, **kwargs):
        return value or ""

    def render(self, value, obj=None, **kwargs):
        return str(value.code or "") if value else ""


class SlugWidget(widgets.ForeignKeyWidget):
    """The slug of another row."""

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""


class SlugsWidget(widgets.ManyToManyWidget):
    """The slugs of several other rows, in alphabetical order."""

    def render(self, value, obj=None, **kwargs):
        return SEPARATOR.join(sorted(row.slug for row in value.all())) if value else ""


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


def widget_for(field) -> widgets.Widget:
    """Return the widget that reads and writes a column's cells."""
    if field.many_to_one:
        return SlugWidget(field.related_model, "slug")
    if field.many_to_many:
        return SlugsWidget(field.related_model, SEPARATOR, "slug")
    kind = "CountryField" if hasattr(field, "countries") else field.get_internal_type()
    return WIDGETS.get(kind, TextWidget)()


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


RESOURCES = {table.name: resource_for(table) for table in TABLES}


def row_of(table: Table, instance) -> dict[str, str]:
    """Return a row's cells by column, as a file would hold them."""
    fields = RESOURCES[table.name].fields
    return {column: fields[column].export(instance) for column in table.columns}


def rows_of(table: Table, queryset):
    """Yield the instances of a queryset with what their cells need fetched, in order of the key.

    Of the rows that they name, the slug alone is fetched.
    """
    own = (field.name for field in table.model._meta.concrete_fields)
    named = (
        Prefetch(column, model._default_manager.only("slug").order_by())
        for column, model in table.many_to_many.items()
    )
    return (
        queryset.select_related(*table.foreign_keys)
        .only(*own, *(f"{column}__slug" for column in table.foreign_keys))
        .prefetch_related(*named)
        .order_by(*table.key_lookups)
    )
