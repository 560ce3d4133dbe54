"""The reading mode of browsers: Readability of Mozilla, which Firefox shows pages with."""

import os
from pathlib import Path

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SCRIPT = Path(__file__).parents[2] / "node_modules/@mozilla/readability/Readability.js"
# Headings of parts of the page itself; one that is for the ear alone has nothing to see under it.
HEADS = "main h2:not(nav h2, .visually-hidden)"
TEXTS = "(root, heads) => [...root.querySelectorAll(heads)].map(e => e.textContent.trim())"


@pytest.fixture(scope="module")
def readability():
    if not SCRIPT.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{SCRIPT.name} is missing, and with CI=true nothing is skipped.")
        pytest.skip("Readability is missing: install npm, then run `npm ci`.")
    return SCRIPT.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["meeting", "issue", "theme", "milestone", "source with claims"])
def test_reading_mode_keeps_headings_and_facts(page, readability, kind):
    page.goto(KINDS[kind])

    wanted, kept = page.evaluate(
        f"""([heads, facts]) => {{
            {readability}
            const texts = {TEXTS};
            const read = new Readability(document.cloneNode(true)).parse();
            const found = new DOMParser().parseFromString(read.content, 'text/html');
            return [texts(document, heads).concat(texts(document, facts)), texts(found, 'h2, dt')];
        }}""",
        [HEADS, "main .key-facts dt"],
    )

    assert len(wanted) > 1
    assert [text for text in wanted if text not in kept] == []
