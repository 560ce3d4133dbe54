"""Hypothesis strategies for records, with characters that files often get wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from meetings.models import Outcome, Participation, Redirect, Source
from meetings.models.fields import FORBIDDEN_CHARACTER, normalize_text
from meetings.text import markdown
from tests import factories as make

# Formulas, quotation marks, separators, line ends, marks of direction, combining characters,
# characters beyond the basic plane, invisible ones.
NASTY = [
    *("=", "+", "-", "@", "\t", "'", '"', '""', ",", ";", "|", "\\", "\n", "\n\n", "\r", "\r\n"),
    *("\u2028", "\u2029", "\u200f", "\u202e", "\u200b", "\ufeff", "\u00a0", "e\u0301", "\u0308"),
    *("\U0001f1eb\U0001f1ee", "\U00020000", "نص", "=1+1", "'=1", "''", "#N/A", "NULL", "0", "1e5"),
    *("true", "2018-07-16", "sep=,", "%00", "<b>", "{{", "~", " ", "\u3000", "%", "$x", "--", "x"),
]
CHARACTERS = st.characters(exclude_categories=["Cs"]).filter(
    lambda c: not FORBIDDEN_CHARACTER.search(c)
)
PIECES = st.lists(st.one_of(st.sampled_from(NASTY), CHARACTERS), max_size=12)
TEXTS = PIECES.map("".join)
LONG = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 400))
SLUGS = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True).filter(
    lambda slug: slug not in {"history", "by-meeting"}
)
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
CODES = st.sampled_from(["RU", "US", "FI", "XK", "EU", "GB"])
STATES = st.sampled_from(["draft", "review", "published", "withdrawn"])
OPENED = [read for read in Source.Read.values if read != Source.Read.NOT_OPENED]
DEGREES = st.integers(-90_000_000, 90_000_000).map(lambda n: Decimal(n) / 1_000_000)


def lines(longest: int):
    """Return lines of text as a column of that length holds them, which may be empty."""
    return TEXTS.map(lambda text: normalize_text(normalize_text(text)[:longest]))


def filled_lines(longest: int):
    """Return lines of text that are not empty."""
    return TEXTS.map(lambda text: normalize_text(normalize_text(f"a{text}")[:longest]))


def is_plain(text: str) -> bool:
    """Return whether a text has nothing that is read as a citation."""
    cited, broken = markdown.read_markers(text)
    return not cited and not broken


def prose(source: str):
    """Return Markdown of one paragraph that cites a source, or none."""
    plain = TEXTS.map(lambda text: normalize_text(f"Said {text}")).filter(is_plain)
    texts = plain.map(lambda text: f"{text} [@{source}].").filter(
        lambda text: (
            normalize_text(text) == text
            and not markdown.uncited_paragraphs(text)
            and markdown.read_markers(text) == ((source,), ())
        )
    )
    return st.one_of(st.just(""), texts)


@st.composite
def records(draw):
    """Write a record of a few rows in every table; nothing is returned, the database has it."""
    slugs = draw(st.lists(SLUGS, min_size=4, max_size=4, unique=True))
    sources = [make.make_source(slug=slug, **source_cells(draw)) for slug in slugs[:2]]
    cited = sources[0].slug
    latitude = draw(st.one_of(st.none(), DEGREES))
    place = make.make_place(
        slug=slugs[0],
        venue=draw(lines(200)),
        city=draw(lines(100)),
        country=draw(CODES),
        latitude=latitude,
        longitude=None if latitude is None else draw(DEGREES),
    )
    actors = [
        make.make_actor(
            slug=slug,
            name=draw(filled_lines(200)),
            sort_name=draw(lines(200)),
            description=draw(lines(10_000)),
        )
        for slug in slugs[:2]
    ]
    entry = {"sources": sources}
    meeting = make.make_meeting(
        slug=slugs[0],
        title=draw(filled_lines(200)),
        starts_on=draw(DAYS),
        place=draw(st.sampled_from([place, None])),
        forum=draw(lines(200)),
        date_note=draw(LONG.map(normalize_text)),
        summary=draw(lines(5_000)),
        body=draw(prose(cited)),
        duration_minutes=draw(st.one_of(st.none(), st.integers(1, 2_147_483_647))),
        **publication(draw),
        **entry,
    )
    issues = [
        make.make_issue(slug=slug, title=draw(filled_lines(200)), **publication(draw), **entry)
        for slug in slugs[2:]
    ]
    parts_of(draw, meeting, issues, actors, cited)
    quotation = draw(lines(100).filter(lambda text: len(text.split()) <= 50))
    reaction = make.make_reaction(
        slug=slugs[1],
        meeting=meeting,
        issues=draw(st.lists(st.sampled_from(issues), unique=True)),
        actors=draw(st.lists(st.sampled_from(actors), unique=True)),
        attribution=draw(filled_lines(200)),
        role=draw(lines(200)),
        affiliation=draw(lines(100)),
        reacted_on=draw(DAYS),
        summary=draw(prose(cited)),
        quotation=quotation,
        quotation_language="en" if quotation else "",
        quotation_source=sources[1] if quotation else None,
        **publication(draw),
        **entry,
    )
    joined = {"meetings": [meeting], "issues": issues}
    make.make_theme(
        slug=slugs[3],
        title=draw(filled_lines(200)),
        views_for=draw(prose(cited)),
        reactions=[reaction],
        **joined,
        **publication(draw),
        **entry,
    )
    make.make_milestone(
        slug=slugs[2],
        title=draw(filled_lines(200)),
        occurred_on=draw(DAYS),
        **joined,
        **publication(draw),
        **entry,
    )
    make.make_page(
        slug=slugs[1], title=draw(filled_lines(200)), body=draw(lines(5_000).filter(is_plain))
    )
    Redirect.objects.create(old_path="/meetings/ä-было-\U0001f600/", new_path="/timeline/")


def source_cells(draw):
    return {
        "title": draw(filled_lines(300)),
        "authors": draw(lines(300)),
        "publisher": draw(lines(200)),
        "published": draw(st.one_of(st.none(), DAYS)),
        "ownership": draw(st.sampled_from(["", *Source.Ownership.values])),
        # Accounts rest on them, and a reaction is quoted from one: both want what was opened.
        "read": draw(st.sampled_from(OPENED)),
        "origin": draw(lines(200)),
        "check_note": draw(lines(5_000)),
        "note": draw(lines(5_000).filter(is_plain)),
    }


def publication(draw):
    return {"status": draw(STATES), "publish_at": draw(st.one_of(st.none(), MOMENTS))}


def parts_of(draw, meeting, issues, actors, cited):
    """Write the parts of a meeting and a position on an issue."""
    orders = st.one_of(st.none(), st.integers(0, 2_147_483_647))
    for actor in actors:
        Participation.objects.create(
            meeting=meeting,
            actor=actor,
            government=draw(st.one_of(st.just(""), CODES)),
            role=draw(lines(200)),
            order=draw(orders),
        )
    make.make_readout(meeting=meeting, government=draw(CODES), text=draw(prose(cited)))
    for order in draw(st.lists(st.integers(0, 2_147_483_647), max_size=3, unique=True)):
        Outcome.objects.create(meeting=meeting, order=order, text=draw(prose(cited)))
    for issue in issues:
        make.make_discussion(meeting=meeting, issue=issue, summary=draw(prose(cited)))
        make.make_account(
            meeting=meeting, issue=issue, government=draw(CODES), text=draw(prose(cited))
        )
    make.make_position(issue=issues[0], government=draw(CODES), text=draw(prose(cited)))
