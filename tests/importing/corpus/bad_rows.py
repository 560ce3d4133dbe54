"""Values that are well formed and do not go together: rules of a row, of an entry, of a file."""

from meetings.importing.readers import Limits

from .cases import Bad, content, sheet
from .records import NEW, REACTION

CITED = "He said so [@paper]."
PUBLIC = {"status": "published"}


def bad(name, table, rows, column, says, line=2, **options):
    return Bad(
        name, content(sheet(*rows), f"{table}.csv"), line, column, says, f"{table}.csv", **options
    )


def one(name, table, changes, column, says):
    return bad(name, table, [NEW[table] | changes], column, says)


QUOTED = {"quotation": "A bad day", "quotation_source": "paper", "quotation_language": "en"}

BAD_ROWS = [
    one("quotation without its source", "reactions", QUOTED | {"quotation_source": ""}, "",
        "needs its source and its language"),
    one("quotation without its language", "reactions", QUOTED | {"quotation_language": ""}, "",
        "needs its source and its language"),
    one("latitude alone", "places", {"latitude": "60.17"}, "", "together, or neither"),
    one("longitude alone", "places", {"longitude": "24.95"}, "", "together, or neither"),
    one("latitude out of range", "places", {"latitude": "90.000001", "longitude": "0"}, "",
        "together, or neither"),
    one("longitude out of range", "places", {"latitude": "0", "longitude": "-180.5"}, "",
        "together, or neither"),
    one("length of no minutes", "meetings", {"duration_minutes": "0"}, "", "more than 0 minutes"),
    one("redirect to itself", "redirects", {"old_path": "/meetings/talks/"}, "",
        "cannot redirect to itself"),
    one("published without a source", "reactions", PUBLIC, "sources", "no source at all"),
    one("published with a bare paragraph", "reactions",
        PUBLIC | {"summary": f"{CITED}\n\nAnd more.", "sources": "paper"}, "summary",
        "“And more.” has no source"),
    one("bare paragraph in a list", "reactions",
        PUBLIC | {"summary": f"{CITED}\n\n- one\n- two [@paper]"}, "summary",
        "“one” has no source"),
    bad("bare paragraph in a part of a public entry", "outcomes",
        [NEW["outcomes"] | {"text": "They agreed."}], "text", "has no source"),
    bad("public entry that loses its citation", "reactions",
        [{"slug": "first", "summary": "He agreed."}], "summary", "has no source"),
    bad("status emptied", "reactions", [{"slug": "first", "status": ""}], "status",
        "cannot be emptied"),
    bad("needed value emptied", "reactions", [{"slug": "first", "attribution": ""}],
        "attribution", "cannot be emptied"),
    bad("needed column left out of a new row", "reactions",
        [{"slug": "new-one", "meeting": "talks"}], "stance", "needs a stance"),
    bad("key twice", "reactions", [REACTION, REACTION], "slug", "line 2 too", 3),
    bad("key three times, apart", "places",
        [{"slug": "a"}, {"slug": "b"}, {"slug": "c"}, {"slug": "a"}], "slug", "line 2 too", 5),
    bad("key twice but for spaces", "places", [{"slug": "a"}, {"slug": " a "}], "slug",
        "line 2 too", 3),
    bad("key of a part twice", "readouts", [NEW["readouts"], NEW["readouts"] | {"text": ""}],
        "meeting", "line 2 too", 3),
    bad("key of a part twice, numbers written otherwise", "outcomes",
        [NEW["outcomes"], NEW["outcomes"] | {"order": "010"}], "meeting", "line 2 too", 3),
    bad("address of a source twice", "sources",
        [NEW["sources"] | {"slug": slug, "url": "https://press.example/2"} for slug in "ab"],
        "url", "has this address too", 3),
    bad("wrong in the last of many rows", "places",
        [{"slug": f"place-{n}", "country": "FI"} for n in range(1500)]
        + [{"slug": "last", "country": "UK"}], "country", "is not a country", 1502),
    bad("wrong after a cell of several lines", "reactions",
        [REACTION | {"summary": f"{CITED}\n\n{CITED}"},
         REACTION | {"slug": "other", "summary": "", "stance": "angry"}], "stance",
        "is not a stance", 5),
    bad("more rows than are taken", "places", [{"slug": f"place-{n}"} for n in range(12)], "",
        "There are 12 rows; the limit here is 10", 12, limits=Limits(rows=10)),
    bad("more bytes than are taken", "places", [{"slug": f"place-{n}"} for n in range(12)], "",
        "bytes; the limit here is 100", 0, limits=Limits(size=100)),
]  # fmt: skip
