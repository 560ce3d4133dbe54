"""Two editors at the same entry, again and again: no word is lost without a message."""

import random
import re

import pytest
from django.template import Template
from django.test import Client

from meetings.editing.snapshots import snapshot
from meetings.models import Revision
from tests.factories import (
    make_editor,
)
from tests.soak import repeats

from .helpers import add_row, choosing, form_data, open_form, send

pytestmark = pytest.mark.django_db
ORDERS = [str(number) for number in range(10, 50, 10)]


def words(*texts):
    """Return the words that the editors of this test made up, found in texts of any kind."""
    return set(re.findall(r"word\d+", " ".join(map(str, texts))))


def changes(response):
    """Return the part of the page that says what somebody else changed."""
    page = response.content.decode()
    return page.partition('<section class="changes"')[2].partition("</section>")[0]


class Editor:
    """An editor at the desk: what the form showed, what was typed, and what the page said."""

    def __init__(self, name, meeting, luck):
        self.client = Client()
        self.client.force_login(make_editor(name))
        self.meeting = meeting
        self.luck = luck
        self.data = {}
        self.asked = 0

    def open(self):
        self.see(open_form(self.client, self.meeting))

    def see(self, data):
        """Have a form open; two editors who open it at the same time see the same."""
        self.data = dict(data)
        self.shown = words(*data.values())

    def type(self, number):
        """Change a few things, each with a word of its own, and remember those to be saved."""
        self.typed = set()
        acts = [self.field, self.outcome, self.account, self.add, self.delete]
        for index, act in enumerate(self.luck.sample(acts, self.luck.randint(1, 3))):
            act(f"word{number}{index}")
        self.typed = words(*self.data.values()) - self.shown

    def field(self, word):
        self.data[self.luck.choice(["title", "summary", "body", "forum"])] = word

    def rows(self):
        return range(int(self.data["outcomes-TOTAL_FORMS"]))

    def outcome(self, word):
        for index in self.rows()[:1]:
            self.data[f"outcomes-{index}-text"] = word

    def account(self, word):
        code = self.luck.choice(["RU", "US"])
        self.data[f"discussions-0-account_{code}_text"] = word

    def add(self, word):
        used = {self.data[f"outcomes-{index}-order"] for index in self.rows()}
        if free := [order for order in ORDERS if order not in used]:
            add_row(self.data, "outcomes", order=self.luck.choice(free), state="", text=word)

    def delete(self, word):
        for index in self.rows()[1:2]:
            if self.data[f"outcomes-{index}-id"]:
                self.data[f"outcomes-{index}-DELETE"] = "on"

    def stored(self):
        """Return the words in the database, as the last revision has them."""
        return words(Revision.objects.latest_of(self.meeting).snapshot)

    def save(self):
        """Send the form; check that every loss has a message; return whether it was accepted."""
        before = self.stored()
        response = send(self.client, self.meeting, self.data)
        after = self.stored()
        if response.status_code == 302:
            assert self.typed <= after
            assert before - after <= self.shown
            return True
        reported = words(changes(response))
        assert after == before
        assert before - self.shown <= reported
        self.asked += 1
        assert self.typed <= words(*form_data(response, "meeting_form").values())
        side = self.luck.choice(["yours", "theirs"])
        self.data = choosing(response, side)
        self.shown |= reported
        if side == "theirs":
            yours = r'<dt>Yours</dt>\s*<dd class="cell">(.*?)</dd>'
            self.typed -= words(*re.findall(yours, response.content.decode(), re.DOTALL))
        return False


@pytest.fixture(autouse=True)
def _bare_templates(monkeypatch):
    """Keep no copy of each template's context: copying takes a third of the time."""
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))


@pytest.mark.parametrize("rounds", repeats(15, 200))
def test_no_word_is_lost_without_being_told(meeting, rounds):
    """In each round the second form was opened before the first was saved: both are joined."""
    luck = random.Random(20180716)
    editors = [Editor(name, meeting, luck) for name in ("ana", "ben")]

    for number in range(rounds):
        luck.shuffle(editors)
        first, second = editors
        first.open()
        second.see(first.data)
        first.type(f"{number}0")
        second.type(f"{number}1")
        assert first.save()
        while not second.save():
            if luck.random() < 0.1:
                first.open()
                first.type(f"{number}9{second.asked}")
                assert first.save()

    asked = sum(editor.asked for editor in editors)
    assert 0 < asked < rounds
    assert Revision.objects.latest_of(meeting).snapshot == snapshot(meeting)
    assert Revision.objects.of(meeting).count() > rounds * 1.8
