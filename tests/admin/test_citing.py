"""Citing at the desk: what is found to cite, and what stands below a text with markers."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from meetings.models import Revision, Source
from tests.factories import make_issue, make_meeting, make_outcome, make_page, make_source

from .helpers import add_row, address, open_form, send

pytestmark = pytest.mark.django_db
TO_CITE, CITED = (reverse(f"admin:meetings_source_{name}") for name in ("to_cite", "cited"))


def found(desk, words):
    return [source["slug"] for source in desk.get(TO_CITE, {"q": words}).json()["sources"]]


@pytest.fixture
def remarks():
    return make_source(
        slug="remarks-2018",
        title="Remarks by the two presidents",
        publisher="White House",
        authors="Ada Writer",
        url="https://example.org/remarks/4711",
    )


@pytest.mark.parametrize(
    "words", ["two presidents", "white HOUSE", "writer", "example.org/remarks/4711", "remarks-2018"]
)
def test_source_is_found_by_title_publisher_author_address_and_slug(desk, remarks, words):
    make_source()

    assert found(desk, words) == ["remarks-2018"]


def test_found_source_shows_enough_to_choose(desk, remarks):
    answer = desk.get(TO_CITE, {"q": "remarks"}).json()

    assert answer == {
        "sources": [
            {
                "slug": "remarks-2018",
                "title": "Remarks by the two presidents",
                "about": "White House · 16 July 2018 · remarks-2018",
            }
        ],
        "has_more": False,
    }


def test_source_of_that_very_slug_comes_first(desk):
    make_source(slug="remarks", publisher="Z")
    make_source(slug="remarks-of-another", publisher="A")

    assert found(desk, "remarks") == ["remarks", "remarks-of-another"]


def test_sources_added_last_are_offered_before_anything_is_typed(
    desk, django_assert_max_num_queries
):
    slugs = [make_source().slug for _ in range(25)]

    with django_assert_max_num_queries(6):
        answer = desk.get(TO_CITE).json()

    assert [source["slug"] for source in answer["sources"]] == slugs[:4:-1]
    assert answer["has_more"]


def test_who_may_not_see_sources_is_told_none(client, remarks):
    client.force_login(User.objects.create_user("visitor", is_staff=True))

    answers = [client.get(TO_CITE), client.post(CITED, {"text": "[@remarks-2018]"})]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_below_a_text_stands_what_it_cites_and_what_it_lacks(desk, remarks):
    text = "One [@remarks-2018].\n\nTwo is <b>bare</b>.\n\nThree [@no-such].\n\nFour [@Broken]."

    html = desk.post(CITED, {"text": text}).content.decode()

    assert " ".join(html.split("</summary>")[0].split("<summary>")[1].split()) == (
        "4 paragraphs, 2 without a source; 1 source cited"
    )
    words = " ".join(html.split())
    assert "<code>[@remarks-2018]</code> Remarks by the two presidents · White House" in words
    assert "Without a source: “Two is &lt;b&gt;bare&lt;/b&gt;.”" in html
    assert "There is no source “no-such”." in html
    assert "“[@Broken].” is not a citation." in html


def test_nothing_stands_below_an_empty_text(desk):
    assert desk.post(CITED, {"text": " \n"}).content.strip() == b""


def test_form_shows_below_each_text_what_it_cites_in_one_query(desk, remarks):
    meeting = make_meeting(body="Held [@remarks-2018].", sources=[remarks])
    make_outcome(meeting=meeting, text="Agreed [@missing].")

    page = desk.get(address(meeting)).content.decode()

    assert page.count("<code>[@remarks-2018]</code>") == 1
    assert "There is no source “missing”." in page
    assert 'id="source-picker"' in page


def test_refused_form_shows_what_the_typed_text_cites(desk, remarks):
    issue = make_issue(sources=[remarks])
    data = open_form(desk, issue)
    add_row(data, "positions", government="RU", text="It holds [@remarks-2018].")

    page = send(desk, issue, data | {"title": ""}).content.decode()

    assert "<code>[@remarks-2018]</code> Remarks by the two presidents" in page


def test_editor_who_may_not_see_sources_types_markers(client, remarks):
    page = make_page(body="It is [@remarks-2018].")
    user = User.objects.create_user("pages", is_staff=True)
    names = ["change_page", "publish_page"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)

    html = client.get(address(page)).content.decode()

    assert "[@remarks-2018]" in html
    assert "Remarks by the two presidents" not in html
    assert "source-picker" not in html


def test_window_for_a_new_source_hands_back_its_slug(desk):
    add = reverse("admin:meetings_source_add")
    values = {"title": "Note", "slug": "a-note", "kind": "news", "_popup": "1", "_to_field": "slug"}
    parts = {"claims-TOTAL_FORMS": "0", "claims-INITIAL_FORMS": "0"}

    answer = desk.post(add, values | parts)

    handed = json.loads(answer.context_data["popup_response_data"])
    assert (handed["value"], handed["obj"]) == ("a-note", "Note · a-note")


def test_slug_of_a_source_stands_in_choosers_and_lists(desk, remarks):
    label = "Remarks by the two presidents · White House · 2018-07-16 · remarks-2018"
    meeting = make_meeting(sources=[remarks])
    query = {"app_label": "meetings", "model_name": "meeting", "field_name": "sources"}

    offered = desk.get(reverse("admin:autocomplete"), query | {"term": "two"}).json()["results"]

    assert [row["text"] for row in offered] == [label]
    assert label in desk.get(address(meeting)).content.decode()
    listed = desk.get(address(remarks, "changelist")).content.decode()
    assert '<td class="field-slug">remarks-2018</td>' in listed


def add(desk, **cells):
    data = {"kind": "news", "read": "excerpt", **cells}
    return desk.post(reverse("admin:meetings_source_add_to_cite"), data).json()


def test_source_is_added_while_citing_by_address_and_title(desk):
    make_source(url="https://example.org/one", publisher="White House", language="en")
    make_source(url="https://example.org/two", publisher="White House", language="ru")

    answer = add(desk, url="https://example.org/three", title="Remarks at the airport")

    source = Source.objects.get(slug=answer["slug"])
    assert answer == {"slug": "remarks-at-the-airport"}
    assert (source.publisher, source.language) == ("White House", "")
    assert (source.kind, source.read) == ("news", "excerpt")
    assert Revision.objects.of(source).get().act == "save"


@pytest.mark.parametrize("title", ["Remarks", "Another title"])
def test_source_that_may_be_there_already_is_offered_and_added_if_its_writer_is_sure(desk, title):
    stored = make_source(title="Remarks", url="https://example.org/one")

    answer = add(desk, url="http://www.example.org/one/?utm_source=x", title=title)
    other = add(desk, url="https://example.net/", title="Remarks", is_sure="1")

    assert [source["slug"] for source in answer["sources"]] == [stored.slug]
    assert "may be the same" in answer["problems"][0]
    assert other == {"slug": "remarks"}


def test_source_at_a_known_address_is_not_added_however_sure_its_writer_is(desk, remarks):
    answer = add(desk, url=remarks.url, title="Another", is_sure="1")

    assert "This address is already source" in answer["problems"][0]
    assert Source.objects.count() == 1


def test_source_without_a_title_is_not_added_while_citing(desk):
    assert add(desk, url="https://example.org/") == {"problems": ["Enter a title."], "sources": []}


def test_who_may_not_add_sources_adds_none_while_citing(client, remarks):
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_source"))
    client.force_login(viewer)

    answer = client.post(reverse("admin:meetings_source_add_to_cite"), {"title": "New"})

    assert (answer.status_code, Source.objects.count()) == (403, 1)
