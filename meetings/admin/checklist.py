"""What an entry's form still lacks: what publication asks for, and what a good page has besides.

The rules themselves stand in ``editing.checks``; here each is a line that leads to its field.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..models import Meeting, Page, Source
from ..text import markdown
from .citing import ProseInput, prose_fields, sources_cited_in
from .discussions import DiscussionForm, account_field_name

LONGEST_LEDE_WORDS = 40
AIMED_LEDE_WORDS = 30


class Line(NamedTuple):
    """A sentence, and the id of the field that it leads to."""

    words: str
    anchor: str


@dataclass
class Checklist:
    """What must be done before an entry is published, and what should be."""

    must: list[Line] = field(default_factory=list)
    should: list[Line] = field(default_factory=list)


def checklist(model, form, formsets) -> Checklist:
    """Return what the form of an entry lacks, by what stands in its fields."""
    parts = [part for formset in formsets for part in formset.forms]
    texts = [bound for bound in prose_fields([form, *parts]) if bound.value()]
    cited = sources_cited_in(bound.value() for bound in texts)
    found = Checklist()
    if model is not Page:
        found.must += [*missing_columns(model, form), *uncited(texts)]
        if "sources" in form.fields and not (cited or form["sources"].value()):
            found.must.append(Line("No source at all", form["sources"].id_for_label))
    found.should += [*lede(form), *empty_accounts(parts), *cancelled(model, form)]
    found.should += not_archived(form, cited.values())
    return found


def missing_columns(model, form) -> Iterator[Line]:
    for name in model.PUBLIC_COLUMNS:
        if name in form.fields and not form[name].value():
            yield Line(f"The {form[name].label.lower()} is missing", form[name].id_for_label)


def uncited(texts) -> Iterator[Line]:
    for bound in texts:
        if number := len(markdown.uncited_paragraphs(bound.value())):
            words = f"{bound.label}: {number} paragraph{'s'[: number > 1]} without a source"
            yield Line(words, bound.id_for_label)


def lede(form) -> Iterator[Line]:
    """Yield what is wrong with the lede, which a summary with markers is not."""
    if "summary" not in form.fields or isinstance(form.fields["summary"].widget, ProseInput):
        return
    words = len((form["summary"].value() or "").split())
    if not words:
        yield Line("Lede is missing", form["summary"].id_for_label)
    elif words > LONGEST_LEDE_WORDS:
        text = f"Lede has {words} words; aim for {AIMED_LEDE_WORDS}"
        yield Line(text, form["summary"].id_for_label)


def empty_accounts(parts) -> Iterator[Line]:
    """Yield the accounts of discussions that say nothing, not even that there is none."""
    for part in parts:
        if not isinstance(part, DiscussionForm) or not part.instance.pk:
            continue
        for code in part.codes:
            finding, text = (part[account_field_name(code, name)] for name in ("finding", "text"))
            if not (finding.value() or text.value()):
                side = text.label.partition(":")[0]
                words = f"{side} of {part.instance.issue} is empty. Write it, or set a finding."
                yield Line(words, finding.id_for_label)


def cancelled(model, form) -> Iterator[Line]:
    if model is not Meeting or "event_status" not in form.fields or form["body"].value():
        return
    if form["event_status"].value() == Meeting.EventStatus.CANCELLED:
        yield Line("Cancelled, but no reason given", form["body"].id_for_label)


def not_archived(form, cited: Iterable[Source]) -> list[Line]:
    number = sum(not source.archived_url for source in cited)
    if not number or "sources" not in form.fields:
        return []
    words = f"{number} cited source{'s'[: number > 1]} without an archived copy"
    return [Line(words, form["sources"].id_for_label)]
