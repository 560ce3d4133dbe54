"""How values of the record look on a page."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.html import strip_tags

from meetings.templatetags import record


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2018-07-16", "2018-07-16", "16 July 2018"),
        ("2017-11-10", "2017-11-11", "10–11 November 2017"),
        ("2018-11-30", "2018-12-01", "30 November – 1 December 2018"),
        ("2018-12-31", "2019-01-01", "31 December 2018 – 1 January 2019"),
    ],
)
def test_days_of_a_meeting_say_the_month_and_the_year_once(first, last, words):
    first, last = date.fromisoformat(first), date.fromisoformat(last)

    html = record.days(SimpleNamespace(starts_on=first, last_day=last))

    assert strip_tags(html) == words
    assert f'datetime="{first}"' in html
    assert f'datetime="{last}"' in html


@pytest.mark.parametrize(
    ("address", "changes", "link"),
    [
        ("/sources/", "page=2", "/sources/?page=2"),
        ("/sources/?kind=news&kind=book", "page=2", "/sources/?kind=news&amp;kind=book&amp;page=2"),
        ("/sources/?page=2", "page=None", "/sources/"),
        ("/sources/", "page=None", "/sources/"),
    ],
)
def test_link_to_a_page_has_no_empty_query(address, changes, link):
    request = RequestFactory().get(address)
    context = Context({"request": request})
    context.request = request

    assert Template("{% load record %}{% address_with " + changes + " %}").render(context) == link
