"""Choices of related rows that work without scripts: a slug or name is typed, and looked up.

With scripts the same fields search as one types (Django's autocomplete), and the field for words is
no part of the page.
"""

from collections.abc import Callable

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.urls import reverse
from django.utils.html import format_html

WORDS_SUFFIX = "_words"
# What marks, among the values of a field, words that are still to be looked up.
WORDS_MARK = "?"
SEPARATOR = ";"
MOST_OFFERED = 10


def typed_words(value) -> str:
    """Return the words in the value of a field of one row or of several; empty for none."""
    values = value if isinstance(value, list | tuple) else [value]
    found = [str(each)[1:] for each in values if str(each).startswith(WORDS_MARK)]
    return found[0] if found else ""


class TypedWords:
    """An autocomplete field with another beside it, without scripts, that takes slugs or names."""

    words_help = "Or its slug or name"

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        words = (data.get(f"{name}{WORDS_SUFFIX}") or "").strip()
        return self.with_words(value, f"{WORDS_MARK}{words}") if words else value

    def with_words(self, value, words):
        return words

    def render(self, name, value, attrs=None, renderer=None):
        words = typed_words(value)
        model = self.field.remote_field.model
        return format_html(
            '{}<noscript><label>{}: <input type="text" name="{}" value="{}"></label>'
            ' <a href="{}" target="_blank">Add a new {} in a tab of its own</a></noscript>',
            super().render(name, value, attrs, renderer),
            self.words_help,
            f"{name}{WORDS_SUFFIX}",
            words,
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"),
            model._meta.verbose_name,
        )

    def optgroups(self, name, value, attr=None):
        rows = [each for each in value if not str(each).startswith(WORDS_MARK)]
        return super().optgroups(name, rows, attr)


class TypedSelect(TypedWords, AutocompleteSelect):
    """A field of one row."""


class TypedSelectMultiple(TypedWords, AutocompleteSelectMultiple):
    """A field of several rows."""

    words_help = "And slugs or names, a semicolon between them"

    def with_words(self, value, words):
        return [*(value or []), words]


class TypedChoice:
    """A field of related rows that looks up typed words by ``find``, of which it names several."""

    find: Callable
    label_from_instance: Callable

    def row_of(self, words):
        """Return the one row that words name; raise ValidationError for none and for several."""
        if row := self.queryset.filter(slug=words).first():
            return row
        rows = list(self.find(self.queryset, words)[: MOST_OFFERED + 1])
        if len(rows) == 1:
            return rows[0]
        raise forms.ValidationError(self.refusal(words, rows))

    def refusal(self, words, rows):
        """Return why words name no row, with those among which to choose."""
        if not rows:
            name = self.queryset.model._meta.verbose_name
            return f"There is no {name} “{words}”. Type its slug or name."
        shown = rows[:MOST_OFFERED]
        offered = "; ".join(f"{self.label_from_instance(row)} [{row.slug}]" for row in shown)
        which = "one of these, among others" if len(rows) > MOST_OFFERED else "one of these"
        return f"“{words}” may be {which}: {offered}. Type the slug, which stands in brackets."


class TypedModelChoice(TypedChoice, forms.ModelChoiceField):
    def to_python(self, value):
        words = typed_words(value)
        return self.row_of(words) if words else super().to_python(value)


class TypedModelChoices(TypedChoice, forms.ModelMultipleChoiceField):
    def clean(self, value):
        typed = typed_words(value).split(SEPARATOR)
        rows = [self.row_of(words.strip()) for words in typed if words.strip()]
        chosen = [each for each in value or [] if not str(each).startswith(WORDS_MARK)]
        return super().clean([*chosen, *(row.pk for row in rows)])
