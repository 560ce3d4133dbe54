"""The sections of a form in the order of the public page: fieldsets, and parts between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..models import Discussion

# The fieldset follows all parts, or those of one prefix: ``after-readouts``.
AFTER = "after-"
AFTER_PARTS = f"{AFTER}parts"


class Link(NamedTuple):
    """A line of the contents list, and the id that it leads to."""

    title: str
    anchor: str


@dataclass
class Section:
    """A fieldset of a form, or the parts of one kind; ``links`` lead to single parts."""

    title: str
    anchor: str
    fieldset: Any = None
    # Of a fieldset its place among those of the form, which is part of its heading's id.
    number: int = 0
    parts: Any = None
    links: list[Link] = field(default_factory=list)


def sections(fieldsets, inlines) -> list[Section]:
    """Return the sections of a change form, and fold the rows of what has many."""
    waiting = [fieldset_section(number, each) for number, each in enumerate(fieldsets)]
    ordered = list(take(waiting, lambda classes: AFTER not in classes))
    for inline in inlines:
        fold(inline)
        prefix = inline.formset.prefix
        ordered.append(parts_section(inline))
        ordered += take(waiting, lambda classes, prefix=prefix: f"{AFTER}{prefix}" in classes)
    return [*ordered, *waiting]


def take(waiting: list[Section], is_due) -> Iterator[Section]:
    """Remove and yield the sections whose fieldsets have classes that are due."""
    for section in list(waiting):
        if is_due(section.fieldset.classes):
            waiting.remove(section)
            yield section


def fieldset_section(number: int, fieldset) -> Section:
    title = fieldset.name or ""
    return Section(title, f"fieldset-0-{number}-heading", fieldset=fieldset, number=number)


def parts_section(inline) -> Section:
    title = str(inline.opts.verbose_name_plural)
    prefix = inline.formset.prefix
    links = [
        Link(str(part.instance.issue), f"{prefix}-{number}-fields")
        for number, part in enumerate(inline.formset.forms)
        if inline.formset.model is Discussion and part.instance.issue_id
    ]
    heading = f"{prefix}-heading"
    return Section(title[:1].upper() + title[1:], heading, parts=inline, links=links)


def fold(inline) -> None:
    """Have each stored row of many opened by its reader; of a table, all of them at once."""
    inline.is_folded = inline.formset.initial_form_count() > inline.opts.most_open
    if inline.is_folded and "tabular" in inline.opts.template:
        inline.classes += " collapse"
