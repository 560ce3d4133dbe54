"""The card of a page: the picture that others show beside a link to it (Open Graph), 1200 by 630.

Drawn in the light theme of the style sheets, with the fonts that the pages load.
"""

import hashlib
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

DESIGN = 1  # To be raised when the drawing changes, so that kept pictures are drawn anew.
WIDTH, HEIGHT, SIDE = 1200, 630, 72
ROOM = WIDTH - 2 * SIDE
PAPER, INK, SECOND, QUIET, RULE, ACCENT = (
    *("#fcfbf8", "#1c1e21", "#454a52", "#5f646c", "#d9d4c8", "#0b5563"),
)
SCRIPTS = ("latin", "latinext", "cyrillic")
TITLE_SIZES = (84, 72, 60, 52)
TITLE_HEIGHT, LEADING = 300, 1.12
LONGEST = 400  # Characters; more than a title may have, and more than a card can show.
CUT = "…"


@dataclass(frozen=True)
class Card:
    """What a card says: what the page is, its title, and its day, status or subject."""

    kicker: str
    title: str
    line: str

    @property
    def fingerprint(self) -> str:
        """What is the same for the same picture only."""
        said = (DESIGN, settings.SITE_NAME, settings.SITE_URL, self.kicker, self.title, self.line)
        return hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True)
