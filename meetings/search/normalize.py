"""Folding for search: words without case and accents, transliterated to Latin letters.

Knows no model and no database. One word of a text is one folded word, so that matches can be
marked in the text itself.
"""

import re
import unicodedata
from functools import lru_cache

import iuliia
from anyascii import anyascii

WORD = re.compile(r"[^\W_]+")
CYRILLIC = re.compile("[\u0400-\u052f]")
UNFOLDED_CHARACTERS = re.compile("[^a-z0-9]+")
# Both databases index words of this length (a lexeme of PostgreSQL has at most 2,046 bytes).
MAX_WORD_CHARACTERS = 100
ASCII_WORD = re.compile(rf"([a-z0-9]{{1,{MAX_WORD_CHARACTERS}}})[a-z0-9]*")
# How the press, maps, passports, chats and banks transliterate Cyrillic names: «Юрий» is Yury,
# Yuriy, Iurii or Yurii. ``iuliia`` documents the rules of each.
TRANSLITERATION_SCHEMAS = (
    iuliia.WIKIPEDIA,
    iuliia.BGN_PCGN,
    iuliia.ICAO_DOC_9303,
    iuliia.TELEGRAM,
    iuliia.YANDEX_MONEY,
)


def fold(text: str) -> str:
    """Return the folded words of a text, separated by spaces."""
    if text.isascii():
        return " ".join(ASCII_WORD.findall(text.lower()))
    return " ".join(filter(None, map(fold_word, WORD.findall(text))))


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """Return a word without case and accents, in a to z and digits; perhaps an empty text."""
    if word.isascii():
        return word.lower()[:MAX_WORD_CHARACTERS]
    # Letters, marks and numbers only: the library turns emoji into their names ("grinning").
    letters = "".join(c for c in word if unicodedata.category(c)[0] in "LMN")
    return UNFOLDED_CHARACTERS.sub("", anyascii(letters).lower())[:MAX_WORD_CHARACTERS]


def is_cyrillic(text: str) -> bool:
    """Return whether a text has a Cyrillic letter."""
    return CYRILLIC.search(text) is not None


def latin_forms(text: str) -> tuple[str, ...]:
    """Return the folded transliterations of a text; one, if it is in Latin letters."""
    if not is_cyrillic(text):
        return (fold(text),)
    written = [fold(text)]
    for schema in TRANSLITERATION_SCHEMAS:
        # Some schemas write the soft sign as an apostrophe.
        folded = fold(re.sub("[’'`]", "", schema.translate(text)))
        # English names often end in one letter where the schemas write two: Yuri, Dmitri.
        written += [folded, re.sub(r"(?:ii|iy)\b", "i", folded)]
    return tuple(dict.fromkeys(form for form in written if form))


@lru_cache(maxsize=50_000)
def latin_word_forms(word: str) -> tuple[str, ...]:
    """Return the folded transliterations of one word."""
    return latin_forms(word)


def further_latin_forms(text: str) -> str:
    """Return all but the first transliteration of each Cyrillic word, separated by spaces."""
    if not is_cyrillic(text):
        return ""
    found: dict[str, None] = {}
    for match in WORD.finditer(text):
        if is_cyrillic(match[0]):
            found |= dict.fromkeys(latin_word_forms(match[0])[1:])
    return " ".join(found)
