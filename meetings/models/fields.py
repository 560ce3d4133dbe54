"""Text fields that store normalized text: trimmed, Unicode NFC, LF line ends.

Forms, files and fixtures are normalized alike; validation refuses control characters. Beside them
the validators and the constraints that several models share.
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

MAX_QUOTATION_WORDS = 50
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
RESERVED_SLUGS = {"by-meeting", "history"}
# Control characters except tab, LF and CR; lone surrogates; Unicode's noncharacters.
FORBIDDEN_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
# Unicode's categories of invisible characters; a text of more of them than this is kept.
INVISIBLE_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Zs"}
INVISIBLE_CHARACTERS = 500
# What the parser of Markdown looks at one by one, some 20 microseconds each.
FORMATTING_SIGNS = "[]*_`<>&\\~|#\n"
MOST_FORMATTING_SIGNS = 2_500
# Scheme, user information, host (RFC 3986).
SCHEME_AND_HOST = re.compile(r"^([A-Za-z]+://)([^/?#@]*@)?([^/?#]*)")


def normalize_text(text: str) -> str:
    """Return ``text`` as it is stored; text of invisible characters only becomes empty."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    text = unicodedata.normalize("NFC", text)
    beginning = text[:INVISIBLE_CHARACTERS]
    if all(unicodedata.category(char) in INVISIBLE_CATEGORIES for char in beginning):
        # A forbidden character stays, so that validation can name it.
        return text if FORBIDDEN_CHARACTER.search(text) or text != beginning else ""
    return text


def validate_characters(text: str) -> None:
    """Raise ValidationError for a forbidden character, with its code point and position."""
    if found := FORBIDDEN_CHARACTER.search(text):
        raise ValidationError(
            f"Remove the character U+{ord(found[0]):04X} at position {found.start() + 1}.",
            code="forbidden_character",
        )


def validate_slug(slug: str) -> None:
    """Raise ValidationError unless ``slug`` is small letters, digits and single hyphens."""
    if not re.fullmatch(SLUG_PATTERN[1:-1], slug):
        raise ValidationError(
            "Use small letters, digits and single hyphens, as in geneva-1985.",
            code="slug",
        )
    if slug in RESERVED_SLUGS:
        raise reserved_slug_error(slug)


def reserved_slug_error(slug: str) -> ValidationError:
    """Return the error for a slug whose address is one of the site's own pages."""
    return ValidationError(f"“{slug}” is an address of this site. Choose another.", code="reserved")


validate_address = URLValidator(
    schemes=["http", "https"],
    message="Enter a full address that starts with https://",
)
# BCP 47 (RFC 5646): a language, perhaps with script and region: en, sr-Latn, pt-BR.
validate_language = RegexValidator(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$",
    "Enter a language tag as in BCP 47: en, ru, sr-Latn, pt-BR.",
)
validate_wikidata = RegexValidator(r"^Q[1-9][0-9]*$", "Enter a Wikidata item, such as Q42.")


def normalize_address(text: str) -> str:
    """Return an address as it is stored: scheme and host, which ignore case, in lower case."""
    text = normalize_text(text)
    if found := SCHEME_AND_HOST.match(text):
        scheme, user, host = found.groups(default="")
        text = f"{scheme.lower()}{user}{host.lower()}{text[found.end() :]}"
    return text


def validate_quotation_length(quotation: str) -> None:
    """Raise ValidationError, for the column, if a quotation has too many words."""
    if len(quotation.split()) > MAX_QUOTATION_WORDS:
        raise ValidationError(
            {"quotation": f"Shorten the quotation to at most {MAX_QUOTATION_WORDS} words."}
        )


class NormalizedText:
    """Mixin for text fields that normalize what they are given."""

    default_validators: list[Callable[[Any], None]] = [validate_characters]
    normalize = staticmethod(normalize_text)

    def to_python(self, value):
        value = super().to_python(value)
        return self.normalize(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.normalize(value) if isinstance(value, str) else value


class LineField(NormalizedText, models.CharField):
    """A single line of text."""


class AddressField(LineField):
    """The full address of a page on another site."""

    default_validators = [*LineField.default_validators, validate_address]
    normalize = staticmethod(normalize_address)


class TextField(NormalizedText, models.TextField):
    """Plain text of any length."""


def validate_formatting(text: str) -> None:
    """Raise ValidationError for more signs of Markdown than are read in a moment."""
    signs = sum(map(text.count, FORMATTING_SIGNS))
    if signs > MOST_FORMATTING_SIGNS:
        raise ValidationError(
            f"This text has {signs:,} signs of formatting and line ends, such as [ and *; at most"
            f" {MOST_FORMATTING_SIGNS:,} are read. Take some out, or split the text.",
            code="formatting",
        )


class ProseField(TextField):
    """Markdown text with citation markers; see ``meetings.text.markdown``."""

    default_validators = [*TextField.default_validators, validate_formatting]


class SlugField(models.CharField):
    """The last part of a row's address, by which files and other rows name it."""

    default_validators = [validate_slug]

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 100, "unique": True} | kwargs)


def pattern_constraint(table: str, column: str, pattern: str, message: str):
    """Return the constraint that a column's text matches ``pattern``."""
    return models.CheckConstraint(
        # As a CharField: the lookups of a CountryField are about names, not codes.
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


def quotation_constraint(table: str):
    """Return the constraint that a quotation has its source and its language."""
    return models.CheckConstraint(
        condition=Q(quotation="") | (Q(quotation_source__isnull=False) & ~Q(quotation_language="")),
        name=f"{table}_quotation_has_source_and_language",
        violation_error_message="A quotation needs its source and its language.",
    )


def choice_constraint(table: str, column: str, choices: type[models.TextChoices], *, blank=False):
    """Return the constraint that a column has one of its choices."""
    values = ([""] if blank else []) + choices.values
    return models.CheckConstraint(
        condition=Q(**{f"{column}__in": values}),
        name=f"{table}_{column}_is_known",
        violation_error_message=f"Choose one of: {', '.join(choices.values)}.",
    )
