"""What stands in a package beside its tables: README, licence, and how it is cited.

A release says what changed too. ``CITATION.cff`` is of the Citation File Format 1.2.0,
``datacite.json`` of the DataCite Metadata Schema 4.5 as the REST API of DataCite takes it; a DOI is
given by whoever deposits the package.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import strip_tags

from ...editing.releases import newest
from ...models import Release
from ..bibliography import Work, chicago, dataset_work
from ..catalogue import Dataset, last_change_days
from ..page_description import licence_text_url
from .changes import TableChanges
from .descriptor import PackageFile, table_title, version

ABSTRACT = (
    "The public rows of the record, a CSV file for each table, with a description of every column."
)


@dataclass(frozen=True)
class Edition:
    """The tables as they are given out: a release, or the record as it is.

    ``related`` are other addresses of the data, each with its relation in the words of DataCite.
    """

    work: Work
    version: str
    day: date
    about: str
    related: tuple[tuple[str, str], ...]

    def documents(self, files: Sequence[PackageFile]) -> dict[str, str]:
        """Return the texts beside ``files``, by their names."""
        return {
            "README.md": readme(self, files),
            "LICENSE.md": licence_text(),
            "CITATION.cff": citation_file(self),
            "datacite.json": json.dumps(datacite(self), ensure_ascii=False, indent=2) + "\n",
        }


def current_edition(files: Sequence[PackageFile]) -> Edition:
    """Return the public record as it is; its day is that of its last change."""
    # Without any there is no row either.
    day = max(last_change_days().values(), default=timezone.now().date())
    work = dataset_work(Dataset([]), changed=day, today=day)
    title = f"{work.title}, version {version(files)}"
    release = newest()
    return Edition(
        work=replace(work, title=title, is_revised=False),
        version=version(files),
        day=day,
        about=f"{ABSTRACT} As it was after the last change, on {long_day(day)}; what was frozen for"
        f" citing is at\n<{settings.SITE_URL}/data/releases/>.",
        related=(("HasVersion", release_url(release)),) if release else (),
    )


def release_edition(release: Release, work: Work) -> Edition:
    """Return a release, which is cited as ``work``."""
    related = [("IsVersionOf", f"{settings.SITE_URL}/data/")]
    if release.former:
        related.append(("IsNewVersionOf", release_url(release.former)))
    day = release.made_at.date()
    return Edition(
        work=work,
        version=release.version,
        day=day,
        about=f"{release.note}\n\n{ABSTRACT} Frozen on {long_day(day)}; what was withdrawn since is"
        f" listed at\n<{work.address}>. `CHANGES.md` lists what changed since the release before.",
        related=tuple(related),
    )


def release_url(release: Release) -> str:
    return settings.SITE_URL + release.get_absolute_url()


def long_day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def readme(edition: Edition, files: Sequence[PackageFile]) -> str:
    tables = "\n".join(
        f"| `{file.path}` | {table_title(file.table)} | {file.rows:,} |" for file in files
    )
    return f"""# {edition.work.title}

{edition.about}

| file | table | rows |
| --- | --- | ---: |
{tables}

`datapackage.json` says what every column holds (Data Package 2.0). Cells are raw text in UTF-8;
rows name each other by slug, and several slugs in a cell have | between them.

## Cite

{unescape(strip_tags(chicago(edition.work)))}

`CITATION.cff` and `datacite.json` say the same for programs.

## Licence

{settings.CONTENT_LICENCE}: <{licence_text_url()}>
"""


def licence_text() -> str:
    return f"""# Licence

{settings.SITE_NAME}, {settings.SITE_URL}

Licensed as {settings.CONTENT_LICENCE} (a name of the SPDX list). The text of the licence:
<{licence_text_url()}>

Quotations belong to whoever said or wrote them; each names its source.
"""


def changes_text(release: Release, changes: Sequence[TableChanges]) -> str:
    since = f"release {release.former.version}" if release.former else "nothing: it is the first"
    return "\n".join([f"# Changes since {since}", "", *lines_of(changes)]) + "\n"


def lines_of(changes: Sequence[TableChanges]) -> Iterator[str]:
    """Yield the lines on each table: the keys of the rows that were added, changed, taken out."""
    for table in changes:
        yield f"## {table.table}"
        yield ""
        for word, keys in (
            ("Added", table.added),
            ("Changed", table.changed),
            ("Taken out", table.removed),
        ):
            if keys:
                yield f"{word} ({len(keys):,}):"
                yield ""
                yield from (f"- {key}" for key in keys)
                yield ""


def citation_file(edition: Edition) -> str:
    """Return ``CITATION.cff``; a string of JSON is one of YAML."""
    work = edition.work
    fields = {
        "message": "If you use these data, cite them as here.",
        "type": "dataset",
        "title": work.title,
        "abstract": ABSTRACT,
        "version": edition.version,
        "date-released": edition.day.isoformat(),
        "license": settings.CONTENT_LICENCE,
        "url": work.address,
    }
    authors = [f"  - name: {json.dumps(name, ensure_ascii=False)}" for name in work.authors]
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()]
    return "\n".join(["cff-version: 1.2.0", *lines, "authors:", *authors, ""])


def datacite(edition: Edition) -> dict[str, Any]:
    """Return the description of an edition by the DataCite Metadata Schema."""
    work = edition.work
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in work.authors],
        "titles": [{"title": work.title, "lang": work.language}],
        "publisher": {"name": work.publisher},
        "publicationYear": f"{edition.day:%Y}",
        "dates": [{"date": edition.day.isoformat(), "dateType": "Issued"}],
        "language": work.language,
        "version": edition.version,
        "url": work.address,
        "descriptions": [{"description": ABSTRACT, "descriptionType": "Abstract"}],
        "formats": ["application/zip", "text/csv", "application/json"],
        "rightsList": [
            {
                "rights": settings.CONTENT_LICENCE,
                "rightsUri": licence_text_url(),
                "rightsIdentifier": settings.CONTENT_LICENCE,
                "rightsIdentifierScheme": "SPDX",
            }
        ],
        "relatedIdentifiers": [
            {
                "relatedIdentifier": address,
                "relatedIdentifierType": "URL",
                "relationType": relation,
            }
            for relation, address in edition.related
        ],
    }
