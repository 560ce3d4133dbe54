"""The card of a page: the picture that others show beside a link to it (Open Graph), 1200 by 630.

Drawn in the light theme of the style sheets, with the fonts that the pages load.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from ..models import Actor, Issue, Meeting, Milestone, Page, Place, Reaction, Source, Theme
from ..models.fields import FORBIDDEN_CHARACTER
from ..text.rendering import plain_text

# In pixels.
WIDTH = 1200
HEIGHT = 630
MARGIN = 72
TEXT_WIDTH = WIDTH - 2 * MARGIN
PAPER = "#fcfbf8"
INK = "#1c1e21"
INK_SECOND = "#454a52"
INK_QUIET = "#5f646c"
RULE = "#d9d4c8"
ACCENT = "#0b5563"
SCRIPTS = ("latin", "latinext", "cyrillic")
TITLE_SIZES = (84, 72, 60, 52)
TITLE_HEIGHT = 300
LEADING = 1.12
LONGEST_TEXT_CHARACTERS = 400  # More than a title may have, and more than a card can show.
ELLIPSIS = "…"


@dataclass(frozen=True)
class Card:
    """The texts of a card: the kind of page, its title, and a line on day, status or subject."""

    kicker: str
    title: str
    line: str


@dataclass(frozen=True)
class Font:
    """The font files of one weight, one for each script, at one size in pixels."""

    weight: int
    size: int

    def faces(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """Yield a text in pieces, each with the font file that has its letters."""
        for script, letters in groupby(text, lambda letter: drawable_script(letter, self.weight)):
            yield font_face(script or SCRIPTS[0], self.weight, self.size), "".join(letters)

    def width(self, text: str) -> float:
        return sum(found.getlength(piece) for found, piece in self.faces(text))

    def truncate(self, text: str, room: float) -> str:
        """Return a line cut to a width in pixels, with an ellipsis if not all of it fits."""
        if self.width(text) <= room:
            return text
        return (
            text[: self.fitting_length(text, room - self.width(ELLIPSIS))].rstrip(" ,;:·")
            + ELLIPSIS
        )

    def fitting_length(self, text: str, room: float) -> int:
        """Return how many letters of a text fit into a width in pixels."""
        lengths = range(1, len(text) + 1)
        return bisect_right(lengths, room, key=lambda length: self.width(text[:length]))

    def wrap(self, text: str, room: float) -> list[str]:
        """Return the lines of a text; a word is split_word only where it fills more than a line."""
        lines = [""]
        for word in text.split():
            joined = f"{lines[-1]} {word}".strip()
            if self.width(joined) <= room:
                lines[-1] = joined
                continue
            lines += self.split_word(word, room) if self.width(word) > room else [word]
        return [line for line in lines if line]

    def split_word(self, word: str, room: float) -> Iterator[str]:
        while word:
            taken = max(1, self.fitting_length(word, room))
            yield word[:taken]
            word = word[taken:]


@lru_cache
def font_face(script: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    folder = settings.BASE_DIR / "static" / "fonts"
    return ImageFont.truetype(folder / f"source-serif-4-{script}-{weight}.woff2", size)


@lru_cache(maxsize=4096)
def drawable_script(letter: str, weight: int) -> str | None:
    """Return the script whose file has a letter, or None.

    A font file draws the same sign for every letter that it lacks.
    """
    for script in SCRIPTS:
        found = font_face(script, weight, 32)
        drawn, lacking = found.getmask(letter), found.getmask("\ufdd0")
        if (drawn.size, bytes(drawn)) != (lacking.size, bytes(lacking)):
            return script
    return None


def drawable_text(text: str) -> str:
    """Return a text in letters that the fonts have; of others their base letters, or nothing."""
    letters = " ".join(FORBIDDEN_CHARACTER.sub("", text[:LONGEST_TEXT_CHARACTERS]).split())
    return " ".join("".join(map(drawable_letters, letters)).split())


@lru_cache(maxsize=4096)
def drawable_letters(letter: str) -> str:
    """Return a letter if a font has it, otherwise its base letters: for ǆ d and z."""
    if not letter.isprintable():
        return ""
    if drawable_script(letter, 400):
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(p for p in parts if not unicodedata.combining(p) and drawable_script(p, 400))


def render_png(card: Card) -> bytes:
    """Return a card as the bytes of a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 15), fill=INK)
    name, kicker, line = Font(600, 32), Font(600, 24), Font(400, 30)
    draw_text(
        pen, name, (MARGIN, 52), name.truncate(drawable_text(settings.SITE_NAME), TEXT_WIDTH), INK
    )
    for y in (112, 117):
        pen.line((0, y, WIDTH, y), fill=INK, width=1)
    spaced = kicker.truncate(drawable_text(card.kicker).upper(), TEXT_WIDTH * 0.9)
    draw_text(pen, kicker, (MARGIN, 158), spaced, INK_SECOND, tracking=1.7)
    draw_title(pen, drawable_text(card.title))
    pen.line((MARGIN, 548, WIDTH - MARGIN, 548), fill=RULE, width=2)
    host = drawable_text(urlsplit(settings.SITE_URL).netloc)
    draw_text(pen, line, (WIDTH - MARGIN - line.width(host), 566), host, INK_QUIET)
    if line_text := line.truncate(drawable_text(card.line), TEXT_WIDTH - line.width(host) - 80):
        pen.rectangle((MARGIN, 580, MARGIN + 13, 593), fill=ACCENT)
        draw_text(pen, line, (MARGIN + 32, 566), line_text, INK)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def draw_title(pen: ImageDraw.ImageDraw, title: str) -> None:
    """Draw a title in the largest size that fits; where none does, cut it."""
    for size in TITLE_SIZES:
        font, most = Font(400, size), int(TITLE_HEIGHT / (size * LEADING))
        lines = font.wrap(title, TEXT_WIDTH)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines[most - 1] = font.truncate(" ".join(lines[most - 1 : most + 1]), TEXT_WIDTH)
    for number, text in enumerate(lines[:most]):
        draw_text(pen, font, (MARGIN, 200 + number * size * LEADING), text, INK)


