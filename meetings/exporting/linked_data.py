"""Linked data: what a page is about, in the vocabulary of schema.org, as JSON-LD."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from ..models import Actor, Claim, Meeting, Milestone, Place, Reaction, Release, Source, Theme
from ..text.rendering import plain_text
from .bibliography.works import source_work
from .catalogue import Dataset
from .page_description import PageDescription, licence_url

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


def json_ld(described: PageDescription) -> str:
    """JSON-LD of a page, safe inside a script element: the page, what it is about, where it is."""
    subject, *more = DESCRIBERS.get(type(described.entry), no_subject)(described.entry)
    graph = [describe_page(described, subject), subject, *more, breadcrumb(described)]
    return script_text({"@graph": [without_empty(each) for each in graph if each]})


def website() -> str:
    """JSON-LD of the site as a whole, with its search, for the home page."""
    search = f"{settings.SITE_URL}/search/?q={{search_term_string}}"
    site = part_of_site() | {
        "inLanguage": settings.LANGUAGE_CODE[:2],
        "license": licence_url(),
        "publisher": organization(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }
    return script_text(site)


def script_text(described: dict) -> str:
    text = json.dumps({"@context": "https://schema.org"} | described, ensure_ascii=False)
    return text.translate(ESCAPES)


def describe_page(described: PageDescription, subject: dict | None) -> dict:
    """The page itself; its author is the record, and what it is about has an entry of its own."""
    is_article = described.type == "Article"
    about = {"@id": subject["@id"]} if subject else None
    return {
        "@type": described.type,
        "@id": described.address,
        "url": described.address,
        "headline" if is_article else "name": described.title,
        "description": described.summary,
        "inLanguage": described.language,
        "datePublished": iso(described.published),
        "dateModified": iso(described.modified),
        "author": organization() if is_article else None,
        "publisher": organization(),
        "license": licence_url(),
        "about": about or about_of(described.entry),
        "mainEntity": about,
        "isPartOf": part_of_site(),
        "sameAs": described.fixed_address if is_article else None,
    }


def about_of(entry: Any) -> list[dict]:
    """What an article is about that has a page of its own."""
    if isinstance(entry, Theme | Milestone):
        rows = [*entry.meetings.all(), *entry.issues.all()]
        return [named(row) for row in rows]
    return [named(entry.meeting)] if isinstance(entry, Reaction) else []


def named(entry: Any) -> dict:
    """An entry as others refer to it: by its address, and a name for those who do not follow it."""
    if isinstance(entry, Meeting):
        return {"@type": "Thing", "@id": subject_id(entry), "name": entry.page_title}
    return {"@type": "Thing", "@id": absolute_url(entry), "name": entry.page_title}


def part_of_site() -> dict:
    address = f"{settings.SITE_URL}/"
    return {"@type": "WebSite", "@id": address, "url": address, "name": settings.SITE_NAME}


def breadcrumb(described: PageDescription) -> dict:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": settings.SITE_URL + path,
            }
            for position, (name, path) in enumerate(described.crumbs, start=1)
        ],
    }


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def without_empty(value: Any) -> Any:
    """Return a description without empty values, at any depth."""
    if isinstance(value, list | tuple):
        return [without_empty(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: without_empty(part) for name, part in value.items() if part or part == 0}


def absolute_url(entry) -> str:
    return settings.SITE_URL + entry.get_absolute_url()


def subject_id(entry: Any) -> str:
    """The name of what a page is about, which is not the page."""
    return f"{absolute_url(entry)}#subject"


def organization() -> dict:
    return {"@type": "Organization", "name": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}


def describe_meeting(entry: Meeting) -> list[dict]:
    event = {
        "@type": "Event",
        "@id": subject_id(entry),
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
    return [event]


def describe_actor(entry: Actor) -> dict:
    item = f"https://www.wikidata.org/entity/{entry.wikidata}" if entry.wikidata else None
    return {
        "@type": "Person" if entry.kind == Actor.Kind.PERSON else "Organization",
        "@id": subject_id(entry),
        "url": absolute_url(entry),
        "name": entry.name,
        "sameAs": item,
    }


def describe_place(entry: Place) -> dict:
    return {
        "@type": "Place",
        "@id": subject_id(entry),
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


def describe_reaction(entry: Reaction) -> list[dict | None]:
    """Quotation of the statement's own words, if there are any."""
    if not entry.quotation:
        return [None]
    quotation = {
        "@type": "Quotation",
        "@id": subject_id(entry),
        "text": entry.quotation,
        "inLanguage": entry.quotation_language,
        "dateCreated": iso(entry.reacted_on),
        "creator": creators(entry),
        "isBasedOn": creative_work(entry.quotation_source) if entry.quotation_source else None,
        "about": named(entry.meeting),
    }
    return [quotation]


