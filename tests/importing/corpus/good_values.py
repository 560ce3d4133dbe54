"""Values that look wrong and are not, each with the cell it becomes."""

import csv

from .cases import Good, content, sheet
from .records import NEW

LONG = "x" * 1_000_000
WORDS = "word " * 49 + "word"

# Name, table, what the file says, what the row must have (where that is otherwise).
VALUES = [
    ("cells with spaces around", "reactions", {"slug": "  new-one ", "stance": "\tmixed "},
     {"slug": "new-one", "stance": "mixed"}),
    ("no-break spaces around", "reactions", {"attribution": "\u00a0A senator\u3000"},
     {"attribution": "A senator"}),
    ("text to be composed", "reactions", {"attribution": "Noe\u0308l"},
     {"attribution": "No\u00ebl"}),
    ("every script", "reactions", {"attribution": "Сенатор 上院議員 عضو שלום"}, {}),
    ("emoji and joiners", "reactions", {"attribution": "👩\u200d⚖️ x\u200cy"}, {}),
    ("invisible characters within", "reactions", {"attribution": "A\u00adsen\u200bator"}, {}),
    ("text of invisible characters", "reactions", {"role": "\u200b\u2060"}, {"role": ""}),
    ("lines of Windows", "reactions", {"summary": "One [@paper].\r\n\r\nTwo [@paper].\r\n"},
     {"summary": "One [@paper].\n\nTwo [@paper]."}),
    ("lines of old", "reactions", {"summary": "One [@paper].\r\rTwo [@paper]."},
     {"summary": "One [@paper].\n\nTwo [@paper]."}),
    ("quotation marks of all kinds", "reactions", {"attribution": "“A” ‘b’ «c» \"d\" 'e'"}, {}),
    ("separators in text", "reactions", {"role": "a;b\tc|d,e"}, {}),
    ("markup", "reactions", {"summary": "<script>alert(1)</script> & *this* [@paper]"}, {}),
    ("line separators of Unicode", "reactions", {"role": "a\u2028b\u0085c".replace("\u0085", "")},
     {"role": "a\u2028bc"}),
    ("slugs with spaces and gaps", "reactions", {"issues": " trade || arms |"},
     {"issues": "arms|trade"}),
    ("slugs out of order", "reactions", {"actors": "bob|ada", "sources": "paper|law"},
     {"actors": "ada|bob", "sources": "law|paper"}),
    ("citations", "reactions", {"summary": "So [@paper, p. 4; @law]. No [link](/) @home."}, {}),
    ("quotation of fifty words", "reactions",
     {"quotation": WORDS, "quotation_source": "paper", "quotation_language": "sr-Latn"}, {}),
    ("text of a million characters", "reactions", {"summary": LONG}, {}),
    ("title of two hundred characters", "reactions", {"attribution": "é" * 200}, {}),
    ("slug of a hundred characters", "places", {"slug": "a" * 100}, {}),
    ("slug of digits", "places", {"slug": "1985"}, {}),
    ("moment in UTC", "reactions", {"publish_at": "2018-07-16T09:00Z"},
     {"publish_at": "2018-07-16T09:00:00Z"}),
    ("moment with an offset", "reactions", {"publish_at": "2018-07-16T01:30:15.250+03:00"},
     {"publish_at": "2018-07-15T22:30:15.250000Z"}),
    ("moment of microseconds", "reactions", {"publish_at": "2018-07-16T09:00:00.000001-11:30"},
     {"publish_at": "2018-07-16T20:30:00.000001Z"}),
    ("leap day", "reactions", {"reacted_on": "2020-02-29"}, {}),
    ("day long ago", "meetings", {"starts_on": "1874-12-12"}, {}),
    ("first and last of days", "meetings", {"starts_on": "0001-01-01", "ends_on": "9999-12-31"},
     {}),
    ("number with zeros before it", "outcomes", {"order": "007"}, {"order": "7"}),
    ("order of nothing", "outcomes", {"order": "0"}, {}),
    ("participation without a government", "participations", {"government": ""}, {}),
    ("coordinates as they were once downloaded", "places",
     {"latitude": "'-34.6", "longitude": "'-58.4013"},
     {"latitude": "-34.6", "longitude": "-58.4013"}),
    ("coordinates below zero", "places", {"latitude": "-34.6", "longitude": "-58.4013"}, {}),
    ("coordinates with zeros after them", "places",
     {"latitude": "60.170000", "longitude": "24.9500"},
     {"latitude": "60.17", "longitude": "24.95"}),
    ("coordinates at the edge", "places", {"latitude": "-90", "longitude": "180.000000"},
     {"longitude": "180"}),
    ("minus nothing", "places", {"latitude": "-0.000000", "longitude": "0"},
     {"latitude": "0", "longitude": "0"}),
    ("country of no ISO code", "places", {"country": "XK"}, {}),
    ("union for a country", "participations", {"government": "EU"}, {}),
    ("address with a query", "sources", {"url": "https://press.example/a?b=1,2&c=“d”#e"}, {}),
    ("new row left a draft", "reactions", {"status": ""}, {}),
    ("public row that cites", "reactions",
     {"status": "published", "summary": "So [@law].\n\n- And [@law]", "sources": ""}, {}),
]  # fmt: skip


def good_value(name: str, table: str, given: dict, read: dict) -> Good:
    row = NEW[table] | given
    return Good(
        name, content(sheet(row, quoting=csv.QUOTE_ALL), f"{table}.csv"), [(table, row | read)]
    )


GOOD_VALUES = [good_value(*value) for value in VALUES]
