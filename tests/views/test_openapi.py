"""The description of the data (OpenAPI 3.1): valid, complete, and true of what is answered."""

import json
import random
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator, FormatChecker

from meetings.editing import acts, releases
from meetings.exporting.releases import make_release
from meetings.lists.filters import ReactionFilter
from meetings.models import Meeting, Reaction
from meetings.tables.registry import TABLES
from meetings.urls import DETAIL_VIEWS
from tests.content import record as record
from tests.soak import repeats

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
STANDARD = json.loads((Path(__file__).parents[1] / "data" / "openapi-3.1.json").read_text())
DATA = re.compile(r"\.(json|csv|xlsx|atom|zip|sqlite|bib|ris)\Z")
# Pictures and the search have data too, which people look at: they are no part of the interface.
APART = re.compile(r"stance|relations|contacts|search|openapi")


@pytest.fixture(scope="module")
def description(record, django_db_blocker):
    with django_db_blocker.unblock():
        return Client().get("/data/openapi.json").json()


def test_description_is_valid(description):
    Draft202012Validator.check_schema(STANDARD)
    problems = list(Draft202012Validator(STANDARD).iter_errors(description))

    assert [error.message for error in problems] == []
    for name, schema in description["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert name


def test_references_and_names_within_it_hold(description):
    text = json.dumps(description)
    named = set(re.findall(r'"#/components/(\w+)/(\w+)"', text))
    ids = [
        operation["operationId"]
        for path in description["paths"].values()
        for operation in path.values()
    ]

    assert all(name in description["components"][kind] for kind, name in named)
    assert len(ids) == len(set(ids))


def test_every_address_of_data_is_described(description):
    """As the addresses of the site are, without the regular expressions in them."""
    described = {re.sub(r"\{\w+\}", "", path) for path in description["paths"]}

    patterns = get_resolver("meetings.urls").url_patterns
    own = {re.sub(r"<[^>]+>", "", str(each.pattern)) for each in patterns}
    tables = {f"data/{t.name}.{end}" for t in TABLES for end in ("csv", "json", "xlsx")}
    data = {f"/{path}" for path in own | tables if DATA.search(path) and not APART.search(path)}

    assert data <= described


def test_filters_are_those_of_the_lists_with_their_values(description):
    parameters = description["paths"]["/reactions.json"]["get"]["parameters"]

    names = [each["name"] for each in parameters]
    values = {each["name"]: each["schema"] for each in parameters}
    assert names == [*ReactionFilter.base_filters, "sort", "since"]
    assert values["stance"]["items"]["enum"] == [*Reaction.Stance.values]


def values_of(schema, chance):
    """Return a value that a parameter may have, and one that it may not."""
    if "enum" in schema:
        return chance.choice(schema["enum"]), "nothing-of-the-kind"
    if "pattern" in schema:
        return str(chance.randint(2015, 2026)), "20"
    if schema.get("format") == "date":
        return f"20{chance.randint(15, 26)}-01-0{chance.randint(1, 9)}", "2018-13-01"
    return None, None


KNOWN = {
    "since": ["2020-01-01", "2026-11-30T10:00:00Z"],
    "issue": ["syria", "ukraine"],
    "meeting": ["helsinki-2018", "anchorage-2025"],
    "country": ["US", "RU", "none"],
    "language": ["en", "ru"],
    # Of the table of issues by meeting: years in which a meeting began.
    "from": ["2017", "2018"],
    "to": ["2018", "2025"],
    "q": ["summit", "no such words"],
    "entry": ["/meetings/helsinki-2018/", "/issues/syria/"],
}


def requests(description, number, seed):
    """Yield so many addresses with whether they are right; a fifth has something wrong in it."""
    chance = random.Random(seed)
    slugs = {
        f"/{folder}{{slug}}": [
            *page.model.objects.published()
            .exclude(slug="home")
            .values_list("slug", flat=True)[:200]
        ]
        for folder, page in DETAIL_VIEWS.items()
    }
    # Releases are asked for by a test of their own.
    paths = [path for path in description["paths"] if "{version}" not in path]
    for _ in range(number):
        template = chance.choice(paths)
        folder = next((each for each in slugs if template.startswith(each)), None)
        path = template.replace("{slug}", chance.choice(slugs[folder])) if folder else template
        query, is_right = [], True
        operation = description["paths"][template]["get"]
        asked = [each for each in operation["parameters"] if each["in"] == "query"]
        for each in chance.sample(asked, min(len(asked), chance.randint(0, 2))):
            schema = each["schema"].get("items", each["schema"])
            right, wrong = values_of(schema, chance)
            right = chance.choice(KNOWN.get(each["name"], [right or ""]))
            if right:
                is_wrong = wrong is not None and chance.random() < 0.1
                query.append((each["name"], wrong if is_wrong else right))
                is_right &= not is_wrong
        if "/cite." not in template and chance.random() < 0.1:
            query, is_right = [*query, ("nothing", "1")], False
        yield template, f"{path}?{urlencode(query)}" if query else path, is_right


def problems_of(description, template, answer, is_right):
    """Return what an answer is that the description does not say."""
    operation = description["paths"][template]["get"]
    responses = operation["responses"]
    status = str(answer.status_code)
    if status not in responses or (status == "200") is not is_right:
        return [f"status {status}, {answer.getvalue()[:200]!r}"]
    response = responses[status]
    if "$ref" in response:
        response = description["components"]["responses"][response["$ref"].split("/")[-1]]
    kind = answer["Content-Type"].partition(";")[0]
    if kind not in response["content"]:
        return [f"content {kind}"]
    schema = response["content"][kind].get("schema")
    if not schema:
        return []
    whole = {"components": description["components"], **schema}
    check = Draft202012Validator(whole, format_checker=FormatChecker())
    return [
        f"{error.json_path}: {error.message}"
        for error in check.iter_errors(json.loads(answer.getvalue()))
    ][:3]


@pytest.mark.parametrize("number", repeats(60, 500))
def test_requests_are_answered_as_it_says(client, description, number):
    wrong = {}

    for template, address, is_right in requests(description, number, seed=16):
        if found := problems_of(description, template, client.get(address), is_right):
            wrong[address] = found

    assert wrong == {}


def test_entries_that_are_gone_are_answered_as_it_says(client, description):
    acts.withdraw(entry=Meeting.objects.get(slug="osaka-2019"), reason="Tested.")
    template = "/meetings/{slug}.json"
    responses = description["paths"][template]["get"]["responses"]

    statuses = [client.get(f"/meetings/{s}.json").status_code for s in ("osaka-2019", "no-such")]

    assert statuses == [410, 404]
    assert {"410", "404"} <= responses.keys()


def test_releases_are_answered_as_it_says(client, description):
    wrong = make_release(note="First.")
    acts.withdraw(entry=Meeting.objects.get(slug="osaka-2019"), reason="Tested.")
    right = make_release(note="Second.")
    acts.withdraw(entry=Meeting.objects.get(slug="anchorage-2025"), reason="Tested.")
    releases.withdraw(release=wrong, reason="Tested.")
    asked = [path for path in description["paths"] if path.startswith("/data/releases")]
    found = {}

    for template in asked:
        for release in (right, wrong):
            address = template.replace("{version}", release.version)
            is_there = release is right or address == template
            answer = client.get(address)
            found[address] = problems_of(description, template, answer, is_there)

    assert {path.rpartition("/")[2] for path in asked} >= {"releases.json", "{version}.zip"}
    assert [each for each in found.items() if each[1]] == []


def test_pages_lead_to_it(client):
    html = client.get("/data/").content.decode()

    assert '<link rel="service-desc" type="application/json" href="/data/openapi.json">' in html
    assert '<a href="/data/openapi.json">' in html