def creators(entry: Reaction) -> list[dict]:
    """Who made a statement: those who have a page, or whom it is attributed to."""
    known = [describe_actor(actor) for actor in entry.actors.all()]
    return known or [{"@type": "Thing", "name": entry.attribution}]


def creative_work(entry: Source) -> dict:
    work = source_work(entry)
    kind = SOURCE_TYPES.get(entry.kind, "CreativeWork")
    return {
        "@type": kind,
        "headline" if kind.endswith("Article") else "name": entry.title,
        "author": [{"@type": "Person", "name": name} for name in work.authors],
        "publisher": {"@type": "Organization", "name": entry.publisher}
        if entry.publisher
        else None,
        "datePublished": work.iso_date,
        "inLanguage": entry.language,
        "url": entry.url,
        "archivedAt": entry.archived_url,
    }


def describe_source(entry: Source) -> list[dict]:
    """The work; with a review of each of its claims that the record assesses."""
    work = creative_work(entry)
    named_work = {"@id": subject_id(entry)} | work | {"mainEntityOfPage": absolute_url(entry)}
    reviews = [review_of(claim, named_work) for claim in entry.claims.all() if claim.assessment]
    return [named_work, *reviews]


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
        "itemReviewed": {"@type": "Claim", "appearance": {"@id": work["@id"]}},
    }


def describe_dataset(entry: Dataset) -> list[dict]:
    """Dataset of the whole record, complete by Google's list of what to say of one."""
    files = [
        download(form, file.table.name, path)
        for file in entry.files
        for form, path in (("text/csv", file.csv_url), ("application/json", file.json_url))
    ]
    release = entry.release
    address = absolute_url(entry)
    dataset = {
        "@type": "Dataset",
        "@id": subject_id(entry),
        "url": address,
        "identifier": settings.SITE_URL + release.get_absolute_url() if release else address,
        "version": release.version if release else None,
        "name": entry.page_title,
        "description": entry.description,
        "keywords": entry.keywords,
        "creator": organization(),
        "publisher": organization(),
        "license": licence_url(),
        "inLanguage": settings.LANGUAGE_CODE[:2],
        "isAccessibleForFree": True,
        "datePublished": iso(release.made_at.date()) if release else None,
        "dateModified": iso(entry.changed_on),
        "temporalCoverage": entry.coverage.days if entry.coverage else None,
        "spatialCoverage": entry.coverage.countries if entry.coverage else None,
        "variableMeasured": [column for file in entry.files for column in file.table.columns],
        "measurementTechnique": "Compiled from published sources, each of them cited.",
        "includedInDataCatalog": {"@type": "DataCatalog", "name": settings.SITE_NAME},
        "distribution": [download("application/zip", "All tables", entry.zip_url), *files],
        "hasPart": [describe_release(each) for each in entry.releases],
    }
    return [dataset]


def describe_release(entry: Release) -> dict:
    """A frozen version of the dataset, with what Google asks for of one."""
    address = absolute_url(entry)
    return {
        "@type": "Dataset",
        "@id": subject_id(entry),
        "url": address,
        "identifier": address,
        "version": entry.version,
        "name": entry.page_title,
        "description": entry.description,
        "creator": organization(),
        "license": licence_url(),
        "datePublished": iso(entry.made_at.date()),
        "isPartOf": {"@id": f"{settings.SITE_URL}{reverse('data')}#subject"},
        "distribution": [download("application/zip", entry.version, entry.zip_url)],
    }


def download(form: str, name: str, path: str) -> dict:
    url = settings.SITE_URL + path
    return {"@type": "DataDownload", "name": name, "encodingFormat": form, "contentUrl": url}


def no_subject(entry: Any) -> list[None]:
    """An article that is about nothing with a name of its own."""
    return [None]


DESCRIBERS: dict[type, Callable[[Any], list]] = {
    Meeting: describe_meeting,
    Actor: lambda entry: [
        describe_actor(entry) | {"description": plain_text(entry.description)},
    ],
    Place: lambda entry: [describe_place(entry)],
    Reaction: describe_reaction,
    Source: describe_source,
    Dataset: describe_dataset,
    Release: lambda entry: [describe_release(entry)],
}
