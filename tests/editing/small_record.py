"""A small record on which a state machine acts at random: its rows, and other states of them."""

import re
from datetime import UTC, datetime

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine

from meetings.editing.snapshots import in_key_order
from meetings.tables.registry import TABLES_BY_NAME

# Few addresses, so that rows ask for those of others.
SLUGS = tuple("abc")
KINDS = ("meetings", "issues", "reactions", "milestones", "actors", "sources", "places")
REQUIRED = {
    "meetings": {"starts_on": "2018-07-16", "format": "summit", "event_status": "held"},
    "reactions": {"meeting": "a", "capacity": "executive", "stance": "mixed"},
    "milestones": {"occurred_on": "2018-07-17", "kind": "call"},
    "actors": {"kind": "person"},
    "sources": {"kind": "news"},
}
NAMES = {"reactions": "attribution", "actors": "name", "places": "city"}
TEXTS = {"meetings": "body", "issues": "body", "reactions": "summary", "milestones": "summary"}
ORDERS = ("5", "10", "20")
WORD = re.compile(r"word\d+x")


class SmallRecord(RuleBasedStateMachine):
    """A record with a clock of its own, which is taken back at the end."""

    def __init__(self):
        super().__init__()
        for cache in caches.all():
            cache.clear()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now, self.real_now = datetime(2026, 1, 1, tzinfo=UTC), timezone.now
        timezone.now = lambda: self.now
        self.words = 0

    def teardown(self):
        timezone.now = self.real_now
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
        super().teardown()

    def word(self):
        self.words += 1
        return f"word{self.words}x"

    def rows(self, name):
        return list(TABLES_BY_NAME[name].model._default_manager.order_by("pk"))

    def row(self, number):
        """Return one of all rows, or None."""
        rows = [row for name in KINDS for row in self.rows(name)]
        return rows[number % len(rows)] if rows else None

    def index_of(self, name):
        """Return the number by which ``row`` gives the first row of a table."""
        return sum(len(self.rows(other)) for other in KINDS[: KINDS.index(name)])

    def slug(self, name, number):
        slugs = [row.slug for row in self.rows(name)]
        return slugs[number % len(slugs)] if slugs else ""

    def text(self, number):
        """Return a paragraph that cites a source, if there is one."""
        source = self.slug("sources", number)
        return f"{self.word()} [@{source}]." if source else ""

    def changed(self, state, name, number):
        """Return another state of a row: other words, and some of its parts otherwise."""
        table = TABLES_BY_NAME[name]
        own = dict(state[name][0])
        own[NAMES.get(name, "title")] = self.word()
        if name in TEXTS and number % 2:
            own[TEXTS[name]] = self.text(number)
        if name == "sources" and number % 3 == 0:
            own["note"] = self.text(number // 3)
        if name == "meetings" and number % 4 == 0:
            own["place"] = self.slug("places", number)
        if name == "reactions" and number % 4 == 0:
            own["actors"] = self.slug("actors", number)
        if name == "milestones" and number % 4 == 0:
            own["meetings"] = self.slug("meetings", number)
        new = state | {name: [own]}
        if name == "meetings":
            new |= self.changed_parts(new, own["slug"], number)
        return in_key_order({key: rows for key, rows in new.items() if rows} | {table.name: [own]})

    def changed_parts(self, state, slug, number):
        outcomes = {row["order"]: row for row in state.get("outcomes", [])}
        order = ORDERS[number % 3]
        row = {"meeting": slug, "order": order, "state": "", "text": self.text(number)}
        if outcomes.pop(order, None) is None or number % 2:
            outcomes[order] = row
        parts = {"outcomes": list(outcomes.values())}
        if number % 5 == 0 and (actor := self.slug("actors", number)):
            parts["participations"] = [
                {
                    "meeting": slug,
                    "actor": actor,
                    "government": "FI",
                    "role": self.word(),
                    "presence": "",
                    "order": "",
                }
            ]
        if number % 5 == 1 and (issue := self.slug("issues", number)):
            key = {"meeting": slug, "issue": issue}
            parts["discussions"] = [
                key | dict.fromkeys(("basis", "agreement", "summary", "outcome"), "")
            ]
            account = {"government": "FI", "finding": "stated", "text": self.text(number)}
            quoted = ("quotation", "quotation_language", "quotation_source", "translation")
            parts["accounts"] = [key | account | dict.fromkeys(quoted, "")]
        return parts
