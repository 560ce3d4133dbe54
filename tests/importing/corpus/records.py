"""The rows that the files of the corpus speak of: those there before, and new ones."""

from datetime import date

from tests import factories as make

# A new row of each table, as small as it may be.
NEW = {
    "places": {"slug": "new-place"},
    "actors": {"slug": "new-actor", "name": "Nina New", "kind": "person"},
    "sources": {"slug": "new-source", "title": "A report", "kind": "news"},
    "meetings": {
        "slug": "new-meeting",
        "title": "New talks",
        "starts_on": "2019-06-28",
        "format": "bilateral",
        "event_status": "held",
    },
    "participations": {"meeting": "talks", "actor": "ada", "government": "FI"},
    "readouts": {"meeting": "talks", "government": "FI"},
    "outcomes": {"meeting": "talks", "order": "10", "state": "agreed"},
    "issues": {"slug": "new-issue", "title": "A new issue"},
    "positions": {"issue": "trade", "government": "FI"},
    "discussions": {"meeting": "talks", "issue": "arms", "basis": "press"},
    "accounts": {"meeting": "talks", "issue": "trade", "government": "FI", "finding": "stated"},
    "reactions": {
        "slug": "new-one",
        "meeting": "talks",
        "attribution": "A senator",
        "capacity": "legislature",
        "reacted_on": "2018-07-17",
        "stance": "critical",
    },
    "themes": {"slug": "new-theme", "title": "A new theme"},
    "milestones": {
        "slug": "new-step",
        "occurred_on": "2018-07-13",
        "kind": "call",
        "title": "A call",
    },
    "pages": {"slug": "new-page", "title": "A new page"},
    "redirects": {"old_path": "/meetings/old-talks/", "new_path": "/meetings/talks/"},
}
REACTION = NEW["reactions"]


def make_records() -> None:
    """Save the rows that the files name."""
    paper = make.make_source(slug="paper", url="https://press.example/paper")
    make.make_source(slug="law")
    make.make_place(slug="city-hall")
    make.make_actor(slug="ada")
    make.make_actor(slug="bob")
    meeting = make.make_meeting(slug="talks", starts_on=date(2018, 7, 16), sources=[paper])
    issue = make.make_issue(slug="trade", sources=[paper])
    make.make_issue(slug="arms", sources=[paper])
    make.make_discussion(meeting=meeting, issue=issue)
    make.make_reaction(
        slug="first",
        meeting=meeting,
        sources=[paper],
        attribution="A minister",
        summary="He agreed [@paper].",
    )
