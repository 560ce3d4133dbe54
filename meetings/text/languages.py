"""Languages and scripts: which words of a page are not English, and how quotations are marked.

A run of another script shows by itself. It gets the language that its row names, where that is
written so, and otherwise no language but its script (``und-Cyrl``, as in BCP 47). Foreign words in
Latin letters are marked by whoever writes them; see ``meetings.text.markdown``.
"""

import re
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

# The letters of the scripts beside Latin, as blocks of Unicode, by code (ISO 15924).
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
LETTER = re.compile(f"[{''.join(SCRIPTS.values())}]")
WRITTEN_IN_HAN = {"Hani", "Hans", "Hant", "Jpan", "Kore"}
# A run goes on over what all scripts share, and neither begins nor ends with it.
SHARED = r"[\s\d.,:;!?'’\"«»„“”()/–—-]*"
RUN = re.compile(
    "|".join(
        f"(?P<{code}>[{letters}](?:[\u0300-\u036f]|{SHARED}[{letters}])*)"
        for code, letters in SCRIPTS.items()
    )
)
# A tag with its name, or the text up to the next one. Values of attributes may hold ">".
PIECE = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+|<""",
    re.IGNORECASE,
)
NAMES_LANGUAGE = re.compile(r"\slang\s*=")
# What holds text and no elements, so that none can be put around words in it.
TEXT_ONLY = {"option", "script", "style", "textarea", "title"}
TAG = re.compile(r"([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|[0-9]{3}))?")
# Quotation marks by language, as in Unicode's Common Locale Data Repository; others are as English.
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


def is_language(tag: str) -> bool:
    """Return whether ``tag`` is a language of BCP 47, with a script and a region if need be."""
    match = TAG.fullmatch(tag)
    known = english()
    return match is not None and (
        match[1] in known.languages
        and (match[2] is None or match[2] in known.scripts)
        and (match[3] is None or match[3] in known.territories)
    )


def name_of(tag: str) -> str:
    """Return the English name of a language, or its tag where it has none here."""
    if not is_language(tag):
        return tag
    language, *more = tag.split("-")
    names = [english().scripts.get(part) or english().territories[part] for part in more]
    return english().languages[language] + (f" ({', '.join(names)})" if names else "")


@lru_cache(maxsize=1)
def english() -> Locale:
    return Locale("en")


@lru_cache(maxsize=256)
def script_of(tag: str) -> str:
    """Return the script that a language is written in, or nothing if that is not known."""
    match = TAG.fullmatch(tag)
    if match is None or match[2]:
        return (match and match[2]) or ""
    likely = get_global("likely_subtags")
    full = likely.get(tag.replace("-", "_")) or likely.get(match[1]) or ""
    return full.split("_")[1] if full.count("_") > 1 else ""


def language_of(run: re.Match[str], language: str) -> str:
    """Return the language of a run of one script, ``language`` if that is written in it."""
    script, own = str(run.lastgroup), script_of(language)
    if script == own or (script == "Hani" and own in WRITTEN_IN_HAN):
        return language
    if script == "Hani" and re.search(f"[{KANA}]", run[0]):
        return "und-Jpan"
    return f"und-{script}"


def marked(text: str, language: str = "") -> SafeString:
    """Return text or HTML with every run of another script in an element that names its language.

    ``language`` is that of the row, if it names one. What stands in an element with a language
    of its own is left as it is.
    """
    html = conditional_escape(text)
    if not LETTER.search(html):
        return html

    def wrapped(run):
        return f'<span lang="{language_of(run, language)}">{run[0]}</span>'

    # HTML that was safe stays so: nothing is added but elements around words.
    return mark_safe("".join(pieces(html, wrapped)))


def pieces(html: str, wrapped):
    """Yield the tags and texts of HTML, the runs in its texts as ``wrapped`` returns them."""
    left_alone, depth = "", 0
    for piece in PIECE.finditer(html):
        name = (piece["name"] or "").lower()
        if not name:
            yield piece[0] if left_alone else RUN.sub(wrapped, piece[0])
            continue
        yield piece[0]
        if left_alone:
            depth += (-1 if piece["close"] else 1) if name == left_alone else 0
            left_alone = left_alone if depth else ""
        elif name in TEXT_ONLY or NAMES_LANGUAGE.search(piece["rest"]):
            left_alone, depth = ("", 0) if piece["rest"].endswith("/") else (name, 1)


def quoted(text: str, language: str) -> str:
    """Return a quotation between the marks that its language uses."""
    first, last = QUOTATION_MARKS.get(language.partition("-")[0], ("“", "”"))
    return f"{first}{text}{last}"
