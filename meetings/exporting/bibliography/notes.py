"""Numbered notes of a page: one for each source that its texts cite."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ...editing.links import public_targets
from ...editing.rebuild import PresentRows
from ...models import Source
from ...text import markdown
from ...text.rendering import CitationUse


@dataclass
class Note:
    """One numbered source of a page, with the places that cite it."""

    number: int
    source: Source
    uses: list[CitationUse] = field(default_factory=list)


class Notes:
    """The notes of one page, numbered in order of first use as the page is rendered.

    ``named`` are texts that the page does not show, but whose sources it names. ``own`` are the
    sources that the page's entry lists; texts of other entries on the page may cite more. ``rows``
    finds the sources, as they are now or as they were.
    """

    def __init__(
        self,
        texts: Iterable[str],
        *,
        named: Iterable[str] = (),
        own: Iterable[Source] = (),
        rows: PresentRows | None = None,
    ):
        texts = list(texts)
        paths = {path for text in texts for path in markdown.linked_paths(text)}
        self.targets = public_targets(paths) if paths else {}
        self.own_slugs = {source.slug for source in own}
        self.cited_slugs = {slug for text in texts for slug in markdown.cited_slugs(text)}
        slugs = self.cited_slugs | {slug for text in named for slug in markdown.cited_slugs(text)}
        self.sources: dict[str, Source] = {}
        if slugs:
            self.sources = (
                Source.objects.in_bulk(slugs, field_name="slug")
                if rows is None
                else rows.by_slug(Source, slugs)
            )
        self.by_slug: dict[str, Note] = {}
        self.anchors: Counter[str] = Counter()

    def cite(self, citation: markdown.Citation) -> CitationUse | None:
        """Return a new use of the cited source; None for a source that no longer exists."""
        source = self.sources.get(citation.slug)
        if source is None:
            return None
        note = self.by_slug.setdefault(source.slug, Note(len(self.by_slug) + 1, source))
        use = CitationUse(note.number, use_letter(len(note.uses)), citation.locator)
        note.uses.append(use)
        return use

    def anchor(self, name: str) -> str:
        """Return a name as an anchor: with -2 the second time that it is on the page."""
        self.anchors[name] += 1
        return name if self.anchors[name] == 1 else f"{name}-{self.anchors[name]}"

    def public_path(self, path: str) -> str:
        """Return where the page of a path is now; nothing where it is not public."""
        return self.targets.get(path, "")

    def sources_cited_in(self, text: str) -> list[Source]:
        """Sources that a text cites, for the line under it."""
        return [self.sources[slug] for slug in markdown.cited_slugs(text) if slug in self.sources]

    def published_account_in(self, text: str) -> dict:
        """Return the sources of a readout that are the published account itself.

        If there are none, return all sources that the readout cites, with ``is_own`` false.
        """
        sources = self.sources_cited_in(text)
        own = [source for source in sources if source.is_primary]
        return {"is_own": bool(own), "sources": own or sources}

    @property
    def own_count(self) -> int:
        """How many sources the page's entry lists, as every count of them says."""
        return len(self.own_slugs)

    @property
    def other_count(self) -> int:
        """How many more are cited by what the page shows of other entries."""
        return len(self.cited_slugs - self.own_slugs)

    @property
    def listed(self) -> list[Note]:
        """The notes so far, by number."""
        return list(self.by_slug.values())


def use_letter(index: int) -> str:
    """Return the label of a use: a, b, … z, aa, ab, … for 0, 1, …"""
    index, letter = divmod(index, 26)
    return (use_letter(index - 1) if index else "") + chr(ord("a") + letter)