class Font:
    """The files of one weight, each with the letters of a script, at one size."""

    weight: int
    size: int

    def faces(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """Yield a text in pieces, each with the file that has its letters."""
        for script, letters in groupby(text, lambda letter: script_of(letter, self.weight)):
            yield face(script or SCRIPTS[0], self.weight, self.size), "".join(letters)

    def width(self, text: str) -> float:
        return sum(found.getlength(piece) for found, piece in self.faces(text))

    def cut(self, text: str, room: float) -> str:
        """Return a line, with an ellipsis if not all of it fits."""
        if self.width(text) <= room:
            return text
        return text[: self.fitting(text, room - self.width(CUT))].rstrip(" ,;:·") + CUT

    def fitting(self, text: str, room: float) -> int:
        """Return how many letters of a text fit."""
        lengths = range(1, len(text) + 1)
        return bisect_right(lengths, room, key=lambda length: self.width(text[:length]))

    def wrap(self, text: str, room: float) -> list[str]:
        """Return the lines of a text; a word is broken only where it fills more than a line."""
        lines = [""]
        for word in text.split():
            joined = f"{lines[-1]} {word}".strip()
            if self.width(joined) <= room:
                lines[-1] = joined
                continue
            lines += self.broken(word, room) if self.width(word) > room else [word]
        return [line for line in lines if line]

    def broken(self, word: str, room: float) -> Iterator[str]:
        while word:
            taken = max(1, self.fitting(word, room))
            yield word[:taken]
            word = word[taken:]


@lru_cache
def face(script: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    folder = settings.BASE_DIR / "static" / "fonts"
    return ImageFont.truetype(folder / f"source-serif-4-{script}-{weight}.woff2", size)


@lru_cache(maxsize=4096)
def script_of(letter: str, weight: int) -> str | None:
    """Return which file has a letter, or None: a file draws one sign for all that it lacks."""
    for script in SCRIPTS:
        found = face(script, weight, 32)
        drawn, lacking = found.getmask(letter), found.getmask("\ufdd0")
        if (drawn.size, bytes(drawn)) != (lacking.size, bytes(lacking)):
            return script
    return None


def legible(text: str) -> str:
    """Return a text in letters that can be drawn; of others, their base, or nothing."""
    letters = " ".join(FORBIDDEN_CHARACTER.sub("", text[:LONGEST]).split())
    return " ".join("".join(map(drawable, letters)).split())


@lru_cache(maxsize=4096)
def drawable(letter: str) -> str:
    """Return a letter if a file has it, or what of its parts: of ǆ the letters d and z."""
    if not letter.isprintable():
        return ""
    if script_of(letter, 400):
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(p for p in parts if not unicodedata.combining(p) and script_of(p, 400))


def draw(card: Card) -> bytes:
    """Return the card as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 15), fill=INK)
    name, kicker, line = Font(600, 32), Font(600, 24), Font(400, 30)
    write(pen, name, (SIDE, 52), name.cut(legible(settings.SITE_NAME), ROOM), INK)
    for y in (112, 117):
        pen.line((0, y, WIDTH, y), fill=INK, width=1)
    spaced = kicker.cut(legible(card.kicker).upper(), ROOM * 0.9)
    write(pen, kicker, (SIDE, 158), spaced, SECOND, tracking=1.7)
    draw_title(pen, legible(card.title))
    pen.line((SIDE, 548, WIDTH - SIDE, 548), fill=RULE, width=2)
    host = legible(urlsplit(settings.SITE_URL).netloc)
    write(pen, line, (WIDTH - SIDE - line.width(host), 566), host, QUIET)
    if told := line.cut(legible(card.line), ROOM - line.width(host) - 80):
        pen.rectangle((SIDE, 580, SIDE + 13, 593), fill=ACCENT)
        write(pen, line, (SIDE + 32, 566), told, INK)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def draw_title(pen: ImageDraw.ImageDraw, title: str) -> None:
    """Write a title as large as it fits, and cut it where it does not at all."""
    for size in TITLE_SIZES:
        font, most = Font(400, size), int(TITLE_HEIGHT / (size * LEADING))
        lines = font.wrap(title, ROOM)
        if len(lines) <= most:
            break
    if len(lines) > most:
        lines[most - 1] = font.cut(" ".join(lines[most - 1 : most + 1]), ROOM)
    for number, text in enumerate(lines[:most]):
        write(pen, font, (SIDE, 200 + number * size * LEADING), text, INK)


def write(
    pen: ImageDraw.ImageDraw,
    font: Font,
    at: tuple[float, float],
    text: str,
    colour: str,
    *,
    tracking: float = 0,
) -> None:
    """Write a line from its upper left corner; ``tracking`` pixels stand between letters."""
    x, y = at
    baseline = y + font.size * 0.95
    for found, piece in font.faces(text):
        for part in piece if tracking else (piece,):
            pen.text((x, baseline), part, font=found, fill=colour, anchor="ls")
            x += found.getlength(part) + tracking


def card_of(entry: Any) -> Card:
    """Return what the card of an entry or a reference says."""
    kicker, line = SAID[type(entry)](entry)
    return Card(joined(kicker), entry.page_title, joined(line))


def home_card(page: Page | None) -> Card:
    """Return the card of the home page, which the lists show too."""
    title = page.title if page else settings.SITE_NAME
    return Card("", title, plain_text(page.summary) if page else "")


def joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))


def day(value: date | None) -> str:
    return f"{value.day} {value:%B} {value.year}" if value else ""


def days(entry: Meeting) -> str:
    return " – ".join(dict.fromkeys((day(entry.starts_on), day(entry.last_day))))


Said = tuple[tuple[str, ...], tuple[str, ...]]
SAID: dict[type, Callable[[Any], Said]] = {
    Meeting: lambda m: (
        ("Meeting", m.get_format_display()),
        (m.get_event_status_display(), days(m), m.place.city_and_country if m.place else ""),
    ),
    Issue: lambda issue: (("Issue",), (issue.summary,)),
    Theme: lambda theme: (("Theme",), (theme.summary,)),
    Page: lambda page: ((), (page.summary,)),
    Reaction: lambda r: (("Reaction", r.get_stance_display()), (day(r.reacted_on), r.role)),
    Milestone: lambda m: (("Milestone", m.get_kind_display()), (day(m.occurred_on),)),
    Actor: lambda actor: ((actor.get_kind_display(),), (actor.country.name, actor.description)),
    Place: lambda place: (("Place",), (place.country.name,)),
    Source: lambda s: (("Source", s.get_kind_display()), (s.publisher, day(s.published))),
}
