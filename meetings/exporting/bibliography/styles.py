"""References as readers write them: Chicago (notes and bibliography, 17th) and APA (7th).

Names stand as the record has them: which part of a name is the family's is not guessed. Nor is
a title marked with the work's language: the record may have it in translation.
"""

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .works import Work

# Quotation marks within quotation marks.
INNER = str.maketrans("“”", "‘’")


def chicago(work: Work) -> SafeString:
    """Return the reference in the Chicago style."""
    title = ended(work.title)
    return sentences(
        ended(joined(work.credited, "and")),
        f"“{title.translate(INNER)}”" if work.form.is_quoted else format_html("<i>{}</i>", title),
        format_html("{}.", where_and_when(work)),
        ended(f"Accessed {american(work.read_if_needed)}") if work.read_if_needed else "",
        f"{work.address}." if work.address else "",
    )


def where_and_when(work: Work) -> SafeString:
    """Return "Publisher, July 16, 2018", without a publisher that was named before."""
    day = american(work.published) if work.published else "n.d."
    if work.is_living and work.published:
        return format_html("Last modified {}", day.removesuffix("."))
    tag = "<i>{}</i>, {}" if work.form.is_in_periodical else "{}, {}"
    where = work.other_publisher
    return format_html(tag if where else "{}{}", where, day.removesuffix("."))


def apa(work: Work) -> SafeString:
    """Return the reference in the style of the APA; without an author the title leads."""
    day = "n.d."
    if work.published:
        day = f"{work.published.year}, {work.published:%B} {work.published.day}"
    when = f"({day})."
    # Of a periodical its own name is set apart, of other works the title.
    is_part = work.form.is_in_periodical and bool(work.publisher)
    title = format_html("{}" if is_part else "<i>{}</i>", ended(work.title))
    where = work.other_publisher
    address = work.address
    if address and work.read_if_needed:
        address = f"Retrieved {american(work.read_if_needed)}, from {address}"
    return sentences(
        *((ended(joined(work.credited, "&")), when, title) if work.credited else (title, when)),
        format_html("<i>{}</i>" if is_part else "{}", ended(where)) if where else "",
        address,
    )


def sentences(*parts: str) -> SafeString:
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def ended(text: str) -> str:
    """Return a text with the full stop that it lacks."""
    return text if not text or text.endswith((".", "?", "!", "…")) else f"{text}."


def joined(names: Sequence[str], word: str) -> str:
    """Return names as a sentence has them: A; A and B; A, B, and C."""
    if len(names) < 2:
        return "".join(names)
    comma = "," if len(names) > 2 or word == "&" else ""
    return f"{', '.join(names[:-1])}{comma} {word} {names[-1]}"


def american(day: date) -> str:
    """Return a date as both styles write it: July 16, 2018."""
    return f"{day:%B} {day.day}, {day.year}"
