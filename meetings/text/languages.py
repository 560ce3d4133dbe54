"""Language tags for words in another script, names of languages, and their quotation marks.

A run of another script gets the language of its row, where that is written in the script, and
otherwise a tag of the script alone (``und-Cyrl``, as in BCP 47). Foreign words in Latin letters
are marked by their writers; see ``meetings.text.markdown``.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# The letters of scripts other than Latin, as blocks of Unicode, by code (ISO 15924).
KANA = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
SCRIPTS = {
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrl": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Armn": "\u0530-\u058f",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Deva": "\u0900-\u097f",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Thai": "\u0e00-\u0e7f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Ethi": "\u1200-\u139f",
    "Khmr": "\u1780-\u17ff",
    "Mong": "\u1800-\u18af",
    "Kore": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Hani": f"{KANA}\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
}
FOREIGN_LETTER = re.compile(f"[{''.join(SCRIPTS.values())}]")
HAN_SCRIPTS = {"Hani", "Hans", "Hant", "Jpan", "Kore"}
# A run may contain what all scripts share, but neither begins nor ends with it.
SHARED_CHARACTERS = r"[\s\d.,:;!?'’\"«»„“”()/–—-]*"
SCRIPT_RUN = re.compile(
    "|".join(
        f"(?P<{code}>[{letters}](?:[\u0300-\u036f]|{SHARED_CHARACTERS}[{letters}])*)"
        for code, letters in SCRIPTS.items()
    )
)
# Elements that contain text only, so that none can be put around words in them.
TEXT_ONLY_ELEMENTS = {"desc", "option", "script", "style", "text", "textarea", "title"}
# What stands in a tag after its name. Values of attributes may contain ">".
IN_TAG = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
TAG = re.compile(rf"<(?P<name>[a-z][a-z0-9]*){IN_TAG}>", re.IGNORECASE)
# All up to the next letter of another script, or the next element that is left as it is: most of a
# page in one match.
UNMARKED = re.compile(
    rf"""(?:[^<{"".join(SCRIPTS.values())}]++
    |<(?![a-z/])
    |</?(?!(?:{"|".join(TEXT_ONLY_ELEMENTS)})\b)[a-z](?:[^<>"'\s]++|\s++(?!lang\s*=)|"[^"]*"|'[^']*')*+>
    )*+""",
    re.IGNORECASE | re.VERBOSE,
)
LANGUAGE_TAG = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")
UKRAINIAN_LETTERS = re.compile("[іїєґ]|ськ", re.IGNORECASE)
# Quotation marks by language, as in Unicode's CLDR; other languages get those of English.
QUOTATION_MARKS = {
    language: marks
    for marks, languages in {
        ("«", "»"): "ru uk be el hy es it nb nn no fa",
        ("«\u00a0", "\u00a0»"): "fr",
        ("„", "“"): "de cs sk sl bg et lt ka sr hr mk is",
        ("„", "”"): "pl ro hu",
        ("”", "”"): "fi sv he",
        ("‘", "’"): "nl",
        ("「", "」"): "ja",
    }.items()
    for language in languages.split()
}


def is_language_tag(tag: str) -> bool:
    """Return whether ``tag`` is a language of BCP 47, perhaps with a script and a region."""
    match = LANGUAGE_TAG.fullmatch(tag)
    locale = english_locale()
    return match is not None and (
        match[1] in locale.languages
        and (match[2] is None or match[2] in locale.scripts)
        and (match[3] is None or match[3] in locale.territories)
    )


def language_name(tag: str) -> str:
    """Return the English name of a language, or the tag itself where it is unknown."""
    if not is_language_tag(tag):
        return tag
    language, *more = tag.split("-")
    names = [
        english_locale().scripts.get(part) or english_locale().territories[part] for part in more
    ]
    return english_locale().languages[language] + (f" ({', '.join(names)})" if names else "")


@lru_cache(maxsize=1)
def english_locale() -> Locale:
    return Locale("en")


@lru_cache(maxsize=256)
def script_of(tag: str) -> str:
    """Return the code of the script of a language, or an empty text where it is unknown."""
    match = LANGUAGE_TAG.fullmatch(tag)
    if match is None or match[2]:
        return (match and match[2]) or ""
    likely = get_global("likely_subtags")
    full = likely.get(tag.replace("-", "_")) or likely.get(match[1]) or ""
    return full.split("_")[1] if full.count("_") > 1 else ""


def language_of_run(run: re.Match[str], language: str) -> str:
    """Return the tag for a run of one script: ``language``, if that is written in it."""
    script, expected = str(run.lastgroup), script_of(language)
    if script == expected or (script == "Hani" and expected in HAN_SCRIPTS):
        return language
    if script == "Hani" and re.search(f"[{KANA}]", run[0]):
        return "und-Jpan"
    return f"und-{script}"


def mark_languages(text: str, language: str = "") -> SafeString:
    """Return text or HTML with every run of another script in a ``span`` with a ``lang``.

    ``language`` is that of the row, if it names one. The contents of elements that have a ``lang``
    are left as they are.
    """
    html = conditional_escape(text)
    if not FOREIGN_LETTER.search(html):
        return html

    def wrap(run):
        return f'<span lang="{language_of_run(run, language)}">{run[0]}</span>'

    # Safe HTML stays safe: only elements around words are added.
    return mark_safe("".join(mark_runs(html, wrap)))


def mark_name(name: str, country: str) -> SafeString:
    """Return a name in another script in a ``span`` with its language, by letters and country.

    Of a name in Cyrillic that may be Russian or Ukrainian, the tag is that of the script.
    """
    if UKRAINIAN_LETTERS.search(name):
        return mark_languages(name, "uk")
    return mark_languages(name, "" if country == "UA" else "ru")


def mark_runs(html: str, wrap: Callable[[re.Match[str]], str]) -> Iterator[str]:
    """Yield the pieces of HTML, the runs in its texts as ``wrap`` returns them."""
    position = 0
    while position < len(html):
        end = UNMARKED.match(html, position).end()  # type: ignore[union-attr]
        yield html[position:end]
        if run := SCRIPT_RUN.match(html, end):
            yield wrap(run)
            position = run.end()
        else:
            tag = TAG.match(html, end)
            position = end_of_element(html, tag) if tag else end + 1
            yield html[end:position]


def end_of_element(html: str, tag: re.Match[str]) -> int:
    """Return where the element ends that a tag begins."""
    depth = 0 if tag[0].endswith("/>") else 1
    position = tag.end()
    tags = re.compile(rf"<(?P<close>/?){tag['name']}\b{IN_TAG}>", re.IGNORECASE)
    while depth and (found := tags.search(html, position)):
        depth += -1 if found["close"] else 1
        position = found.end()
    return len(html) if depth else position


def in_quotation_marks(text: str, language: str) -> str:
    """Return a text in the quotation marks of its language."""
    first, last = QUOTATION_MARKS.get(language.partition("-")[0], ("“", "”"))
    return f"{first}{text}{last}"
