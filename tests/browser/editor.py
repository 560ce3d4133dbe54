"""An editor whose every act at the desk is counted by the driver that performs it."""

import re
from collections import Counter
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Locator, Page

REFUSAL = ".error-summary"
FIGURES = Path(settings.BASE_DIR, "docs", "figures.md").read_text(encoding="utf-8")
JOURNEYS = FIGURES[FIGURES.index("## Journeys at the desk") :]
COLUMNS = ("clicks", "fields", "windows", "keys", "refusals")


def figures_of(journey: str) -> Counter[str]:
    """Return what docs/figures.md says that a journey takes now: the number after the arrow."""
    row = re.search(rf"^\| {re.escape(journey)} \|(.*)\|$", JOURNEYS, re.MULTILINE)
    assert row, f"docs/figures.md has no row {journey}"
    now = [cell.rpartition("→")[2].strip() for cell in row[1].split("|")]
    return +Counter({name: int(number or 0) for name, number in zip(COLUMNS, now, strict=True)})


class Editor:
    """An editor at a page: each method is one act, or the few that it names, and counts them.

    A field counts once, however much is typed in it; a key where it acts rather than types; a
    window when the browser opens one; a refusal when a form comes back with its problems.
    """

    def __init__(self, page: Page):
        self.page = page
        self.counts: Counter[str] = Counter()
        page.context.on("page", lambda window: self.counts.update(["windows"]))

    def click(self, target: Locator) -> None:
        self.counts["clicks"] += 1
        target.click()

    def press(self, key: str) -> None:
        self.counts["keys"] += 1
        self.page.keyboard.press(key)

    def write(self, field: Locator, text: str) -> None:
        """Type in a field in place of what it holds; that leads to it as the eye does."""
        self.counts["fields"] += 1
        field.fill(text)

    def type(self, text: str) -> None:
        """Type in the field that has the focus already."""
        self.counts["fields"] += 1
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, value: str) -> None:
        self.counts["fields"] += 1
        field.select_option(value)

    def find(self, field: str, words: str) -> None:
        """Open a choice of related rows, search for one, and take the first that is found."""
        self.click(self.page.locator(f"#id_{field} + .select2 .select2-selection"))
        self.page.locator(".select2-dropdown .select2-search__field:focus").wait_for()
        self.counts["fields"] += 1
        # Key by key, as the choice listens: it searches again after each.
        self.page.keyboard.type(words, delay=20)
        found = self.page.locator(".select2-results__option--highlighted")
        found.filter(has_text=words).wait_for()
        self.press("Enter")

    def begin_citing(self) -> None:
        """Open the picker of sources where the cursor is, at the end of a word."""
        self.page.keyboard.type(" ")
        self.press("@")
        self.page.locator("#source-picker[open]").wait_for()

    def cite(self, words: str = "") -> None:
        """Cite, in the text that has the focus, a source that is there; or the one added last."""
        self.begin_citing()
        if words:
            self.type(words)
        self.page.locator("#source-picker [aria-selected=true]").filter(has_text=words).wait_for()
        self.press("Enter")

    def cite_new(self, line: str) -> None:
        """Add a source by its address and title, and cite it in the text that has the focus."""
        self.begin_citing()
        self.type(line)
        self.press("Enter")
        self.page.locator("#source-picker form").wait_for()
        self.press("Enter")
        self.page.locator("#source-picker").wait_for(state="hidden")

    def follow(self, target: Locator) -> None:
        """Click on what leads to another page, and look whether that is a refusal."""
        with self.page.expect_navigation():
            self.click(target)
        self.counts["refusals"] += self.page.locator(REFUSAL).count()

    def tab_to(self, name: str, most: int) -> None:
        """Press Tab until the field or button of a name has the focus."""
        while self.page.evaluate("document.activeElement.name") != name:
            assert self.counts["keys"] < most, f"{name} is not reached by {most} tab stops"
            self.press("Tab")

    def taken(self) -> Counter[str]:
        """Return what was counted since this was last asked."""
        counts, self.counts = +self.counts, Counter()
        return counts
