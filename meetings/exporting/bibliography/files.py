"""References as programs read them: BibTeX, RIS and CSL-JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .works import Work

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace after a backslash still counts as a brace for BibTeX; these names do not.
LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "`": r"\textasciigrave{}",
    }
    | {sign: f"\\{sign}" for sign in "&%$#_"}
)
# TeX draws these together, two hyphens to a dash.
DRAWN_TOGETHER = re.compile(r"([-',<>])(?=\1)")
UNSAFE_IN_ADDRESS = {ord(sign): f"%{ord(sign):02X}" for sign in '\\{}"<>^`| '}


def bibtex(work: Work) -> str:
    """Return the entry of a BibTeX file, in UTF-8; biblatex reads ``date`` and ``urldate``."""
    publisher = "journal" if work.form.is_in_periodical else "publisher"
    fields = {
        # The inner braces keep a name whole and a title's capitals.
        "author": braced(" and ".join(braced(latex(name)) for name in work.authors)),
        "title": braced(braced(latex(work.title))),
        "institution" if work.form.is_report else publisher: braced(latex(work.publisher)),
        "date": braced(iso(work.published)),
        "year": braced(iso(work.published)[:4]),
        "month": MONTHS[work.published.month - 1] if work.published else "",
        "url": braced(work.address.translate(UNSAFE_IN_ADDRESS)),
        "urldate": braced(iso(work.read)),
        "language": braced(work.language),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{work.form.bibtex}{{{work.key},", *lines, "}", ""])


def braced(text: str) -> str:
    """Return a text as BibTeX delimits it; nothing remains nothing."""
    return f"{{{text}}}" if text else ""


def latex(text: str) -> str:
    """Return a text as LaTeX has it, its letters as they are."""
    return DRAWN_TOGETHER.sub(r"\1{}", text.translate(LATEX))


def ris(work: Work) -> str:
    """Return the record of an RIS file; its lines end in CR LF, as the format asks."""
    lines = [("TY", work.form.ris)]
    lines += [("AU", name) for name in work.authors]
    lines += [
        ("TI", work.title),
        ("T2" if work.form.is_in_periodical else "PB", work.publisher),
        ("PY", iso(work.published)[:4]),
        ("DA", iso(work.published).replace("-", "/")),
        ("UR", work.address),
        ("Y2", iso(work.read).replace("-", "/")),
        ("LA", work.language),
        ("ID", work.key),
    ]
    written = [f"{tag}  - {value}\r\n" for tag, value in lines if value]
    return "".join([*written, "ER  - \r\n"])


def csl_json(work: Work) -> str:
    """Return a list of one item of CSL-JSON."""
    in_container = work.form.is_in_periodical or work.is_living
    item = {
        "id": work.key,
        "type": work.form.csl,
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "container-title" if in_container else "publisher": work.publisher,
        "issued": date_parts(work.published),
        "accessed": date_parts(work.read),
        "URL": work.address,
        "language": work.language,
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def date_parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


@dataclass(frozen=True)
class File:
    """A form of file that references are kept in."""

    name: str
    content_type: str
    write: Callable[[Work], str]


# By the end of its name.
FILES = {
    "bib": File("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": File("RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "csl.json": File("CSL JSON", "application/vnd.citationstyles.csl+json", csl_json),
}
