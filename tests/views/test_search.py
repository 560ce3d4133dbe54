"""The page of search, and the same as data."""

import json

import pytest

from meetings.editing.revisions import record_loaded
from meetings.models.search import RESULT_KINDS
from tests import factories as make

pytestmark = pytest.mark.django_db


def get_html(client, **query):
    answer = client.get("/search/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_titles_are_marked_where_they_match(client):
    issue = make.make_issue(title="Arms & <control>", summary="A subject.")
    record_loaded()

    text = get_html(client, q="control")

    link = f'<a href="{issue.get_absolute_url()}">Arms &amp; &lt;<mark>control</mark>&gt;</a>'
    assert link in text
    data = json.loads(client.get("/search.json?q=control").getvalue())
    assert data["results"][0]["title"] == "Arms & <control>"


@pytest.fixture
def filled():
    issue = make.make_issue(title="Arms control", summary="Treaties on <b>warheads</b> & more.")
    meeting = make.make_meeting(slug="geneva", title="Geneva", body="On warheads.")
    make.make_outcome(meeting=meeting, text="Warheads are to be counted.")
    for n in range(30):
        make.make_reaction(attribution=f"Speaker {n}", summary="Spoke of warheads.")
    record_loaded()
    return issue


def test_results_are_marked_counted_and_lead_to_their_pages(client, filled):
    text = get_html(client, q="warhead")

    assert "<strong>33</strong> results for “warhead”" in text
    assert "Treaties on &lt;b&gt;<mark>warheads</mark>&lt;/b&gt; &amp; more." in text
    assert f'<a href="{filled.get_absolute_url()}">Arms control</a>' in text
    assert '<meta name="robots" content="noindex">' in text


def test_kinds_without_a_result_are_shown_without_a_link(client, filled):
    page = client.get("/search/", {"q": "warhead"})

    assert [kind for kind, _, _ in page.context["kinds"]] == list(RESULT_KINDS)
    text = page.content.decode()
    assert '<a href="/search/?q=warhead&amp;kind=reactions">' in text
    assert "kind=places" not in text


def test_kind_narrows_the_page_and_its_data(client, filled):
    page = client.get("/search/?q=warhead&kind=outcomes")
    data = json.loads(client.get("/search.json?q=warhead&kind=outcomes").getvalue())

    assert page.context["count"] == 1
    assert data["count"] == 1
    assert data["results"][0]["kind"] == "outcomes"
    assert data["results"][0]["address"].startswith("/meetings/geneva/#outcome-")


@pytest.mark.parametrize("query", ["q=warhead", "q=warhead&sort=date", "q=warhead&kind=reactions"])
def test_data_holds_every_page_in_its_order(client, filled, query):
    first = client.get(f"/search/?{query}")
    second = client.get(f"/search/?{query}&page=2")

    data = json.loads(client.get(f"/search.json?{query}").getvalue())

    shown = [r.address for page in (first, second) for r in page.context["results"]]
    assert [result["address"] for result in data["results"]] == shown
    assert data["count"] == len(shown) == first.context["count"]


def test_empty_search_offers_examples_that_find_something(client, filled):
    page = client.get("/search/")

    examples = page.context["examples"]
    assert "“Arms control”" in [text for text, _ in examples]
    for text, address in examples:
        assert client.get(address).context["total"], text


def test_search_of_an_empty_record_has_its_box(client):
    assert 'name="q"' in get_html(client)


def test_nothing_found_says_so_and_suggests_another_spelling(client, filled):
    text = get_html(client, q="warhaeds")

    assert "Nothing found for “warhaeds”" in text
    assert 'Did you mean <a href="/search/?q=warheads">warheads</a>?' in text
    assert "Try fewer words, or a name in Cyrillic letters." in text


def test_unknown_kind_and_order_are_set_aside_and_named(client, filled):
    text = get_html(client, q="warhead", kind="angry", sort="size")

    assert "We ignored “kind=angry”" in text
    assert "We ignored “sort=size”" in text
    assert "<strong>33</strong> results" in text
    answer = client.get("/search.json?q=warhead&kind=angry")
    assert answer.status_code == 400
    assert "kind=angry" in answer.content.decode()


def test_page_past_the_end_leads_to_the_last(client, filled):
    answer = client.get("/search/?q=warhead&page=99")

    assert answer.status_code == 302
    assert answer["Location"] == "/search/?q=warhead&page=2"


TYPED = [
    *('"', '"""', "'", "''", "“", "«»", '"a', 'a" b "c', '" "', "(", ")", "a AND", "OR", "NOT b"),
    *("NEAR(a b)", "title:a", "{title} : a", "a*", "*", "^a", "a + b", "-a", "a & b | !c", "<->"),
    *(
        ":*",
        "a:*A",
        "\\",
        "\\'",
        "%",
        "_",
        "%00",
        "\0",
        "\x1f",
        "\ud800",
        "\ufffe",
        "😀",
        "\u202eabc",
    ),
    *("ﬁ", "ÅÅ", "İ", "ß", "日本語", "한국어", "العربية", "हिन्दी", "Ⅷ", "①", "½", "m²"),
    *("x" * 100_000, "x " * 50_000, '"' * 100_000, '"a" ' * 25_000, "Щ" * 100_000),
    *("1e10", "0x1f", "3.14", "a-b", "a@b.c", "http://a/b", "2018-07-16", "'; DROP TABLE x; --"),
]


@pytest.mark.parametrize("text", TYPED, ids=lambda text: ascii(text[:12]))
def test_any_text_typed_gives_a_page(client, filled, text):
    answer = client.get("/search/", {"q": text.encode("utf-8", "replace")})

    assert answer.status_code == 200
    assert len(answer.content) < 70_000
    assert client.get("/search.json", {"q": text.encode("utf-8", "replace")}).status_code == 200


def test_masthead_of_every_page_searches_but_that_of_search_itself(client):
    for address in ("/", "/meetings/", "/nowhere/"):
        assert 'id="search-masthead"' in client.get(address).content.decode()
    assert 'id="search-masthead"' not in get_html(client)
