"""A faster ``in`` for lists of thousands of values, and a faster year of a date."""

import json

from django.db.models import Field, ForeignKey, Lookup
from django.db.models.functions import ExtractYear


class InArray(Lookup):
    """``slug__in_array=[...]``: as ``in``, for texts and numbers.

    The list is one parameter of the query, and its values are not prepared one by one.
    """

    lookup_name = "in_array"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps([*self.rhs]))

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, [*self.rhs])


Field.register_lookup(InArray)
ForeignKey.register_lookup(InArray)


class Year(ExtractYear):
    """The year of a date (not of a time); SQLite has none, and Django's calls Python each time."""

    def as_sqlite(self, compiler, connection, **extra):
        column, params = compiler.compile(self.lhs)
        return f"CAST(SUBSTR({column}, 1, 4) AS INTEGER)", params
