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
INNER_QUOTES = str.maketrans("“”", "‘’")


def chicago(work: Work) -> SafeString:
    """Reference in the Chicago style."""
    return join_parts(
        with_full_stop(join_names(work.credited_names, "and")),
        chicago_title(work),
        format_html("{}.", publisher_and_date(work)),
        with_full_stop(f"Accessed {american_date(work.access_date)}") if work.access_date else "",
        f"{work.address}." if work.address else "",
    )


def chicago_title(work: Work) -> str:
    """Return a title in quotation marks or in italics; one of ours has brackets for both."""
    title = with_full_stop(work.title)
    if work.is_title_of_ours:
        return title
    if work.type.is_quoted:
        return f"“{title.translate(INNER_QUOTES)}”"
    return format_html("<i>{}</i>", title)


def publisher_and_date(work: Work) -> SafeString:
    """Return "Publisher, July 16, 2018", without a publisher that stands as the author."""
    day = day_of(work) or "n.d."
    if work.is_revised and work.published:
        return format_html("Last modified {}", day.removesuffix("."))
    tag = "<i>{}</i>, {}" if work.type.is_in_periodical else "{}, {}"
    where = work.separate_publisher
    return format_html(tag if where else "{}{}", where, day.removesuffix("."))


def apa(work: Work) -> SafeString:
    """Reference in the APA style; without an author it begins with the title."""
    when = f"({apa_date(work) or 'n.d.'})."
    # Of a periodical its own name is set apart, of other works the title.
    is_part = work.type.is_in_periodical and bool(work.publisher)
    is_plain = is_part or work.is_title_of_ours
    title = format_html("{}" if is_plain else "<i>{}</i>", with_full_stop(work.title))
    where = work.separate_publisher
    address = work.address
    if address and work.access_date:
        address = f"Retrieved {american_date(work.access_date)}, from {address}"
    names = with_full_stop(join_names(work.credited_names, "&"))
    opening = [names, when, title] if names else [title, when]
    return join_parts(
        *opening,
        format_html("<i>{}</i>" if is_part else "{}", with_full_stop(where)) if where else "",
        address,
    )


def join_parts(*parts: str) -> SafeString:
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def with_full_stop(text: str) -> str:
    """Return a text with a full stop, unless it ends a sentence already."""
    return text if not text or text.endswith((".", "?", "!", "…")) else f"{text}."


def join_names(names: Sequence[str], word: str) -> str:
    """Return names as a list in a sentence: A; A and B; A, B, and C."""
    if len(names) < 2:
        return "".join(names)
    comma = "," if len(names) > 2 or word == "&" else ""
    return f"{', '.join(names[:-1])}{comma} {word} {names[-1]}"


def day_of(work: Work) -> str:
    """Return a work's date as far as it is known: July 16, 2018; July 2018; 2018; ca. 2018."""
    if work.published is None or work.is_circa:
        return work.date_words
    month = f"{work.published:%B %Y}"
    return {4: work.iso_date, 7: month}.get(len(work.iso_date), american_date(work.published))


def apa_date(work: Work) -> str:
    """Return a work's date with the year first: 2018, July 16; 2018, July; 2018; ca. 2018."""
    if work.published is None or len(work.iso_date) == 4:
        return work.date_words
    month = f"{work.published.year}, {work.published:%B}"
    return month if len(work.iso_date) == 7 else f"{month} {work.published.day}"


def american_date(day: date) -> str:
    """Return a date as July 16, 2018, as both styles write it."""
    return f"{day:%B} {day.day}, {day.year}"
