"""Pages of the desk read by axe-core: nothing is ours; what is Django's own is listed here."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db.models import Count

from meetings.models import (
    Actor,
    Issue,
    Meeting,
    Milestone,
    Page,
    Place,
    Reaction,
    Revision,
    Source,
    Theme,
)

from .conftest import signed_in
from .test_accessibility import COLOURS, TAGS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

# By rule of axe-core, the selector of the elements that Django or its chooser makes so.
DJANGOS_OWN = {
    "aria-input-field-name": ".select2-selection, .select2-selection__rendered",
    "label": ".select2-search__field",
    "list": ".select2-selection__rendered",
    "empty-table-header": "th.original",
}
# Those that had something before: list, form of each kind, account.
MOST_FAULTY = 13
CHOOSERS = {"aria-input-field-name", "label", "list"}
FAULTY = {
    "meeting": CHOOSERS | {"empty-table-header"},
    "new meeting": CHOOSERS | {"empty-table-header"},
    "proposal": CHOOSERS | {"empty-table-header"},
    "reaction": CHOOSERS,
    "issue": CHOOSERS,
    "theme": CHOOSERS,
    "milestone": CHOOSERS,
    "page": CHOOSERS,
}
FORMS = {
    "meeting": Meeting,
    "reaction": Reaction,
    "issue": Issue,
    "theme": Theme,
    "milestone": Milestone,
    "page": Page,
    "actor": Actor,
    "place": Place,
    "source": Source,
}
OF_MEETING = ("history", "publish", "withdraw", "proposal", "notes")
OTHERS = {
    "first screen": "/admin/",
    "new meeting": "/admin/meetings/meeting/add/",
    "list of meetings": "/admin/meetings/meeting/",
    "list of reactions": "/admin/meetings/reaction/",
    "list of sources": "/admin/meetings/source/",
    "list of discussions": "/admin/meetings/discussion/",
    "imports": "/admin/meetings/import/",
    "new import": "/admin/meetings/import/add/",
    "deleted": "/admin/meetings/meeting/deleted/",
    "your access": "/admin/access/",
    "your name in public": "/admin/public-name/",
}
# What has colours of its own.
LOOKED_AT_IN_THE_DARK = {
    "first screen",
    "meeting",
    "history",
    "compare",
    "merge plan",
    "list of sources",
}
AT_REST = "Promise.all(document.getAnimations().map(each => each.finished)).then(() => true)"
FOUND = """([rules, own]) => axe.run({runOnly: rules, resultTypes: ['violations']}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => [
        rule.id,
        Boolean(own[rule.id] && document.querySelector(node.target[0]).matches(own[rule.id])),
        node.html.slice(0, 200)])))"""


def address_of(kind):
    """Return the address of a page of the desk."""
    if kind in OTHERS:
        return OTHERS[kind]
    if kind == "merge":
        return f"/admin/meetings/actor/{Actor.objects.first().pk}/merge/"
    if kind == "merge plan":
        gone, kept = Issue.objects.order_by("slug")[:2]
        return f"/admin/meetings/issue/{gone.pk}/merge/{kept.pk}/"
    # The shortest of those with parts of each kind: a longer one has more of the same.
    whole = Meeting.objects.filter(outcomes__isnull=False, readouts__isnull=False)
    meeting = whole.annotate(size=Count("discussions")).filter(size__gt=0).earliest("size", "slug")
    if kind == "compare":
        number = Revision.objects.of(meeting).last().number
        return f"/admin/meetings/meeting/{meeting.pk}/history/compare/?from={number}&to={number}"
    if kind in OF_MEETING:
        return f"/admin/meetings/meeting/{meeting.pk}/{kind}/"
    row = meeting if kind == "meeting" else FORMS[kind].objects.first()
    return f"/admin/meetings/{row._meta.model_name}/{row.pk}/change/"


@pytest.fixture(scope="module")
def desk(browser, site, session):
    context = signed_in(browser, site, session, reduced_motion="reduce")
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    yield page
    context.close()


@pytest.mark.parametrize("kind", [*FORMS, "merge", "merge plan", "compare", *OF_MEETING, *OTHERS])
def test_axe_finds_nothing_of_ours_at_the_desk(desk, kind):
    desk.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = desk.goto(address_of(kind))
    desk.evaluate(AXE_SCRIPT)
    found = desk.evaluate(FOUND, [TAGS, DJANGOS_OWN])
    if kind in LOOKED_AT_IN_THE_DARK:
        desk.emulate_media(color_scheme="dark", reduced_motion="reduce")
        desk.evaluate(AT_REST)
        found += desk.evaluate(FOUND, [COLOURS, DJANGOS_OWN])

    assert answer.status == 200
    assert [fault for fault in found if not fault[1]] == []
    assert {rule for rule, *_ in found} <= FAULTY.get(kind, set())


def test_django_leaves_fewer_pages_at_fault_than_it_did():
    assert len(FAULTY) <= MOST_FAULTY
