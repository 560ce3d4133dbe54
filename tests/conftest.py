"""What all tests share: tests that only repeat others for longer are left to ``make soak``."""

import os
from importlib import import_module
from threading import local

import pytest
from django.apps import apps
from django.core.cache import cache, caches
from django.db import connection
from django.template import Template
from xdist.scheduler import LoadFileScheduling

from meetings.exporting.package import public_files

from .content import content_database as content_database
from .database_sessions import end_sessions

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}
# Both walk over the whole content: on one worker, each page is visited once for the two.
WALKS = {f"tests/test_{name}.py" for name in ("html", "links")}
LONG_MODULES = {
    f"test_{name}"
    for name in (
        "accessibility",
        "bad_input",
        "data",
        "html",
        "keyboard",
        "kills",
        "languages",
        "links",
        "print",
        "publication",
        "queries",
        "revisions",
        "round_trips",
        "rounds",
        "weight",
    )
}


class ModuleScheduling(LoadFileScheduling):
    """Keep the tests of a module on one worker, and those modules that walk over the content."""

    def _split_scope(self, nodeid):
        # A private name, which the documentation of pytest-xdist gives for this.
        module = super()._split_scope(nodeid)
        return "walks" if module in WALKS else module


def pytest_xdist_make_scheduler(config, log):
    return ModuleScheduling(config, log)


def pytest_collection_modifyitems(config, items):
    """Leave out what only repeats, and on PostgreSQL what cannot be otherwise there than on SQLite.

    A test without a database is such; of those with one, only what is marked for it. The modules
    that take longest come first, so that no worker is left with one at the end.
    """
    items.sort(key=lambda item: item.path.stem not in LONG_MODULES)
    is_second, is_soak = connection.vendor == "postgresql", os.environ.get("SOAK")
    left = [
        item
        for item in items
        if (item.get_closest_marker("postgresql") and not is_second)
        or (item.get_closest_marker("soak") and not is_soak)
        or (is_second and not is_soak and sees_no_difference(item))
    ]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def sees_no_difference(item) -> bool:
    """Return whether a test asks no database, or asks it only for pages that are compared."""
    asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & {*item.fixturenames}
    return not asks or item.get_closest_marker("one_database") is not None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make the tests' database, and let nobody be at it when it is taken away."""
    yield
    with django_db_blocker.unblock():
        end_sessions()


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_pages_alone(django_test_environment):
    """Record the context of a page, as Django's client does, and not that of each of its pieces.

    A form has a template for every field, whose contexts took a tenth of the time to copy.
    """
    record, rendering = Template._render, local()

    def record_outermost(template, context):
        if getattr(rendering, "is_within", False):
            return template.nodelist.render(context)
        rendering.is_within = True
        try:
            return record(template, context)
        finally:
            rendering.is_within = False

    Template._render = record_outermost
    yield
    Template._render = record


@pytest.fixture(autouse=True)
def _nothing_kept_of_another_record():
    """Forget what was kept of the record: rows that tests write and take back leave no trace."""
    public_files.cached.clear()
    cache.clear()


@pytest.fixture
def pages_are_kept(settings):
    """Keep what is made of the record while it stays as it is, as in production."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    # Without CACHE_URL what all share is what the one process has.
    for name, place in (("pages", "pages"), ("shared_pages", "pages"), ("values", "values")):
        settings.CACHES = settings.CACHES | {name: {"BACKEND": backend, "LOCATION": place}}
        caches[name].clear()


@pytest.fixture
def _rights_again(django_db_setup, django_db_blocker):
    """Write anew what migrations wrote, once a test has emptied the database."""
    yield
    roles = import_module("meetings.migrations.0021_roles")
    releases = import_module("meetings.migrations.0035_releases")
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        roles.make_roles(apps, editor)
        releases.give_rights(apps, editor)


@pytest.fixture
def transactional_db(_rights_again, transactional_db):
    """Empty the database before the rights are written anew, whichever fixture asks for it first.

    A live server does, ahead of a test's own fixtures.
    """


@pytest.fixture
def committed_db(request, transactional_db):
    """A database in which what a test writes is there for all, and which is emptied after it.

    A test that is marked for a database as well would empty it after the rights are there again.
    """
    if request.node.get_closest_marker("django_db"):
        pytest.fail("Leave the mark django_db out: committed_db gives the database.")
