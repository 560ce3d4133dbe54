"""Widgets for text, choices, countries, and the slugs of other rows."""

import re
from itertools import pairwise

from django.core.exceptions import ValidationError
from django_countries import countries
from import_export import widgets

from ...models.fields import normalize_text, validate_characters
from .base import CellWidget, Suggestion, closest_match

SEPARATOR = "|"
MAX_CELL_CHARACTERS = 1_000_000
# Capitals and underscores too: for those the closest slug that exists is suggested later.
SLUG_LIKE = re.compile(r"[-A-Za-z0-9_]*")
STRICT_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
OTHER_SEPARATORS = re.compile(r"[,;\n]")
# Codes that people write for others; ISO 3166-1 reserves them.
COUNTRY_ALIASES = {"UK": "GB", "EL": "GR"}


class TextWidget(CellWidget, widgets.CharWidget):
    """Text as it is stored; an empty cell is an empty text."""

    def __init__(self, field=None):
        super().__init__()
        self.max_characters = getattr(field, "max_length", None) or MAX_CELL_CHARACTERS
        self.normalize = getattr(field, "normalize", normalize_text)
        self.is_plain = self.normalize is normalize_text
        validators = getattr(field, "validators", ())
        self.validators = [v for v in validators if v is not validate_characters]

    def clean(self, value, row=None, **kwargs):
        if not value or (self.is_plain and value.isascii() and value.isprintable()):
            # Most cells: ASCII on one line is normal text but for spaces around it.
            text = (value or "").strip()
        else:
            text = self.normalize(value)
            validate_characters(text)
        if len(text) > self.max_characters:
            raise ValidationError(
                f"Shorten the text to at most {self.max_characters:,} characters;"
                f" it has {len(text):,}."
            )
        for validate in self.validators if text else ():
            validate(text)
        return text

    def canonical(self, text):
        return self.clean(text)

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class ChoiceWidget(TextWidget):
    """One of the values of a column with choices, compared exactly."""

    def __init__(self, field):
        super().__init__()
        name = str(field.verbose_name)
        self.name = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        self.values = [value for value, _ in field.choices if value]
        self.by_label = {str(label).casefold(): value for value, label in field.choices if value}

    def spelled(self, word: str) -> str:
        """Return the value that differs from a word in its spelling alone, or nothing."""
        folded = word.casefold()
        joined = folded.replace(" ", "_").replace("-", "_")
        return joined if joined in self.values else self.by_label.get(folded, "")

    def clean(self, value, row=None, **kwargs):
        word = (value or "").strip()
        if word and word not in self.values:
            listed = f"{', '.join(self.values[:-1])} or {self.values[-1]}"
            spelled = self.spelled(word)
            raise Suggestion(
                f"“{word[:60]}” is not {self.name}. Use {listed}.",
                spelled or closest_match(word, self.values),
                is_certain=bool(spelled),
            )
        return word


class CountryWidget(CellWidget, widgets.CharWidget):
    """An ISO 3166-1 code of two capitals, or XK or EU."""

    def clean(self, value, row=None, **kwargs):
        code = (value or "").strip()
        if not code or code in countries.countries:
            return code
        alias = COUNTRY_ALIASES.get(code.upper()) or countries.alpha2(code.upper())
        raise Suggestion(
            f"“{code[:60]}” is not a country. Use its code of two capitals (ISO 3166-1).",
            alias or countries.by_name(code),
            is_certain=True,
        )

    def render(self, value, obj=None, **kwargs):
        return str(getattr(value, "code", value) or "") if value else ""


def validate_slug_like(slugs: list[str], advice: str = "") -> None:
    """Raise ValidationError for a text with characters that neither a slug nor an address has."""
    for slug in slugs:
        if not SLUG_LIKE.fullmatch(slug):
            text = f"“{slug[:60]}” is not a slug. Use small letters, digits and single hyphens."
            raise ValidationError(text + advice)


class SlugWidget(CellWidget, widgets.ForeignKeyWidget):
    """The slug of another row; whether that row exists is checked later, for many rows at once."""

    def clean(self, value, row=None, **kwargs):
        slug = (value or "").strip()
        validate_slug_like([slug])
        return slug

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""

    def canonical(self, text):
        return self.clean(text)


def refuse_other_separators(text: str) -> None:
    """Raise Suggestion for slugs between commas, semicolons or line ends."""
    parts = [part.strip() for part in OTHER_SEPARATORS.split(text)]
    if len(parts) > 1 and all(STRICT_SLUG.fullmatch(part) for part in parts if part):
        raise Suggestion(
            f"“{text[:60]}” is not a slug. Separate several by “{SEPARATOR}”.",
            SEPARATOR.join(filter(None, parts)),
            is_certain=True,
        )


class SlugListWidget(CellWidget, widgets.ManyToManyWidget):
    """The slugs of several other rows, in alphabetical order; read as ``SlugWidget`` does."""

    def clean(self, value, row=None, **kwargs):
        slugs = [slug.strip() for slug in (value or "").split(SEPARATOR)]
        slugs = sorted(slug for slug in slugs if slug)
        if len(slugs) == 1:
            refuse_other_separators(slugs[0])
        validate_slug_like(slugs, f" Separate several by “{SEPARATOR}”.")
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
