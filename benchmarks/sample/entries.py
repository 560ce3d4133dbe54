"""The issues of the sample record, and what stands around its meetings."""

from collections.abc import Iterator

from meetings.models import Issue, Meeting, Milestone, Page, Position, Redirect, Theme
from meetings.models.pages import HOME_SLUG

from .stage import Bundle, Stage, Status
from .words import ABOUT, MEETING, TOPICS

QUESTIONS = (
    "Do short meetings settle more than long ones?",
    "Does the host gain more than the guest?",
    "Are results kept that were announced without a text?",
    "Do meetings follow agreements, or lead to them?",
    "What do two accounts of one meeting have in common?",
    "Does it matter who speaks first?",
)
PAGES = {
    HOME_SLUG: "A sample record of meetings",
    "about": "About the sample record",
    "method": "Method of the sample record",
    "accessibility": "Accessibility of the sample record",
}


def make_issues(stage: Stage) -> None:
    """Write the issues with their positions, and let the stage know them."""
    number = min(60, 10 + stage.size // 100)
    stage.issues = stage.write_all(issue(stage, index) for index in range(1, number + 1))


def make_rest(stage: Stage) -> None:
    """Write themes, milestones, redirects, and the pages that the record lacks."""
    stage.write_all(theme(stage, index) for index in range(1, len(QUESTIONS) + 1))
    number = max(8, stage.size // 20)
    stage.write_all(milestone(stage, index, index / number) for index in range(1, number + 1))
    stage.write_all(missing_pages())
    stage.create(Redirect, list(redirects(stage)))


def issue(stage: Stage, index: int) -> Bundle:
    topic = TOPICS[(index - 1) % len(TOPICS)]
    prose = stage.prose(4, issue=topic.lower())
    entry = Issue(
        slug=stage.slug("issue", index),
        title=f"{topic} (sample {index})",
        summary=f"An invented issue: {topic.lower()}.",
        body=prose.text(ABOUT),
        **stage.publication(index),
    )
    codes = stage.several(list(stage.actors), 4)
    parts = [Position(issue=entry, government=code, text=prose.paragraph(ABOUT)) for code in codes]
    return Bundle(entry, parts, {"sources": prose.cited})


def theme(stage: Stage, index: int) -> Bundle:
    prose = stage.prose(6, issue="meetings")
    entry = Theme(
        slug=stage.slug("theme", index),
        title=f"{QUESTIONS[index - 1]} (sample {index})",
        summary="An invented question on which views differ.",
        body=prose.text(ABOUT),
        views_for=prose.text(ABOUT, sentences=2),
        views_against=prose.text(ABOUT, sentences=2),
        **stage.publication(index),
    )
    links = {
        "meetings": {ref.pk for ref in stage.several(stage.meetings, 10)},
        "issues": {ref.pk for ref in stage.several(stage.issues, 3)},
        "reactions": set(stage.several(stage.reactions, 20)),
        "sources": prose.cited,
    }
    return Bundle(entry, links=links)


def milestone(stage: Stage, index: int, share: float) -> Bundle:
    kind = Milestone.Kind.values[index % len(Milestone.Kind.values)]
    subject = stage.often(stage.issues)
    prose = stage.prose(2, issue=subject.name, sides="two governments", place="the capital")
    entry = Milestone(
        slug=stage.slug("milestone", index),
        occurred_on=stage.day(share),
        kind=kind,
        title=f"Sample {Milestone.Kind(kind).label.lower()} {index}",
        summary=prose.paragraph(MEETING),
        **stage.publication(index),
    )
    links = {
        "meetings": {ref.pk for ref in stage.several(stage.meetings, index % 3)},
        "issues": {subject.pk},
        "sources": prose.cited,
    }
    return Bundle(entry, links=links)


def missing_pages() -> Iterator[Bundle]:
    """Yield the pages that every record has and this one does not, under their own addresses."""
    there = set(Page.objects.filter(slug__in=PAGES).values_list("slug", flat=True))
    for slug, title in PAGES.items():
        if slug not in there:
            page = Page(
                slug=slug,
                title=title,
                summary="Every row of this record is invented.",
                body="Made for development. Nothing here happened, and nobody here exists.",
                status=Status.PUBLISHED,
            )
            yield Bundle(page)


def redirects(stage: Stage) -> Iterator[Redirect]:
    for index, meeting in enumerate(stage.meetings[::50], start=1):
        old = Meeting(slug=stage.slug("old-meeting", index))
        new = Meeting(slug=meeting.slug)
        yield Redirect(old_path=old.get_absolute_url(), new_path=new.get_absolute_url())
