"""Columns matched by hand, and remembered for the next file with the same header.

They are remembered for all users, not for each: which column a header means is a fact about the
file, and colleagues get files from the same places. Whoever imports sees the match at the second
step, and may change it there.
"""

from typing import Any

from ..models import Import
from .readers import header_digest
from .summaries import SheetSummary, UploadSummary

# Of one header: the column of each name in it that is not its own, or nothing to leave it out.
Match = dict[str, str]


def digest_of_header(sheet: SheetSummary) -> str:
    """Return what tells the header of a table in a file from others."""
    return header_digest(sheet.table, sheet.header)


def remembered_match(digest: str) -> Match:
    """Return how somebody last matched the columns of a header."""
    found = Import.objects.filter(reading__matches__has_key=digest).order_by("-pk")
    reading: dict[str, Any] | None = found.values_list("reading", flat=True).first()
    return reading["matches"][digest] if reading else {}


def add_remembered(imported: Import, found: UploadSummary) -> bool:
    """Match the headers of a file as they were last matched; return whether one was."""
    matches = imported.reading.get("matches", {})
    digests = {digest_of_header(sheet) for sheet in found.sheets if sheet.header} - matches.keys()
    remembered = {digest: match for digest in digests if (match := remembered_match(digest))}
    if remembered:
        imported.reading |= {"matches": matches | remembered, "is_remembered": True}
    return bool(remembered)
