"""References as programs read them: BibTeX, RIS and CSL-JSON."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from .works import Work

DAY_CHARACTERS = len("2018-07-16")
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
    """BibTeX entry of a work, in UTF-8; biblatex reads ``date`` and ``urldate``.

    Where styles refuse a work without an author, its publisher stands there, as in references; one
    without either is ``misc``, of which they ask nothing.
    """
    publisher = "journal" if work.type.is_in_periodical else "publisher"
    is_strict = work.type.needs_author and work.publisher
    names = work.credited_names if is_strict else work.authors
    kind = work.type.bibtex if is_strict or not work.type.needs_author else "misc"
    is_of_a_day = len(work.iso_date) == DAY_CHARACTERS
    fields = {
        # The inner braces keep a name whole, in which "and" may stand, and a title's capitals.
        "author": braced(" and ".join(braced(latex(name)) for name in names)),
        "title": braced(braced(latex(work.title))),
        "institution" if work.type.is_report else publisher: braced(braced(latex(work.publisher))),
        "type": braced(latex(work.kind)),
        "date": "" if work.is_circa else braced(work.iso_date),
        "year": braced(f"ca. {work.iso_date}" if work.is_circa else work.iso_date[:4]),
        "month": MONTHS[work.published.month - 1] if work.published and is_of_a_day else "",
        "url": braced(work.address.translate(URL_ESCAPES)),
        "urldate": braced(iso_date(work.accessed_on)),
        "language": braced(work.language),
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{work.key},", *lines, "}", ""])


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
        ("M3", work.kind),
        ("PY", work.iso_date[:4]),
        ("DA", ris_date(work)),
        ("UR", work.address),
        ("Y2", iso_date(work.accessed_on).replace("-", "/")),
        ("LA", work.language),
        ("ID", work.key),
    ]
    written = [f"{tag}  - {value}\r\n" for tag, value in lines if value]
    return "".join([*written, "ER  - \r\n"])


def ris_date(work: Work) -> str:
    """Return a date as YYYY/MM/DD/other information, whose slashes all stand."""
    if not work.iso_date:
        return ""
    year, month, day = [*work.iso_date.split("-"), "", ""][:3]
    if work.is_circa:
        return f"{year}///circa"
    return f"{year}/{month}/{day}" if day else f"{year}/{month}//"


def csl_item(work: Work) -> dict[str, Any]:
    """Return a work as an item of CSL-JSON, without empty values."""
    in_container = work.type.is_in_periodical or work.is_revised
    item = {
        "id": work.key,
        "type": work.type.csl,
        "genre": work.kind,
        "title": work.title,
        "author": [{"literal": name} for name in work.authors],
        "container-title" if in_container else "publisher": work.publisher,
        "issued": issued(work),
        "accessed": date_parts(iso_date(work.accessed_on)),
        "URL": work.address,
        "language": work.language,
    }
    return {name: value for name, value in item.items() if value}


def csl_json(work: Work) -> str:
    """CSL-JSON list with one item."""
    return json.dumps([csl_item(work)], ensure_ascii=False, indent=2) + "\n"


def issued(work: Work) -> dict[str, Any] | None:
    found = date_parts(work.iso_date)
    return found | {"circa": True} if found and work.is_circa else found


def iso_date(day: date | None) -> str:
    return day.isoformat() if day else ""


def date_parts(day: str) -> dict[str, Any] | None:
    """Return a date of ISO 8601, or a month or a year of it, as CSL has it."""
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def csl_pieces(works: Iterable[Work]) -> Iterator[str]:
    """Yield the pieces of one CSL-JSON list."""
    between = "["
    for work in works:
        yield f"{between}\n{json.dumps(csl_item(work), ensure_ascii=False)}"
        between = ","
    yield "[]\n" if between == "[" else "\n]\n"


@dataclass(frozen=True)
class FileFormat:
    """A file format of reference managers.

    ``write`` returns the file's text for one work, ``pieces`` that of many in pieces.
    """

    name: str
    content_type: str
    write: Callable[[Work], str]
    pieces: Callable[[Iterable[Work]], Iterator[str]]


def one_by_one(write: Callable[[Work], str], between: str) -> Callable:
    """Return the pieces of a file that is the files of its works, one after the other."""
    return lambda works: (write(work) + between for work in works)


# By file extension.
FILE_FORMATS = {
    "bib": FileFormat(
        "BibTeX", "application/x-bibtex; charset=utf-8", bibtex, one_by_one(bibtex, "\n")
    ),
    "ris": FileFormat(
        "RIS",
        "application/x-research-info-systems; charset=utf-8",
        ris,
        one_by_one(ris, "\r\n"),
    ),
    "csl.json": FileFormat(
        "CSL JSON", "application/vnd.citationstyles.csl+json", csl_json, csl_pieces
    ),
}
