"""Addresses of pages: none of the site's own, and the home page keeps its address."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse

from meetings.editing import acts, errors
from meetings.editing.revisions import record_loaded
from meetings.importing import restore
from meetings.models import Page, Redirect
from meetings.models.pages import ADMIN_PATH, SITE_ADDRESSES, SITE_PAGES
from tests import factories as make
from tests.importing.helpers import import_file, problem_texts, write
from tests.writers import written

pytestmark = pytest.mark.django_db


def routes(resolver, before=""):
    """Yield the addresses that a resolver knows, as they are written."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, route)
        else:
            yield route


def test_no_page_takes_the_first_word_of_an_address_of_the_site():
    found = [settings.STATIC_URL.strip("/"), *routes(get_resolver("diplomacy.urls"))]
    words = {word[0] for route in found if (word := re.match(r"[a-z0-9]+(-[a-z0-9]+)*", route))}

    assert words == set(SITE_ADDRESSES)


def test_pages_of_the_site_are_those_that_its_urls_name():
    found = {f"/{route}" for route in routes(get_resolver("meetings.urls"))}

    assert {path for path in found if re.fullmatch(r"/([a-z/-]+/)?", path)} == set(SITE_PAGES)
    assert reverse("admin:index") == ADMIN_PATH


@pytest.mark.parametrize("word", SITE_ADDRESSES)
def test_page_at_an_address_of_the_site_is_refused_by_form(word):
    page = Page(slug=word, title="Words", status="draft")

    with pytest.raises(ValidationError) as error:
        page.full_clean()

    says = f"“{word}” is an address of this site. Choose another."
    assert error.value.message_dict["slug"] == [says]


def test_page_at_an_address_of_the_site_is_refused_by_file(tmp_path):
    path = write(tmp_path, "pages", {"slug": "search", "title": "Search", "status": "published"})

    outcome = import_file(path)

    assert "“search” is an address of this site. Choose another." in problem_texts(outcome)[0]
    assert outcome.problems[0].column == "slug"
    assert not Page.objects.exists()


def test_other_kinds_may_use_the_words_below_their_own():
    meeting = make.make_meeting(slug="search")

    meeting.full_clean()


def test_page_may_be_named_beside_an_address_of_the_site():
    Page(slug="how-to-search", title="Search", status="draft").full_clean()


@pytest.mark.parametrize("status", ["draft", "published"])
@pytest.mark.parametrize("act", [acts.save, acts.publish])
def test_home_page_keeps_its_address_by_every_act(status, act):
    page = make.make_page(slug="home", status=status)
    page.slug = "front"

    with pytest.raises(errors.Refused, match="The home page is always named “home”"):
        act(entry=page, after=written(page, page.save))

    assert Page.objects.get().slug == "home"
    assert not Redirect.objects.exists()


def test_home_page_whose_address_stays_can_be_changed():
    page = make.make_page(slug="home")
    page.title = "Welcome"

    acts.save(entry=page, after=written(page, page.save))

    assert Page.objects.get().title == "Welcome"


def test_home_page_restored_to_another_name_of_old_keeps_its_own():
    page = make.make_page(slug="front", title="Old")
    record_loaded()
    page.slug, page.title = "home", "New"
    acts.save(entry=page, after=written(page, page.save))

    restored = restore.plan_restore(entry=page, number=1)
    restore.apply_restore(planned=restored, note="Back.")

    assert (Page.objects.get().slug, Page.objects.get().title) == ("home", "Old")
