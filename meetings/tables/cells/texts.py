"""Cells of words: text, choices, countries, and the slugs of other rows."""

import re
from itertools import pairwise

from django.core.exceptions import ValidationError
from django_countries import countries
from import_export import widgets

from ...models.fields import normalise, validate_characters
from .base import Cells
from .suggestions import COUNTRIES, Suggestion, nearest

SEPARATOR = "|"
LONGEST = 1_000_000
# Capitals and low lines too: the nearest slug that is there is then said.
LIKE_A_SLUG = re.compile(r"[-A-Za-z0-9_]*")


class TextWidget(Cells, widgets.CharWidget):
    """Text as it is stored; an empty cell is an empty text."""

    def __init__(self, field=None):
        super().__init__()
        self.longest = getattr(field, "max_length", None) or LONGEST
        self.normalise = getattr(field, "normalise", normalise)
        self.is_plain = self.normalise is normalise
        own = getattr(field, "validators", ())
        self.validators = [v for v in own if v is not validate_characters]

    def clean(self, value, row=None, **kwargs):
        if not value or (self.is_plain and value.isascii() and value.isprintable()):
            # Most cells: nothing but spaces around them is otherwise than it is stored.
            text = (value or "").strip()
        else:
            text = self.normalise(value)
            validate_characters(text)
        if len(text) > self.longest:
            raise ValidationError(
                f"Shorten the text to at most {self.longest:,} characters; it has {len(text):,}."
            )
        for validate in self.validators if text else ():
            validate(text)
        return text

    def canonical(self, text):
        return self.clean(text)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class ChoiceWidget(TextWidget):
    """One of a few words, compared exactly."""

    def __init__(self, field):
        super().__init__()
        name = str(field.verbose_name)
        self.name = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        self.known = [value for value, _ in field.choices if value]

    def clean(self, value, row=None, **kwargs):
        word = (value or "").strip()
        if word and word not in self.known:
            listed = f"{', '.join(self.known[:-1])} or {self.known[-1]}"
            raise Suggestion(
                f"“{word[:60]}” is not {self.name}. Use {listed}.", nearest(word, self.known)
            )
        return word


class CountryWidget(Cells, widgets.CharWidget):
    """An ISO 3166-1 code of two capitals, or XK or EU."""

    def clean(self, value, row=None, **kwargs):
        code = (value or "").strip()
        if not code or code in countries.countries:
            return code
        meant = COUNTRIES.get(code.upper()) or (
            code.upper() if code.upper() in countries.countries else ""
        )
        raise Suggestion(
            f"“{code[:60]}” is not a country. Use its code of two capitals (ISO 3166-1).",
            meant or countries.by_name(code),
        )

    def render(self, value, obj=None, **kwargs):
        return str(getattr(value, "code", value) or "") if value else ""


def refuse_unlike(slugs: list[str], advice: str = "") -> None:
    """Raise ValidationError for what no slug could be, and no address could hold."""
    for slug in slugs:
        if not LIKE_A_SLUG.fullmatch(slug):
            text = f"“{slug[:60]}” is not a slug. Use small letters, digits and single hyphens."
            raise ValidationError(text + advice)


class SlugWidget(Cells, widgets.ForeignKeyWidget):
    """The slug of another row. Reading leaves it a slug: whether it is there is asked of many."""

    def clean(self, value, row=None, **kwargs):
        slug = (value or "").strip()
        refuse_unlike([slug])
        return slug

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""

    def canonical(self, text):
        return self.clean(text)


class SlugsWidget(Cells, widgets.ManyToManyWidget):
    """The slugs of several other rows, in alphabetical order; read as ``SlugWidget`` does."""

    def clean(self, value, row=None, **kwargs):
        slugs = [slug.strip() for slug in (value or "").split(SEPARATOR)]
        slugs = sorted(slug for slug in slugs if slug)
        refuse_unlike(slugs, f" Separate several by “{SEPARATOR}”.")
        for slug, following in pairwise(slugs):
            if slug == following:
                raise ValidationError(f"“{slug[:60]}” stands twice in this cell. Name it once.")
        return slugs

    def render(self, value, obj=None, **kwargs):
        return SEPARATOR.join(sorted(row.slug for row in value.all())) if value else ""

    def canonical(self, text):
        return SEPARATOR.join(self.clean(text))

    def value(self, cell):
        return cell.split(SEPARATOR) if cell else []
