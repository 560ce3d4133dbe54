"""Words as search compares them: without case and accents, in Latin letters, whatever the script.

Knows no model and no database. One word of a text is one folded word, so that what was found can
be marked in the text itself.
"""

import re
import unicodedata
from functools import lru_cache

import iuliia
from anyascii import anyascii

WORD = re.compile(r"[^\W_]+")
CYRILLIC = re.compile("[\u0400-\u052f]")
NOT_FOLDED = re.compile("[^a-z0-9]+")
# The longest word that both databases index (a lexeme of PostgreSQL has at most 2,046 bytes).
LONGEST = 100
ASCII_WORD = re.compile(rf"([a-z0-9]{{1,{LONGEST}}})[a-z0-9]*")
# How Cyrillic names are written in English: the press, maps, passports, chat, and banks, which
# write «Юрий» as Yury, Yuriy, Iurii, Yurii. ``iuliia`` documents the rules of each.
SCHEMAS = (
    iuliia.WIKIPEDIA,
    iuliia.BGN_PCGN,
    iuliia.ICAO_DOC_9303,
    iuliia.TELEGRAM,
    iuliia.YANDEX_MONEY,
)


def fold(text: str) -> str:
    """Return the folded words of a text, a space between two."""
    if text.isascii():
        return " ".join(ASCII_WORD.findall(text.lower()))
    return " ".join(filter(None, map(fold_word, WORD.findall(text))))


@lru_cache(maxsize=50_000)
def fold_word(word: str) -> str:
    """Return a word without case and accents, in the letters a to z and digits; or nothing."""
    if word.isascii():
        return word.lower()[:LONGEST]
    # Pictures have names in the library ("grinning"), which nobody meant to type.
    letters = "".join(c for c in word if unicodedata.category(c)[0] in "LMN")
    return NOT_FOLDED.sub("", anyascii(letters).lower())[:LONGEST]


def is_cyrillic(text: str) -> bool:
    """Return whether a text has a Cyrillic letter."""
    return CYRILLIC.search(text) is not None


def forms(text: str) -> tuple[str, ...]:
    """Return the ways in which a text may be written in Latin letters, folded; one, if it is so."""
    if not is_cyrillic(text):
        return (fold(text),)
    written = [fold(text)]
    for schema in SCHEMAS:
        # The soft sign, an apostrophe in some of them, is no letter.
        folded = fold(re.sub("[’'`]", "", schema.translate(text)))
        # English names end in one i where the schemas write two letters: Yuri, Dmitri.
        written += [folded, re.sub(r"(?:ii|iy)\b", "i", folded)]
    return tuple(dict.fromkeys(form for form in written if form))


@lru_cache(maxsize=50_000)
def word_forms(word: str) -> tuple[str, ...]:
    """Return the ways in which one word may be written in Latin letters, folded."""
    return forms(word)


def other_forms(text: str) -> str:
    """Return the further ways to write the Cyrillic words of a text, a space between two."""
    if not is_cyrillic(text):
        return ""
    found: dict[str, None] = {}
    for match in WORD.finditer(text):
        if is_cyrillic(match[0]):
            found |= dict.fromkeys(word_forms(match[0])[1:])
    return " ".join(found)
