"""What the querysets of several kinds of row share: related rows, counts, order by country."""

from typing import Any

from django.db import models
from django.db.models import Case, Count, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django_countries import countries


def related(model: type[models.Model], relation: str) -> Any:
    """Return the manager of the rows to which a relation leads, known by its name alone.

    So that no model imports another that imports it.
    """
    field: Any = model._meta.get_field(relation)
    return field.related_model.objects


def count_of(rows, column):
    """Return the expression that counts ``rows`` whose ``column`` is the outer row."""
    counted = rows.order_by().filter(**{column: OuterRef("pk")}).values(column)
    number = counted.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=models.IntegerField()), 0)


def add_counts(rows, name, counted, column):
    """Give each of a page's rows, as ``name``, how many of ``counted`` name it in ``column``.

    One grouped query: a subquery for each row takes seconds where the record is large.
    """
    ids = [row.pk for row in rows]
    found = counted.order_by().filter(**{f"{column}__in": ids}).values_list(column)
    numbers = dict(found.annotate(models.Count("pk")))
    for row in rows:
        setattr(row, name, numbers.get(row.pk, 0))


def in_country_order(queryset, column="country"):
    """Add ``country_order``: the place of a row's country by English name, those without last."""
    codes = queryset.order_by().values_list(column, flat=True).distinct()
    names = sorted((countries.name(code) or code, code) for code in codes if code)
    places = [When(**{column: code}, then=index) for index, (_, code) in enumerate(names)]
    last = models.Value(len(names))
    return queryset.annotate(
        country_order=Case(*places, default=last, output_field=models.IntegerField())
    )
