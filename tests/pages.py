"""The HTML of every page, kept by the tests on each database, and what differs between them.

What a browser, a style sheet or a printer makes of a page depends on its bytes alone. Where two
databases give the same bytes, it is looked at in a browser on one of them. Only in a search
each database weighs words in its own way: those pages are looked at on both.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "PAGES"
OWN = "/search/"


def undated(html: str) -> str:
    """Return a page without the day of its reading, which may change between two runs."""
    today = datetime.now(UTC).date()
    for words in ("%-d %B %Y", "%B %-d, %Y", "%Y-%m-%d", "%Y/%m/%d", "%Y, %B %-d"):
        html = html.replace(today.strftime(words), "today")
    return html


def keep(pages: dict[str, str], database: str) -> None:
    """Write the pages down where the environment names a folder for it."""
    if folder := os.environ.get(FOLDER):
        texts = {address: undated(html) for address, html in pages.items()}
        Path(folder, f"{database}.json").write_text(json.dumps(texts))


def differing(folder: Path) -> list[str]:
    """Return the addresses whose pages are not the same in the two databases of a folder."""
    one, other = (json.loads(file.read_text()) for file in sorted(folder.glob("*.json")))
    pages = [path for path in one.keys() | other if not path.startswith(OWN)]
    return sorted(path for path in pages if one.get(path) != other.get(path))
