"""Lookups that Django's own are too slow for, where thousands of rows are asked for at once."""

import json

from django.db.models import Field, ForeignKey, Lookup


class Among(Lookup):
    """Whether a value, a text or a number, is one of a list: ``slug__among=[...]``.

    As ``in``, but the list is one value for the database, and is not prepared value by value.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} IN (SELECT value FROM json_each(%s))", (*params, json.dumps([*self.rhs]))

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, [*self.rhs])


Field.register_lookup(Among)
ForeignKey.register_lookup(Among)
