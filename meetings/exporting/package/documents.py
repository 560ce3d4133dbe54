"""What stands in a release beside its tables: README, licence, citation, and what changed.

``CITATION.cff`` is of the Citation File Format 1.2.0, ``datacite.json`` of the DataCite Metadata
Schema 4.6 as the REST API of DataCite takes it; a DOI is given by whoever deposits the release.
"""

import json
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from ...models import Release
from ..bibliography import Work, chicago
from ..page_description import licence_text_url
from .changes import TableChanges
from .descriptor import PackageFile, table_title

ABSTRACT = (
    "The public rows of the record, a CSV file for each table, with a description of every column."
)


def documents(
    release: Release, work: Work, files: Sequence[PackageFile], changes: Sequence[TableChanges]
) -> dict[str, str]:
    """Return the texts of a release's files by name; ``work`` is the release as it is cited."""
    return {
        "README.md": readme(release, work, files),
        "LICENSE.md": licence_text(),
        "CHANGES.md": changes_text(release, changes),
        "CITATION.cff": citation_file(release, work),
        "datacite.json": json.dumps(datacite(release, work), ensure_ascii=False, indent=2) + "\n",
    }


def readme(release: Release, work: Work, files: Sequence[PackageFile]) -> str:
    tables = "\n".join(
        f"| `{file.path}` | {table_title(file.table)} | {file.rows:,} |" for file in files
    )
    return f"""# {work.title}

{release.note}

{ABSTRACT} Frozen on {release.made_at:%-d %B %Y}; what was withdrawn since is listed at
<{work.address}>.

| file | table | rows |
| --- | --- | ---: |
{tables}

`datapackage.json` says what every column holds (Data Package 2.0). Cells are raw text in UTF-8;
rows name each other by slug, and several slugs in a cell have | between them. `CHANGES.md` lists
what changed since the release before.

## Cite

{unescape(strip_tags(chicago(work)))}

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


def citation_file(release: Release, work: Work) -> str:
    """Return ``CITATION.cff``; a string of JSON is one of YAML."""
    fields = {
        "message": "If you use these data, cite them as here.",
        "type": "dataset",
        "title": work.title,
        "abstract": ABSTRACT,
        "version": release.version,
        "date-released": f"{release.made_at:%Y-%m-%d}",
        "license": settings.CONTENT_LICENCE,
        "url": work.address,
    }
    authors = [f"  - name: {json.dumps(name, ensure_ascii=False)}" for name in work.authors]
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()]
    return "\n".join(["cff-version: 1.2.0", *lines, "authors:", *authors, ""])


def datacite(release: Release, work: Work) -> dict[str, Any]:
    """Return the description of a release by the DataCite Metadata Schema."""
    related = [("IsVersionOf", f"{settings.SITE_URL}/data/")]
    if release.former:
        related.append(
            ("IsNewVersionOf", settings.SITE_URL + release.former.get_absolute_url()),
        )
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [{"name": name, "nameType": "Organizational"} for name in work.authors],
        "titles": [{"title": work.title, "lang": work.language}],
        "publisher": {"name": work.publisher},
        "publicationYear": f"{release.made_at:%Y}",
        "dates": [{"date": f"{release.made_at:%Y-%m-%d}", "dateType": "Issued"}],
        "language": work.language,
        "version": release.version,
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
            for relation, address in related
        ],
    }
