"""Attacks by markup, a record that has them in every text, and what of them would be alive."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from django.core.validators import RegexValidator

from meetings.models.fields import AddressField, LineField, TextField
from meetings.tables.registry import TABLES, Table
from tests.importing.corpus.records import NEW
from tests.importing.helpers import write

# Two at a time stand in a cell; the shortest columns have a hundred characters.
PAIRS = (
    ("<script>alert(1)</script>", "<meta http-equiv=refresh content=0;//evil.example>"),
    ("<img src=x onerror=alert(1)>", "[a](data:text/html,<script>alert(1)</script>)"),
    ("<svg/onload=alert(1)>", "</title></textarea><img src=x onerror=alert(1)>"),
    ("[a](javascript:alert(1))", "<math><mi><style><!--</style><img onerror=alert(1)>"),
    ("<javascript:alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>"),
    ("]]><script>alert(1)</script>", "<!--><img src=x onerror=alert(1)>-->"),
    ("</script><script>alert(1)</script>", "' autofocus onfocus=alert(1) x='"),
    ('" autofocus onfocus=alert(1) x="', "[a](jav&#x61;script:alert(1))"),
    ('=HYPERLINK("//evil.example","a")', "{{ 7777|add:7777 }}{% debug %}"),
    ("<base href=//evil.example>", "![a](//evil.example/x.png)<style>*{}</style>"),
)
ATTACKS = tuple(attack for pair in PAIRS for attack in pair)
# What a template would make of one of them.
FILLED_IN = "15554"
EVIL = "evil.example"
# Where our scripts are, and those of the desk.
OWN = ("/static/", "/admin/jsi18n/")
ACTIVE = ("iframe", "object", "embed", "base", "frame", "applet", "portal")
ADDRESSES = ("href", "src", "action", "formaction", "srcset", "data", "poster", "background")
SCHEMES = {"", "http", "https", "mailto"}
DATA_BLOCKS = {"application/json", "application/ld+json"}
# What joins the rows of one number, and what their texts need beside them.
PARTS = {
    "participations": {"meeting": "m{0}", "actor": "a{0}", "government": "FI"},
    "readouts": {"meeting": "m{0}", "government": "FI", "language": "en"},
    "outcomes": {"meeting": "m{0}", "order": "10", "state": "agreed"},
    "positions": {"issue": "i{0}", "government": "FI"},
    "discussions": {"meeting": "m{0}", "issue": "i{0}", "basis": "press"},
    "accounts": {
        "meeting": "m{0}",
        "issue": "i{0}",
        "government": "FI",
        "finding": "stated",
        "quotation_language": "fi",
        "quotation_source": "s{0}",
    },
    "claims": {"source": "s{0}", "order": "10", "assessment": "accurate", "meetings": "m{0}"},
    "reactions": {
        "slug": "r{0}",
        "meeting": "m{0}",
        "issues": "i{0}",
        "actors": "a{0}",
        "quotation_language": "en",
        "quotation_source": "s{0}",
    },
    "meetings": {"slug": "m{0}", "place": "p{0}"},
    "themes": {"slug": "t{0}", "meetings": "m{0}", "issues": "i{0}", "reactions": "r{0}"},
    "milestones": {"slug": "e{0}", "meetings": "m{0}", "issues": "i{0}"},
    "sources": {"slug": "s{0}", "read": "excerpt"},
    "places": {"slug": "p{0}"},
    "actors": {"slug": "a{0}"},
    "issues": {"slug": "i{0}"},
    "pages": {"slug": "g{0}"},
    "redirects": {"new_path": "/meetings/m{0}/"},
}


def texts(table: Table) -> list[str]:
    """Return the columns of a table that take any text."""
    return [
        name
        for name in table.columns
        if isinstance(table.field(name), (LineField, TextField))
        and not isinstance(table.field(name), AddressField)
        and not any(isinstance(each, RegexValidator) for each in table.field(name).validators)
        and table.name != "redirects"
    ]


def patterns(table: Table) -> list[str]:
    """Return the columns of a table that take text of some form only."""
    others = {*texts(table), *addresses(table), *table.foreign_keys, *table.many_to_many}
    return [name for name in table.columns if name not in others]


def addresses(table: Table) -> list[str]:
    """Return the columns of a table that take addresses, of other sites or of this one."""
    return [
        name
        for name in table.columns
        if isinstance(table.field(name), AddressField) or table.name == "redirects"
    ]


NUMBERS = {
    column: f"z{number:02}"
    for number, column in zip(
        count(), ((table.name, name) for table in TABLES for name in texts(table)), strict=False
    )
}


def code(table: str, column: str, attack: str) -> str:
    """Return the word that follows an attack in a column: where it is found, the attack is."""
    return f"{NUMBERS[table, column]}x{ATTACKS.index(attack):02}"


def cell(table: Table, column: str, number: int) -> str:
    """Return the text with a pair of attacks for a column of any text; prose has paragraphs."""
    parts = [f"{attack}{code(table.name, column, attack)}" for attack in PAIRS[number]]
    if column in table.prose_columns:
        return "\n\n".join(f"{part} [@s{number}]." for part in parts)
    return " ".join(parts)


def address(column: str, number: int) -> str:
    """Return an address that holds a pair of attacks, and is one all the same."""
    path = re.sub(r"\s", "/", "".join(PAIRS[number]))
    if column in {"url", "archived_url"}:
        return f"https://press.example/{path}"
    return f"/meetings/{path.replace('#', '')}/"


def row(table: Table, number: int) -> dict[str, str]:
    """Return the cells of a public row with a pair of attacks in each text."""
    cells = NEW.get(table.name, {}) | {
        name: value.format(number) for name, value in PARTS[table.name].items()
    }
    for name in texts(table):
        cells[name] = cell(table, name, number)
    for name in addresses(table):
        cells.setdefault(name, address(name, number))
    if "sources" in table.columns:
        cells["sources"] = f"s{number}"
    if "status" in table.columns:
        cells["status"] = "published"
    if table.name == "redirects":
        cells["old_path"] = address("old_path", number)
    return cells


def write_record(folder: Path) -> Path:
    """Write the record as files, one for each table."""
    for table in TABLES:
        write(folder, table.name, *(row(table, number) for number in range(len(PAIRS))))
    return folder


def parse(html: str) -> list[Element]:
    """Return the elements of a page as a browser sees them, comments left out."""
    found = html5lib.parse(html, namespaceHTMLElements=False)
    return [element for element in found.iter() if isinstance(element.tag, str)]


def alive(html: str) -> Iterator[str]:
    """Yield what a browser would do at an attack's wish."""
    if FILLED_IN in html:
        yield "a template was filled in"
    yield from found_alive(parse(html))


