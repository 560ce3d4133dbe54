"""The content's largest pages stay small enough to read on a slow line."""

import pytest
from django.conf import settings

from meetings.models import Issue, Meeting
from tests.browser.kinds import KINDS
from tests.content import record as record
from tests.content import withdraw_one
from tests.reading import compressed, read
from tests.walk import visit

pytestmark = pytest.mark.django_db

STYLE_SHEETS = (settings.BASE_DIR / "static").glob("css/*.css")


@pytest.fixture(scope="module")
def pages(record):
    """Return the HTML of every meeting, issue and kind of page, by address."""
    withdraw_one()
    rows = [row for model in (Meeting, Issue) for row in model.objects.published()]
    addresses = dict.fromkeys([*(row.get_absolute_url() for row in rows), *KINDS.values()])
    return {address: visit(address).content.decode() for address in addresses}


def test_pages_have_at_most_1600_elements_and_meetings_3000(pages):
    counted = {address: len(read(address, html).elements) for address, html in pages.items()}

    most = {address: 3_000 if address.startswith("/meetings/") else 1_600 for address in pages}
    assert {address: n for address, n in counted.items() if n > most[address]} == {}, (
        "Shorten these pages, or move what they tell to entries of their own."
    )


def test_pages_weigh_at_most_60_000_bytes_with_their_style(pages):
    style = sum(compressed(sheet.read_bytes()) for sheet in STYLE_SHEETS)
    weights = {address: style + compressed(html.encode()) for address, html in pages.items()}

    assert {address: weight for address, weight in weights.items() if weight > 60_000} == {}, (
        "Shorten these pages, or move what they tell to entries of their own."
    )
