"""References as readers write them: Chicago and APA."""

from datetime import date

import pytest

from meetings.exporting.bibliography import apa, chicago, work_of
from meetings.models import Meeting, Source

TODAY = date(2026, 11, 23)
WORK = {
    "slug": "one",
    "title": "Report",
    "kind": "news",
    "publisher": "Press",
    "published": date(2018, 7, 6),
    "url": "https://press.example/1",
}


def source(**values):
    return work_of(Source(**WORK | values), changed=None, today=TODAY)


def page(changed):
    return work_of(Meeting(slug="talks", title="Talks"), changed=changed, today=TODAY)


@pytest.fixture(autouse=True)
def named(settings):
    settings.SITE_NAME, settings.SITE_URL = "A Record", "https://record.example"


def test_page_says_when_it_was_changed_and_read():
    work = page(date(2026, 10, 2))

    assert chicago(work) == (
        "A Record. “Talks.” Last modified October 2, 2026. Accessed November 23, 2026."
        " https://record.example/meetings/talks/."
    )
    assert apa(work) == (
        "A Record. (2026, October 2). <i>Talks.</i> Retrieved November 23, 2026, from"
        " https://record.example/meetings/talks/"
    )


def test_page_without_a_revision_has_no_date():
    assert "“Talks.” n.d. Accessed" in chicago(page(None))
    assert "A Record. (n.d.)." in apa(page(None))


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ({}, "Press. “Report.” July 6, 2018."),
        ({"authors": "Ada Roe"}, "Ada Roe. “Report.” <i>Press</i>, July 6, 2018."),
        (
            {"authors": "Ada Roe, Jo Doe"},
            "Ada Roe and Jo Doe. “Report.” <i>Press</i>, July 6, 2018.",
        ),
        ({"authors": "A B; C D; E F"}, "A B, C D, and E F. “Report.” <i>Press</i>, July 6, 2018."),
        ({"authors": "John Roe, Jr."}, "John Roe, Jr. “Report.” <i>Press</i>, July 6, 2018."),
        ({"kind": "book", "authors": "Ada Roe"}, "Ada Roe. <i>Report.</i> Press, July 6, 2018."),
        ({"kind": "transcript"}, "Press. “Report.” July 6, 2018."),
        ({"publisher": ""}, "“Report.” July 6, 2018."),
        ({"published": None}, "Press. “Report.” n.d."),
        ({"title": "“Yes,” they say?"}, "Press. “‘Yes,’ they say?” July 6, 2018."),
        (
            {"published": None, "accessed": date(2026, 1, 2)},
            "Press. “Report.” n.d. Accessed January 2, 2026.",
        ),
    ],
)
def test_source_in_chicago(values, reference):
    assert chicago(source(**values)) == f"{reference} https://press.example/1."


@pytest.mark.parametrize(
    ("values", "reference"),
    [
        ({}, "Press. (2018, July 6). Report."),
        ({"authors": "Ada Roe"}, "Ada Roe. (2018, July 6). Report. <i>Press.</i>"),
        ({"authors": "A B, C D"}, "A B, &amp; C D. (2018, July 6). Report. <i>Press.</i>"),
        ({"kind": "book", "authors": "A B"}, "A B. (2018, July 6). <i>Report.</i> Press."),
        ({"publisher": ""}, "<i>Report.</i> (2018, July 6)."),
        ({"published": None}, "Press. (n.d.). Report."),
    ],
)
def test_source_in_apa(values, reference):
    assert apa(source(**values)) == f"{reference} https://press.example/1"


def test_archived_copy_is_cited_where_there_is_no_other_address():
    assert "https://archive.example/1" in chicago(
        source(url="", archived_url="https://archive.example/1")
    )


@pytest.mark.parametrize("style", [chicago, apa])
def test_markup_of_a_title_is_shown_not_obeyed(style):
    html = style(source(title="<b>R&D</b>", authors="<i>A</i>", publisher="<u>P</u>"))

    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "<u>" not in html
