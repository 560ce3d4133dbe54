"""The block of data in a page's head: read as JSON, and no matter for the content policy."""

import json

import pytest

from .kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

TYPES = {
    "meeting": "Event",
    "issue": "Article",
    "theme": "Article",
    "reaction": "Quotation",
    "person": "Person",
    "place": "Place",
}


@pytest.mark.parametrize("kind", TYPES)
def test_browser_reads_linked_data_and_reports_no_violation(page, kind):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.log(e.violatedDirective))"
    )

    page.goto(KINDS[kind])
    data = json.loads(page.inner_text("script[type='application/ld+json']"))

    assert TYPES[kind] in {each["@type"] for each in data["@graph"]}
    assert said == []
