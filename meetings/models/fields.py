"""Text as the record stores it: trimmed, Unicode NFC, LF line ends, no control characters.

The columns normalise, whatever the way in (form, file, fixture); validation names what is refused.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.lookups import Regex

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
RESERVED_SLUGS = {"by-meeting", "history"}
# Control characters but tab, LF and CR; lone surrogates; Unicode's non-characters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
# Scheme, who signs in, host.
HOST = re.compile(r"^([A-Za-z]+://)([^/?#@]*@)?([^/?#]*)")


def normalise(text: str) -> str:
    """Return ``text`` as it is stored; text of invisible characters alone is empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    text = unicodedata.normalize("NFC", text)
    if all(unicodedata.category(char) in {"Cf", "Zs", "Zl", "Zp", "Cc"} for char in text[:500]):
        # A forbidden character stays, so that validation can name it.
        return text if FORBIDDEN.search(text) or len(text) > 500 else ""
    return text


def validate_characters(text: str) -> None:
    """Raise ValidationError for a character that text cannot hold, and say which and where."""
    if found := FORBIDDEN.search(text):
        raise ValidationError(
            f"Remove the character U+{ord(found[0]):04X} at position {found.start() + 1}.",
            code="forbidden_character",
        )


def validate_slug(slug: str) -> None:
    """Raise ValidationError unless ``slug`` is one: small letters, digits, single hyphens."""
    if not re.fullmatch(SLUG_PATTERN[1:-1], slug):
        raise ValidationError(
            "Use small letters, digits and single hyphens, as in geneva-1985.",
            code="slug",
        )
    if slug in RESERVED_SLUGS:
        raise address_taken(slug)


def address_taken(slug: str) -> ValidationError:
    """Return the refusal of a slug whose address the site uses itself."""
    return ValidationError(f"“{slug}” is an address of this site. Choose another.", code="reserved")


validate_address = URLValidator(
    schemes=["http", "https"],
    message="Enter a full address that starts with https://",
)
# BCP 47 (RFC 5646): language, and if need be script and region: en, sr-Latn, pt-BR.
validate_language = RegexValidator(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    "Enter a language tag as in BCP 47: en, ru, sr-Latn, pt-BR.",
)
validate_wikidata = RegexValidator(r"^Q[1-9][0-9]*$", "Enter a Wikidata item, such as Q42.")


def normalise_address(text: str) -> str:
    """Return an address as it is stored: capitals mean nothing in its scheme and its host."""
    text = normalise(text)
    if found := HOST.match(text):
        scheme, user, host = found.groups(default="")
        text = f"{scheme.lower()}{user}{host.lower()}{text[found.end() :]}"
    return text


class NormalText:
    """What the text columns share: reading and storing normal text."""

    default_validators: list[Callable[[Any], None]] = [validate_characters]
    normalise = staticmethod(normalise)

    def to_python(self, value):
        value = super().to_python(value)
        return self.normalise(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.normalise(value) if isinstance(value, str) else value


class LineField(NormalText, models.CharField):
    """A line of text."""


class AddressField(LineField):
    """The full address of a page elsewhere."""

    default_validators = [*LineField.default_validators, validate_address]
    normalise = staticmethod(normalise_address)


class TextField(NormalText, models.TextField):
    """Plain text of any length."""


class ProseField(TextField):
    """Markdown text with citation markers; see ``meetings.text.markdown``."""


class SlugField(models.CharField):
    """The last part of an entry's address, which files and other rows know it by."""

    default_validators = [validate_slug]

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 100, "unique": True} | kwargs)


def pattern_constraint(table: str, column: str, pattern: str, message: str):
    """Return the constraint that a column's text matches ``pattern``."""
    return models.CheckConstraint(
        # A plain text column: a country's own lookups are about names, not codes.
        condition=Regex(ExpressionWrapper(F(column), models.CharField()), pattern),
        name=f"{table}_{column}_is_well_formed",
        violation_error_message=message,
    )


def slug_constraint(table: str):
    """Return the constraint that a slug is small letters, digits and single hyphens."""
    return pattern_constraint(
        table,
        "slug",
        SLUG_PATTERN,
        "Use small letters, digits and single hyphens, as in geneva-1985.",
    )


def country_constraint(table: str, column: str = "country", *, required: bool = False):
    """Return the constraint that a country is a code of two capitals, or empty."""
    return pattern_constraint(
        table,
        column,
        r"^[A-Z]{2}$" if required else r"^([A-Z]{2})?$",
        "Enter a country as a code of two capitals, such as FI.",
    )


def choice_constraint(table: str, column: str, choices: type[models.TextChoices], *, blank=False):
    """Return the constraint that a column holds one of its values."""
    values = ([""] if blank else []) + choices.values
    return models.CheckConstraint(
        condition=Q(**{f"{column}__in": values}),
        name=f"{table}_{column}_is_known",
        violation_error_message=f"Choose one of: {', '.join(choices.values)}.",
    )
