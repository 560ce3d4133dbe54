"""The issues, themes, milestones, pages and redirects of the sample record."""

from collections.abc import Iterator

from meetings.models import Issue, Meeting, Milestone, Page, Position, Redirect, Theme
from meetings.models.pages import HOME_SLUG

from .builder import EntryRows, SampleBuilder, Status
from .prose import ISSUE_SENTENCES, MEETING_SENTENCES, TOPICS

THEME_TITLES = (
    "Do short meetings settle more than long ones?",
    "Does the host gain more than the guest?",
    "Are results kept that were announced without a text?",
    "Do meetings follow agreements, or lead to them?",
    "What do two accounts of one meeting have in common?",
    "Does it matter who speaks first?",
)
PAGE_TITLES = {
    HOME_SLUG: "A sample record of meetings",
    "about": "About the sample record",
    "method": "Method of the sample record",
    "accessibility": "Accessibility of the sample record",
}


def make_issues(builder: SampleBuilder) -> None:
    """Write the issues with their positions, and keep them in the builder."""
    number = min(60, 10 + builder.size // 100)
    builder.issues = builder.write_all(issue(builder, index) for index in range(1, number + 1))


def make_other_entries(builder: SampleBuilder) -> None:
    """Write themes, milestones, redirects, and the pages that do not exist yet."""
    builder.write_all(theme(builder, index) for index in range(1, len(THEME_TITLES) + 1))
    number = max(8, builder.size // 20)
    builder.write_all(milestone(builder, index, index / number) for index in range(1, number + 1))
    builder.write_all(missing_pages())
    builder.create(Redirect, list(redirects(builder)))


def issue(builder: SampleBuilder, index: int) -> EntryRows:
    topic = TOPICS[(index - 1) % len(TOPICS)]
    prose = builder.prose_writer(4, issue=topic.lower())
    entry = Issue(
        slug=builder.slug("issue", index),
        title=f"{topic} (sample {index})",
        summary=f"An invented issue: {topic.lower()}.",
        body=prose.text(ISSUE_SENTENCES),
        **builder.publication(index),
    )
    codes = builder.choose_several(list(builder.actors), 4)
    parts = [
        Position(issue=entry, government=code, text=prose.paragraph(ISSUE_SENTENCES))
        for code in codes
    ]
    return EntryRows(entry, parts, {"sources": prose.cited})


def theme(builder: SampleBuilder, index: int) -> EntryRows:
    prose = builder.prose_writer(6, issue="meetings")
    entry = Theme(
        slug=builder.slug("theme", index),
        title=f"{THEME_TITLES[index - 1]} (sample {index})",
        summary="An invented question on which views differ.",
        body=prose.text(ISSUE_SENTENCES),
        views_for=prose.text(ISSUE_SENTENCES, sentences=2),
        views_against=prose.text(ISSUE_SENTENCES, sentences=2),
        **builder.publication(index),
    )
    links = {
        "meetings": {ref.pk for ref in builder.choose_several(builder.meetings, 10)},
        "issues": {ref.pk for ref in builder.choose_several(builder.issues, 3)},
        "reactions": set(builder.choose_several(builder.reactions, 20)),
        "sources": prose.cited,
    }
    return EntryRows(entry, links=links)


def milestone(builder: SampleBuilder, index: int, share: float) -> EntryRows:
    kind = Milestone.Kind.values[index % len(Milestone.Kind.values)]
    subject = builder.choose(builder.issues)
    prose = builder.prose_writer(
        2, issue=subject.name, sides="two governments", place="the capital"
    )
    entry = Milestone(
        slug=builder.slug("milestone", index),
        occurred_on=builder.date_at(share),
        kind=kind,
        title=f"Sample {Milestone.Kind(kind).label.lower()} {index}",
        summary=prose.paragraph(MEETING_SENTENCES),
        **builder.publication(index),
    )
    links = {
        "meetings": {ref.pk for ref in builder.choose_several(builder.meetings, index % 3)},
        "issues": {subject.pk},
        "sources": prose.cited,
    }
    return EntryRows(entry, links=links)


def missing_pages() -> Iterator[EntryRows]:
    """Yield the pages that every record needs and the database does not have."""
    there = set(Page.objects.filter(slug__in=PAGE_TITLES).values_list("slug", flat=True))
    for slug, title in PAGE_TITLES.items():
        if slug not in there:
            page = Page(
                slug=slug,
                title=title,
                summary="Every row of this record is invented.",
                body="Made for development. Nothing here happened, and nobody here exists.",
                status=Status.PUBLISHED,
            )
            yield EntryRows(page)


def redirects(builder: SampleBuilder) -> Iterator[Redirect]:
    for index, meeting in enumerate(builder.meetings[::50], start=1):
        old = Meeting(slug=builder.slug("old-meeting", index))
        new = Meeting(slug=meeting.slug)
        yield Redirect(old_path=old.get_absolute_url(), new_path=new.get_absolute_url())
