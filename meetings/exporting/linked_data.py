"""Linked data: what a page is about, in the vocabulary of schema.org, as JSON-LD."""

import json
from typing import Any

from django.conf import settings

from ..models import Actor, Claim, Issue, Meeting, Milestone, Page, Place, Reaction, Source, Theme
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


def json_ld(entry) -> str:
    """JSON-LD of an entry, safe inside a script element."""
    described = {"@context": "https://schema.org"} | without_empty(DESCRIBERS[type(entry)](entry))
    return json.dumps(described, ensure_ascii=False).translate(ESCAPES)


def without_empty(value: Any) -> Any:
    """Return a description without empty values, at any depth."""
    if isinstance(value, list):
        return [without_empty(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: without_empty(part) for name, part in value.items() if part or part == 0}


def absolute_url(entry) -> str:
    return settings.SITE_URL + entry.get_absolute_url()


def organization() -> dict:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}


def describe_meeting(entry: Meeting) -> dict:
    return {
        "@type": "Event",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "name": entry.title,
        "description": entry.summary,
        "startDate": entry.starts_on.isoformat(),
        "endDate": entry.last_day.isoformat(),
        "eventStatus": EVENT_STATUS[entry.event_status],
        "location": describe_place(entry.place) if entry.place else None,
        "attendee": [
            describe_actor(part.actor)
            for part in entry.participations.all()
            if not part.presence_heading
        ],
    }


def describe_actor(entry: Actor) -> dict:
    item = f"https://www.wikidata.org/entity/{entry.wikidata}" if entry.wikidata else None
    return {
        "@type": "Person" if entry.kind == Actor.Kind.PERSON else "Organization",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "name": entry.name,
        "sameAs": item,
    }


def describe_place(entry: Place) -> dict:
    return {
        "@type": "Place",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "name": str(entry),
        "address": {
            "@type": "PostalAddress",
            "addressLocality": entry.city,
            "addressCountry": str(entry.country),
        },
        "geo": geo_coordinates(entry),
    }


def geo_coordinates(entry: Place) -> dict | None:
    if entry.latitude is None or entry.longitude is None:
        return None
    latitude, longitude = float(entry.latitude), float(entry.longitude)
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def describe_article(entry: Issue | Theme | Milestone | Page | Reaction) -> dict:
    return {
        "@type": "Article",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "headline": entry.page_title,
        "description": plain_text(entry.summary),
        "publisher": organization(),
    }


def describe_reaction(entry: Reaction) -> dict:
    """Quotation of the statement's own words if there are any; otherwise an article on it."""
    if not entry.quotation:
        return describe_article(entry)
    return {
        "@type": "Quotation",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "text": entry.quotation,
        "inLanguage": entry.quotation_language,
        "creator": {"@type": "Thing", "name": entry.attribution},
        "isBasedOn": creative_work(entry.quotation_source) if entry.quotation_source else None,
    }


def creative_work(entry: Source) -> dict:
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


def describe_source(entry: Source) -> dict:
    """The work; with a review of each of its claims that the record assesses."""
    work = creative_work(entry) | {"mainEntityOfPage": absolute_url(entry)}
    reviews = [review_of(claim, work) for claim in entry.claims.all() if claim.assessment]
    return {"@graph": [work, *reviews]} if reviews else work


def review_of(claim: Claim, work: dict) -> dict:
    """ClaimReview of a claim that appeared in a work; the record is its author."""
    return {
        "@type": "ClaimReview",
        "url": f"{work['mainEntityOfPage']}#{claim.anchor}",
        "claimReviewed": claim.text,
        "author": organization(),
        "reviewRating": {
            "@type": "Rating",
            "alternateName": claim.get_assessment_display(),
            "ratingExplanation": plain_text(claim.note),
        },
        "itemReviewed": {"@type": "Claim", "appearance": work},
    }


def describe_dataset(entry: Dataset) -> dict:
    """Dataset of the whole record; the licence is named as in the list of SPDX."""
    return {
        "@type": "Dataset",
        "@id": absolute_url(entry),
        "url": absolute_url(entry),
        "name": entry.page_title,
        "description": f"The public tables of {settings.SITE_NAME}, as CSV and JSON.",
        "creator": organization(),
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
            for form, path in (("text/csv", file.csv_url), ("application/json", file.json_url))
        ],
    }


DESCRIBERS: dict[type, Any] = {
    Meeting: describe_meeting,
    Actor: describe_actor,
    Place: describe_place,
    Issue: describe_article,
    Theme: describe_article,
    Milestone: describe_article,
    Page: describe_article,
    Reaction: describe_reaction,
    Source: describe_source,
    Dataset: describe_dataset,
}