def draw_text(
    pen: ImageDraw.ImageDraw,
    font: Font,
    at: tuple[float, float],
    text: str,
    colour: str,
    *,
    tracking: float = 0,
) -> None:
    """Draw a line from its upper left corner, with ``tracking`` pixels between letters."""
    x, y = at
    baseline = y + font.size * 0.95
    for found, piece in font.faces(text):
        for part in piece if tracking else (piece,):
            pen.text((x, baseline), part, font=found, fill=colour, anchor="ls")
            x += found.getlength(part) + tracking


def card_of(entry: Any) -> Card:
    """Return the card of an entry or a reference."""
    kicker, line = CARD_TEXTS[type(entry)](entry)
    return Card(join_with_dots(kicker), entry.heading, join_with_dots(line))


def home_card(page: Page | None) -> Card:
    """Return the card of the home page, which is also that of the lists."""
    title = page.title if page else settings.SITE_NAME
    return Card("", title, plain_text(page.summary) if page else "")


def join_with_dots(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))


def format_day(value: date | None) -> str:
    return f"{value.day} {value:%B} {value.year}" if value else ""


def format_days(entry: Meeting) -> str:
    return " – ".join(dict.fromkeys((format_day(entry.starts_on), format_day(entry.last_day))))


# The parts of the kicker, and those of the line below the title.
CardTexts = tuple[tuple[str, ...], tuple[str, ...]]
CARD_TEXTS: dict[type, Callable[[Any], CardTexts]] = {
    Meeting: lambda m: (
        ("Call",) if m.is_call else ("Meeting", m.get_format_display()),
        (m.get_event_status_display(), format_days(m), m.place.city_and_country if m.place else ""),
    ),
    Issue: lambda issue: (("Issue",), (issue.summary,)),
    Theme: lambda theme: (("Theme",), (theme.summary,)),
    Page: lambda page: ((), (page.summary,)),
    Reaction: lambda r: (("Reaction", r.get_stance_display()), (format_day(r.reacted_on), r.role)),
    Milestone: lambda m: (("Milestone", m.get_kind_display()), (format_day(m.occurred_on),)),
    Actor: lambda actor: ((actor.get_kind_display(),), (actor.country.name, actor.description)),
    Place: lambda place: (("Place",), (place.country.name,)),
    Source: lambda s: (("Source", s.get_kind_display()), (s.publisher, format_day(s.published))),
}
