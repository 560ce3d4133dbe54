"""References as programs read them: BibTeX, RIS and CSL-JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .works import Work

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# A brace after a backslash still counts as a brace for BibTeX; these names do not.
LATEX_ESCAPES = str.maketrans(
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
# TeX makes ligatures of these: of two hyphens a dash.
LIGATURES = re.compile(r"([-',<>])(?=\1)")
URL_ESCAPES = {ord(sign): f"%{ord(sign):02X}" for sign in '\\{}"<>^`| '}


def bibtex(work: Work) -> str:
    """BibTeX entry of a work, in UTF-8; biblatex reads ``date`` and ``urldate``."""
    publisher = "journal" if work.type.is_in_periodical else "publisher"
    fields = {
        # The inner braces keep a name whole and a title's capitals.
        "author": braced(" and ".join(braced(latex(name)) for name in work.authors)),
        "title": braced(braced(latex(work.title))),
        "institution" if work.type.is_report else publisher: braced(latex(work.publisher)),
        "date": braced(iso_date(work.published)),
        "year": braced(iso_date(work.published)[:4]),
        "month": MONTHS[work.published.month - 1] if work.published else "",
        "url": braced(work.address.translate(URL_ESCAPES)),
        "urldate": braced(iso_date(work.accessed_on)),
        "language": braced(work.language),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{work.type.bibtex}{{{work.key},", *lines, "}", ""])


def braced(text: str) -> str:
    """Return a text in the braces of a BibTeX value; an empty text stays empty."""
    return f"{{{text}}}" if text else ""


def latex(text: str) -> str:
    """Return a text escaped for LaTeX; letters beyond ASCII stay as they are."""
    return LIGATURES.sub(r"\1{}", text.translate(LATEX_ESCAPES))


def ris(work: Work) -> str:
    """RIS record of a work; its lines end in CR LF, as the format asks."""
    lines = [("TY", work.type.ris)]
    lines += [("AU", name) for name in work.authors]
    lines += [
        ("TI", work.title),
        ("T2" if work.type.is_in_periodical else "PB", work.publisher),
        ("PY", iso_date(work.published)[:4]),
        ("DA", iso_date(work.published).replace("-", "/")),
        ("UR", work.address),
        ("Y2", iso_date(work.accessed_on).replace("-", "/")),
        ("LA", work.language),
        ("ID", work.key),
    ]
    written = [f"{tag}  - {value}\r\n" for tag, value in lines if value]
    return "".join([*written, "ER  - \r\n"])


def csl_json(work: Work) -> str:
    """CSL-JSON list with one item."""
    in_container = work.type.is_in_periodical or work.is_revised
    item = {
        "id": work.key,
        "type": work.type.csl,
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "container-title" if in_container else "publisher": work.publisher,
        "issued": date_parts(work.published),
        "accessed": date_parts(work.accessed_on),
        "URL": work.address,
        "language": work.language,
    }
    kept = {name: value for name, value in item.items() if value}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


def iso_date(day: date | None) -> str:
    return day.isoformat() if day else ""


def date_parts(day: date | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[day.year, day.month, day.day]]} if day else None


@dataclass(frozen=True)
class FileFormat:
    """A file format of reference managers; ``write`` returns the file's text for one work."""

    name: str
    content_type: str
    write: Callable[[Work], str]


# By file extension.
FILE_FORMATS = {
    "bib": FileFormat("BibTeX", "application/x-bibtex; charset=utf-8", bibtex),
    "ris": FileFormat("RIS", "application/x-research-info-systems; charset=utf-8", ris),
    "csl.json": FileFormat("CSL JSON", "application/vnd.citationstyles.csl+json", csl_json),
}
