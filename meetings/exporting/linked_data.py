"""What a page is about, in the words of schema.org, for machines that read pages (JSON-LD)."""

import json
from typing import Any

from django.conf import settings

from ..models import Actor, Issue, Meeting, Milestone, Page, Place, Reaction, Source, Theme
from ..tables.cells import CountryWidget
from ..text.rendering import plain_text
from .catalogue import Dataset

EVENT_STATUS = {
    "held": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
    "planned": "https://schema.org/EventScheduled",
}
SOURCE_TYPES = {
    "intelligence_report": "Report",
    "analysis": "Report",
    "dataset": "Dataset",
    "law": "Legislation",
    "news": "NewsArticle",
    "article": "Article",
    "book": "Book",
}
# So that no text can end the script element it stands in.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def text_of(entry) -> str:
    """Return the description of an entry as JSON, safe inside a script element."""
    described = {"@context": "https://schema.org"} | filled(DESCRIBED[type(entry)](entry))
    return json.dumps(described, ensure_ascii=False).translate(ESCAPES)


def filled(value: Any) -> Any:
    """Return a description without what is empty."""
    if not isinstance(value, dict):
        return value
    return {name: filled(part) for name, part in value.items() if part or part == 0}


def address(entry) -> str:
    return settings.SITE_URL + entry.get_absolute_url()


def record() -> dict:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}


def meeting(entry: Meeting) -> dict:
    return {
        "@type": "Event",
        "@id": address(entry),
        "url": address(entry),
        "name": entry.title,
        "description": entry.summary,
        "startDate": entry.starts_on.isoformat(),
        "endDate": entry.last_day.isoformat(),
        "eventStatus": EVENT_STATUS[entry.event_status],
        "location": place(entry.place) if entry.place else None,
        "attendee": [actor(part.actor) for part in entry.participations.all()],
    }


def actor(entry: Actor) -> dict:
    item = f"https://www.wikidata.org/entity/{entry.wikidata}" if entry.wikidata else None
    return {
        "@type": "Person" if entry.kind == Actor.Kind.PERSON else "Organization",
        "@id": address(entry),
        "url": address(entry),
        "name": entry.name,
        "sameAs": item,
    }


def place(entry: Place) -> dict:
    return {
        "@type": "Place",
        "@id": address(entry),
        "url": address(entry),
        "name": str(entry),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": entry.city,
            "addressCountry": CountryWidget().render(entry.country),
        },
        "geo": point(entry),
    }


def point(entry: Place) -> dict | None:
    if entry.latitude is None or entry.longitude is None:
        return None
    latitude, longitude = float(entry.latitude), float(entry.longitude)
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def article(entry: Issue | Theme | Milestone | Page | Reaction) -> dict:
    return {
        "@type": "Article",
        "@id": address(entry),
        "url": address(entry),
        "headline": entry.page_title,
        "description": plain_text(entry.summary),
        "publisher": record(),
    }


def reaction(entry: Reaction) -> dict:
    """A quotation where words are quoted; otherwise the page that tells of the statement."""
    if not entry.quotation:
        return article(entry)
    return {
        "@type": "Quotation",
        "@id": address(entry),
        "url": address(entry),
        "text": entry.quotation,
        "inLanguage": entry.quotation_language,
        "creator": {"@type": "Thing", "name": entry.attribution},
        "isBasedOn": work(entry.quotation_source) if entry.quotation_source else None,
    }


def work(entry: Source) -> dict:
    return {
        "@type": SOURCE_TYPES.get(entry.kind, "CreativeWork"),
        "name": entry.title,
        "author": entry.authors,
        "publisher": {"@type": "Organization", "name": entry.publisher}
        if entry.publisher
        else None,
        "datePublished": entry.published.isoformat() if entry.published else None,
        "inLanguage": entry.language,
        "url": entry.url,
        "archivedAt": entry.archived_url,
    }


def source(entry: Source) -> dict:
    return work(entry) | {"mainEntityOfPage": address(entry)}


def dataset(entry: Dataset) -> dict:
    """The data of the whole record; the licence by its name in the list of SPDX."""
    return {
        "@type": "Dataset",
        "@id": address(entry),
        "url": address(entry),
        "name": entry.page_title,
        "description": f"The public tables of {settings.SITE_NAME}, as CSV and JSON.",
        "creator": record(),
        "license": f"https://spdx.org/licenses/{settings.CONTENT_LICENCE}.html",
        "isAccessibleForFree": True,
        "dateModified": entry.changed_on.isoformat() if entry.changed_on else None,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.table.name,
                "encodingFormat": form,
                "contentUrl": settings.SITE_URL + path,
            }
            for file in entry.files
            for form, path in (("text/csv", file.csv), ("application/json", file.json))
        ],
    }


DESCRIBED: dict[type, Any] = {
    Meeting: meeting,
    Actor: actor,
    Place: place,
    Issue: article,
    Theme: article,
    Milestone: article,
    Page: article,
    Reaction: reaction,
    Source: source,
    Dataset: dataset,
}
