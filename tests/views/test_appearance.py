"""A reader's own theme: chosen in the footer, kept in a cookie, worn by every page."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ROOT = '<html lang="en"{}>'


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_kept_for_a_year_and_worn_by_the_page(client, theme):
    answer = client.get("/appearance/", {"theme": theme, "next": "/meetings/?year=2018"})

    cookie = answer.cookies["theme"]
    assert answer.status_code == 302
    assert answer["Location"] == "/meetings/?year=2018"
    assert "no-store" in answer["Cache-Control"]
    assert (cookie.value, cookie["max-age"]) == (theme, 31_536_000)
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/")
    assert ROOT.format(f' data-theme="{theme}"') in client.get("/").content.decode()


@pytest.mark.parametrize("is_https", [True, False])
def test_cookie_is_secure_where_the_site_is(client, settings, is_https):
    settings.IS_HTTPS = is_https

    answer = client.get("/appearance/", {"theme": "dark"})

    assert bool(answer.cookies["theme"]["secure"]) is is_https


def test_auto_forgets_the_theme(client):
    client.cookies["theme"] = "dark"

    answer = client.get("/appearance/", {"theme": "auto", "next": "/issues/"})

    assert answer.cookies["theme"]["max-age"] == 0
    assert ROOT.format("") in client.get("/").content.decode()


@pytest.mark.parametrize("theme", ["", "blue", 'dark" onload="', "auto"])
def test_theme_that_is_none_of_ours_is_ignored(client, theme):
    client.cookies["theme"] = theme

    assert ROOT.format("") in client.get("/").content.decode()


@pytest.mark.parametrize("query", [{}, {"theme": "blue"}, {"theme": ""}])
def test_choice_that_is_none_of_ours_changes_nothing(client, query):
    answer = client.get("/appearance/", query | {"next": "/issues/"})

    assert answer["Location"] == "/issues/"
    assert not answer.cookies


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example/",
        "/\\elsewhere.example/",
        "http:elsewhere.example",
        "javascript:alert(1)",
        "\x00//elsewhere.example",
        "",
    ],
)
def test_choice_leads_to_no_other_host(client, back):
    answer = client.get("/appearance/", {"theme": "dark", "next": back})

    assert answer["Location"] == "/"


def test_choice_is_not_made_by_writing(client):
    assert client.post("/appearance/", {"theme": "dark"}).status_code == 405


@pytest.mark.parametrize("address", ["/", "/meetings/", "/nowhere/"])
def test_pages_say_that_they_depend_on_the_cookie(client, address):
    assert "Cookie" in client.get(address)["Vary"]


def test_what_has_no_theme_does_not_depend_on_the_cookie(client):
    assert "Vary" not in client.get("/robots.txt")


def test_form_leads_back_to_the_page_with_its_filters(client):
    html = client.get("/meetings/?year=2018&sort=-date").content.decode()

    assert '<input type="hidden" name="next" value="/meetings/?year=2018&amp;sort=-date">' in html
    assert 'value="auto" aria-pressed="true"' in html
    assert html.count('aria-pressed="false"') == 2


def test_robots_do_not_choose(client):
    assert "Disallow: /appearance/" in client.get("/robots.txt").content.decode()
