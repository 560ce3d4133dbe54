"""Rows that are well formed, each with one value that is not."""

from .cases import Bad, content, sheet
from .records import NEW

DAY, MOMENT, NUMBER = "Enter the date as", "Enter the time as", "Enter a whole number"
SLUG, COUNTRY = "Use small letters, digits", "is not a country"

# Table, column, value, and a piece of what is said of it.
VALUES = [
    *(
        ("reactions", "reacted_on", value, says)
        for value, says in (
            ("16 July 2018", DAY),
            ("01/02/2018", DAY),
            ("2018-7-16", DAY),
            ("20180716", DAY),
            ("16.07.2018", DAY),
            ("2018-07-16T00:00:00Z", DAY),
            ("2018-W29-1", DAY),
            ("43297", DAY),
            ("２０１８-07-16", DAY),
            ("2018-02-30", "There is no day"),
            ("2018-13-01", "There is no day"),
            ("0000-01-01", "There is no day"),
            ("", "needs a reacted_on"),
            ("\u200b", DAY),
        )
    ),
    *(
        ("reactions", "slug", value, says)
        for value, says in (
            ("New One", SLUG),
            ("new_one", SLUG),
            ("-new", SLUG),
            ("new--one", SLUG),
            ("new-", SLUG),
            ("nö", SLUG),
            ("new\u200bone", SLUG),
            ("\ufeffnew", SLUG),
            ("new/one", SLUG),
            ("=new", SLUG),
            ("by-meeting", "is an address of this site"),
            ("history", "is an address of this site"),
            ("a" * 101, "at most 100 characters"),
            ("", "needs its slug"),
            (" \t ", "needs its slug"),
        )
    ),
    *(
        ("reactions", "publish_at", value, MOMENT)
        for value in (
            *("2018-07-16", "2018-07-16T09:00", "2018-07-16 09:00Z", "2018-07-16T25:00Z"),
            *("2018-02-30T09:00Z", "2018-07-16T09:00+99:00", "2018-07-16T09:00:00.1234567Z"),
            *("16 July 2018, 9:00", "0001-01-01T00:00+14:00", "2018-07-16T09Z"),
        )
    ),
    *(("reactions", "country", value, COUNTRY) for value in ("UK", "us", "USA", "ZZ", "F I")),
    ("places", "country", "Finland", COUNTRY),
    ("participations", "government", "fi", COUNTRY),
    ("reactions", "stance", "angry", "Use supportive, critical, mixed or neutral"),
    ("reactions", "stance", "Critical", "is not a stance"),
    ("reactions", "stance", "", "needs a stance"),
    ("reactions", "capacity", "senate", "is not a capacity"),
    ("reactions", "status", "Published", "is not a status"),
    ("reactions", "attribution", "", "needs an attribution"),
    ("reactions", "attribution", "\u200b\u2060", "needs an attribution"),
    ("reactions", "attribution", "x" * 201, "at most 200 characters"),
    ("reactions", "attribution", "A\x07senator", "U+0007"),
    ("reactions", "attribution", "A\x85senator", "U+0085"),
    ("reactions", "attribution", "A\0senator", "U+0000"),
    ("reactions", "summary", "Words\ufdd0", "U+FDD0"),
    ("reactions", "summary", "Words\U0001ffff", "U+1FFFF"),
    ("reactions", "summary", "x" * 1_000_001, "at most 1,000,000 characters"),
    ("reactions", "summary", "He said so [@nobody].", "There is no source “nobody”"),
    ("reactions", "summary", "He said so [@ paper].", "not a citation"),
    ("reactions", "summary", "He said so [@paper", "not a citation"),
    ("reactions", "meeting", "", "needs a meeting"),
    ("reactions", "meeting", "talk", "There is no meeting"),
    ("reactions", "meeting", "Talks", "There is no meeting"),
    ("reactions", "issues", "trade|trad", "There is no issue"),
    ("reactions", "issues", "trade|arms|trade", "stands twice"),
    ("reactions", "issues", "trade, arms", "Separate several by “|”"),
    ("reactions", "actors", "ada|carl", "There is no person or organisation"),
    ("reactions", "sources", "paper;law", "Separate several by “|”"),
    ("reactions", "quotation_source", "papers", "There is no source"),
    ("reactions", "quotation", "word " * 51, "at most 50 words"),
    ("reactions", "quotation_language", "English", "Enter a language tag"),
    ("reactions", "quotation_language", "en_GB", "Enter a language tag"),
    ("places", "latitude", "60,17", "Enter degrees"),
    ("places", "latitude", "60.1699123", "at most six decimals"),
    ("places", "latitude", "60°10′N", "Enter degrees"),
    ("places", "longitude", "1e1", "Enter degrees"),
    ("places", "longitude", "+24.9", "Enter degrees"),
    ("places", "city", "x" * 101, "at most 100 characters"),
    ("meetings", "title", "", "needs a title"),
    ("meetings", "title", "x" * 201, "at most 200 characters"),
    ("meetings", "ends_on", "2019-06-27", "same as or after the first day"),
    ("meetings", "starts_on", "28/06/2019", DAY),
    ("meetings", "format", "Summit", "is not a format"),
    ("meetings", "event_status", "done", "is not a"),
    ("meetings", "place", "town-hall", "There is no place"),
    *(
        ("meetings", "duration_minutes", value, NUMBER)
        for value in ("-5", "46.0", "46 min", "1,000", "99999999999", "４６", "0x2e")
    ),
    ("participations", "meeting", "no-talks", "There is no meeting"),
    ("participations", "meeting", "ta lks", "is not a slug"),
    ("participations", "meeting", "ta\x07lks", "is not a slug"),
    ("participations", "meeting", "переговоры", "is not a slug"),
    ("participations", "meeting", "TALKS", "There is no meeting"),
    ("positions", "issue", "trade\u200b", "is not a slug"),
    ("participations", "actor", "nobody", "There is no person or organisation"),
    ("participations", "actor", "", "needs its actor"),
    ("participations", "order", "first", NUMBER),
    ("readouts", "government", "", "needs its government"),
    ("readouts", "language", "Finnish", "Enter a language tag"),
    ("readouts", "issued_on", "July 2018", DAY),
    ("outcomes", "order", "", "needs its order"),
    ("outcomes", "order", "1.5", NUMBER),
    ("outcomes", "state", "done", "is not a state"),
    ("positions", "issue", "trades", "There is no issue"),
    ("discussions", "issue", "weather", "There is no issue"),
    ("discussions", "basis", "press release", "is not a basis"),
    ("accounts", "finding", "said", "is not a finding"),
    ("accounts", "issue", "weather", "There is no issue"),
    ("sources", "title", "", "needs a title"),
    ("sources", "kind", "blog", "is not a kind"),
    ("sources", "url", "press.example/x", "starts with https://"),
    ("sources", "url", "ftp://press.example/x", "starts with https://"),
    ("sources", "url", "javascript:alert(1)", "starts with https://"),
    ("sources", "url", "https://press.example/paper", "already source “paper”"),
    ("sources", "language", "english", "Enter a language tag"),
    ("sources", "read", "true", "is not a read"),
    ("sources", "ownership", "public", "is not an ownership"),
    ("sources", "title_is", "own", "is not a title is"),
    ("outcomes", "state", "none", "is not a state"),
    ("participations", "presence", "yes", "is not a presence"),
    ("discussions", "agreement", "yes", "is not an agreement"),
    ("sources", "published", "2018", DAY),
    ("sources", "note", "See [@nobody].", "There is no source"),
    ("actors", "name", "", "needs a name"),
    ("actors", "kind", "human", "is not a kind"),
    ("actors", "wikidata", "42", "Enter a Wikidata item"),
    ("actors", "wikidata", "q42", "Enter a Wikidata item"),
    ("themes", "meetings", "talks|walks", "There is no meeting"),
    ("themes", "reactions", "second", "There is no reaction"),
    ("milestones", "occurred_on", "", "needs an occurred_on"),
    ("milestones", "kind", "phone", "is not a kind"),
    ("pages", "title", "", "needs a title"),
    ("redirects", "new_path", "", "needs a new_path"),
    ("redirects", "old_path", "meetings/old", "begins and ends with a slash"),
    ("redirects", "new_path", "https://other.example/", "begins and ends with a slash"),
]


def bad_value(number: int, table: str, column: str, value: str, says: str) -> Bad:
    row = NEW[table] | {column: value}
    name = f"{table}-{column}-{number}"
    return Bad(name, content(sheet(row), f"{table}.csv"), 2, column, says, f"{table}.csv")


BAD_CELLS = [bad_value(number, *value) for number, value in enumerate(VALUES)]
