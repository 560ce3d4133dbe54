"""Pieces of pages that are kept by what they are made of, in the memory of each process.

A piece is made of values alone: texts, dates, members of an enumeration, and rows, of which only
their own columns count. It sees copies of the rows that know no others, and may ask the database
nothing, so that what it is made of is always known, and no piece is ever stale.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from operator import itemgetter
from typing import Any

from django import template
from django.db import connection, models
from django.template.base import token_kwargs

# Of each kind.
MOST_PIECES = 2_000
NOT_FETCHED = object()

register = template.Library()


class NotMadeOfThis(Exception):
    """A piece asked the database for something that is not among what it is said to be made of."""


def refuse(execute, sql, params, many, context):
    raise NotMadeOfThis(f"A kept piece of a page asks the database: {sql[:300]}. Name the value.")


@lru_cache(maxsize=100)
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@lru_cache(maxsize=100)
def read_columns(model: type[models.Model]) -> Callable[[dict[str, Any]], Hashable]:
    """Return a function that reads all columns at once, as most rows have them."""
    return itemgetter(*columns_of(model))


def content_of(value: Any) -> Hashable:
    """Return what tells a value from any other; of a row, the columns that it was fetched with."""
    if not isinstance(value, models.Model):
        return value
    known, model = vars(value), type(value)
    try:
        return model, read_columns(model)(known)
    except KeyError:
        return model, *(known.get(name, NOT_FETCHED) for name in columns_of(model))


def alone(value: Any) -> Any:
    """Return a row as if it had been fetched by itself; any other value as it is."""
    if not isinstance(value, models.Model):
        return value
    known = vars(value)
    names = [name for name in columns_of(type(value)) if name in known]
    return type(value).from_db(value._state.db, names, [known[name] for name in names])


class Pieces:
    """The pieces of one kind, by the content of their values."""

    def __init__(self) -> None:
        self.pieces: dict[Hashable, str] = {}

    def piece(self, values: list[Any], make: Callable[..., str]) -> str:
        """Return the piece of some values, which ``make`` makes of them where it is not kept."""
        key = tuple(map(content_of, values))
        found = self.pieces.get(key)
        if found is None:
            with connection.execute_wrapper(refuse):
                found = make(*map(alone, values))
            if len(self.pieces) >= MOST_PIECES:
                self.pieces.clear()
            self.pieces[key] = found
        return found


def kept_piece(make: Callable[..., str]) -> Callable[..., str]:
    """Decorate a function that makes a piece of its arguments alone."""
    pieces = Pieces()

    @wraps(make)
    def piece(*values):
        return pieces.piece(list(values), make)

    return piece


class KeptNode(template.Node):
    def __init__(self, name, variables):
        self.name, self.variables, self.pieces = name, variables, Pieces()

    def render(self, context):
        values = [variable.resolve(context) for variable in self.variables.values()]

        def make(*given):
            component = context.template.engine.get_template(self.name)
            return component.render(context.new(dict(zip(self.variables, given, strict=True))))

        return self.pieces.piece(values, make)


@register.tag
def kept(parser, token):
    """Include a component as ``{% include … with … only %}`` does, and keep it by its values."""
    _, name, *values = token.split_contents()
    return KeptNode(name.strip('"'), token_kwargs(values, parser))