def found_alive(elements: list[Element]) -> Iterator[str]:
    for element in elements:
        yield from faults(element)


def faults(element: Element) -> Iterator[str]:
    """Yield what an element does that none of ours does."""
    tag, source = element.tag, element.get("src", "")
    if tag in ACTIVE or "srcdoc" in element.attrib:
        yield f"<{tag}>"
    if tag == "script" and element.get("type") not in DATA_BLOCKS and not source.startswith(OWN):
        yield f"script: {source or element.text}"
    if tag == "style" or (tag == "meta" and "http-equiv" in element.attrib):
        yield f"<{tag}>"
    if (tag == "img" and not source.startswith(("/", "data:image/"))) or source.startswith("//"):
        yield f"image: {source}"
    for name, value in element.attrib.items():
        if str(name).lower().startswith("on"):
            yield f"{tag} {name}={value}"
        if str(name).rpartition("}")[2] in ADDRESSES:
            yield from address_faults(tag, value)


def address_faults(tag: str, value: str) -> Iterator[str]:
    """Yield what is wrong with an address: its scheme, or the site that a form or file is of."""
    # Browsers leave out what is between the letters of a scheme.
    plain = re.sub(r"[\x00-\x20]", "", value)
    if plain.startswith("data:image/"):
        return
    parts = urlsplit(plain)
    if parts.scheme.lower() not in SCHEMES:
        yield f"{tag} leads to {value}"
    # A reader may be led away by a link, and by nothing else.
    if parts.hostname == EVIL and tag != "a":
        yield f"{tag} leads away: {value}"
