"""The people: their list by country, and the sections of a person's page."""

import re
from datetime import date

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def get_html(client, actor):
    return client.get(actor.get_absolute_url()).content.decode()


def section(html, anchor):
    """Return the words of one section of a page."""
    found = re.search(f'<section class="section" id="{anchor}".*?</section>', html, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", found[0]).split()) if found else ""


def test_list_is_by_country_and_family_name_with_organisations_last(client):
    meeting = make.make_meeting()
    for country, name, sort_name, kind in (
        ("US", "Ann Zorn", "Zorn, Ann", "person"),
        ("FI", "Bo Ek", "Ek, Bo", "person"),
        ("US", "Zoe Abel", "Abel, Zoe", "person"),
        ("", "Cy Nowhere", "Nowhere, Cy", "person"),
        ("AT", "Our Institute", "", "organisation"),
        ("US", "An Institute", "", "organisation"),
    ):
        actor = make.make_actor(name=name, sort_name=sort_name, country=country, kind=kind)
        make.make_participation(meeting=meeting, actor=actor, government="US")

    html = client.get("/people/").content.decode()

    results = html[html.index("<h2>Finland") :]
    shown = re.findall(r"<h2>([^<]+)</h2>|<a href=\"/people/[^\"]+\">([^<]+)</a>", results)
    assert [heading or name for heading, name in shown] == [
        *("Finland", "Bo Ek", "United States", "Zoe Abel", "Ann Zorn", "Other", "Cy Nowhere"),
        *("Organisations", "An Institute", "Our Institute"),
    ]


def test_line_of_the_list_has_role_and_counts(client):
    actor = make.make_actor(description="President from 2012")
    make.make_participation(actor=actor)
    make.make_reaction(actors=[actor])
    make.make_reaction(actors=[actor], status="draft")

    html = client.get("/people/").content.decode()

    line = re.search(r"<li>\s*<a href=\"/people/[^\"]+\">.*?</ul>", html, re.DOTALL)[0]
    words = " ".join(re.sub("<[^>]+>", " ", line).split())
    assert words == f"{actor.name} President from 2012 1 meeting 1 reaction"


def test_meetings_attended_stand_apart_from_those_not_held(client):
    actor = make.make_actor()
    for title, status in (("One", "held"), ("Two", "cancelled"), ("Three", "planned")):
        meeting = make.make_meeting(title=title, event_status=status)
        make.make_participation(meeting=meeting, actor=actor)

    html = get_html(client, actor)

    assert "One" in section(html, "meetings")
    assert "Two" not in section(html, "meetings")
    assert "Two , 16 July 2018 Cancelled" in section(html, "planned")
    assert "Three , 16 July 2018 Possible" in section(html, "planned")


def test_roles_have_their_first_and_last_day_on_record(client):
    actor, other = make.make_actor(), make.make_actor()
    for day in (date(2017, 7, 7), date(2018, 7, 16)):
        meeting = make.make_meeting(starts_on=day)
        make.make_participation(meeting=meeting, actor=actor, role="President")
    cancelled = make.make_meeting(starts_on=date(2019, 1, 1), event_status="cancelled")
    make.make_participation(meeting=cancelled, actor=actor, role="Guest")
    make.make_reaction(actors=[actor], role="Former president", reacted_on=date(2020, 1, 2))
    make.make_reaction(actors=[actor, other], role="Senators", reacted_on=date(2016, 1, 1))
    make.make_reaction(actors=[actor], role="Secret", status="draft")

    words = section(get_html(client, actor), "roles")

    assert words.endswith("7 July 2017 – 16 July 2018 President 2 January 2020 Former president")


def test_reactions_are_by_date_with_their_sources_below(client):
    actor, source = make.make_actor(), make.make_source(title="The interview")
    hidden = make.make_source(title="The secret")
    for day, summary in ((date(2018, 7, 18), "Later."), (date(2018, 7, 17), "Sooner.")):
        make.make_reaction(actors=[actor], reacted_on=day, summary=summary, sources=[source])
    make.make_reaction(actors=[actor], summary="Never.", sources=[hidden], status="draft")

    html = get_html(client, actor)

    words = section(html, "reactions")
    assert words.index("Sooner.") < words.index("Later.")
    assert section(html, "sources").count("The interview") == 1
    assert "Never" not in html
    assert "The secret" not in html


def test_page_names_the_other_spellings_and_scripts_in_their_languages(client):
    actor = make.make_actor(
        slug="vladimir", name="Vladimir", other_names="Владимир| Wladimir ", country="RU"
    )
    make.make_participation(actor=actor)

    html = client.get("/people/vladimir/").content.decode()

    assert 'Also written <span lang="ru">Владимир</span>, Wladimir</p>' in html
