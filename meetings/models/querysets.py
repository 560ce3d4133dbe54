"""Helpers that several querysets share: related managers, counts, order by country."""

from typing import Any

from django.db import models
from django.db.models import Case, Count, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django_countries import countries


def related_manager(model: type[models.Model], relation: str) -> Any:
    """Return the manager of a related model by the name of the relation.

    Avoids circular imports between models.
    """
    field: Any = model._meta.get_field(relation)
    return field.related_model.objects


def count_subquery(rows, column):
    """Return a subquery that counts the ``rows`` whose ``column`` is the outer row."""
    counted = rows.order_by().filter(**{column: OuterRef("pk")}).values(column)
    number = counted.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=models.IntegerField()), 0)


def add_counts(rows, name, counted, column):
    """Set on each row, as ``name``, how many of ``counted`` name it in ``column``.

    One grouped query: a subquery for each row takes seconds in a large record.
    """
    ids = [row.pk for row in rows]
    found = counted.order_by().filter(**{f"{column}__in": ids}).values_list(column)
    numbers = dict(found.annotate(models.Count("pk")))
    for row in rows:
        setattr(row, name, numbers.get(row.pk, 0))


def in_country_order(queryset, column="country"):
    """Annotate ``country_order``: the position of a row's country by English name, or the last."""
    codes = queryset.order_by().values_list(column, flat=True).distinct()
    names = sorted((countries.name(code) or code, code) for code in codes if code)
    positions = [When(**{column: code}, then=index) for index, (_, code) in enumerate(names)]
    last = models.Value(len(names))
    return queryset.annotate(
        country_order=Case(*positions, default=last, output_field=models.IntegerField())
    )
