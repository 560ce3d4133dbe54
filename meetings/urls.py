"""The public addresses; a section's view module and templates have the name in its address."""

from django.urls import path, re_path

from .exporting import package
from .exporting.bibliography import FILE_FORMATS
from .feeds import FEEDS, ChangeFeed, CorrectionFeed, ReleaseFeed
from .models import (
    Actor,
    Issue,
    Meeting,
    Milestone,
    Page,
    Place,
    Publishable,
    Reaction,
    Source,
    Theme,
)
from .models.releases import VERSION_PATTERN
from .sitemaps import sitemap, sitemap_index
from .tables.registry import TABLES
from .views import (
    accounts,
    actors,
    appearance,
    bibliography,
    cards,
    catalogue,
    changes,
    data,
    health,
    home,
    issues,
    meetings,
    milestones,
    openapi,
    pages,
    places,
    reactions,
    releases,
    revisions,
    search,
    site,
    sources,
    themes,
    timeline,
)
from .views.limits import rate_limited
from .views.pictures import files

ENTRY_MODELS = {
    "meetings/": Meeting,
    "issues/": Issue,
    "reactions/": Reaction,
    "themes/": Theme,
    "milestones/": Milestone,
    "people/": Actor,
    "places/": Place,
    "sources/": Source,
    "": Page,
}
LIST_VIEWS = {
    "meetings": meetings.MeetingList,
    "issues": issues.IssueList,
    "reactions": reactions.ReactionList,
    "themes": themes.ThemeList,
    "people": actors.ActorList,
    "places": places.PlaceList,
    "sources": sources.SourceList,
}
DETAIL_VIEWS = {
    "meetings/": meetings.MeetingDetail,
    "issues/": issues.IssueDetail,
    "reactions/": reactions.ReactionDetail,
    "themes/": themes.ThemeDetail,
    "milestones/": milestones.MilestoneDetail,
    "people/": actors.ActorDetail,
    "places/": places.PlaceDetail,
    "sources/": sources.SourceDetail,
    "": pages.PageDetail,
}


def data_paths():
    """Yield the addresses of data: a page's own, with an extension for its last slash."""
    yield path("timeline.json", rate_limited(data.timeline))
    for ending in ("svg", "csv"):
        stances = rate_limited(files.ReactionStances.as_view(ending=ending))
        yield path(f"reactions/stance.{ending}", stances)
        relations = rate_limited(files.AccountRelations.as_view(ending=ending))
        yield path(f"accounts/relations.{ending}", relations)
        over_time = rate_limited(files.contacts_over_time)
        yield path(f"timeline/contacts.{ending}", over_time, {"ending": ending})
    yield path("search.json", rate_limited(search.search_data))
    for ending in ("json", "csv"):
        yield path(f"issues/by-meeting.{ending}", rate_limited(data.by_meeting), {"ending": ending})
        for name, is_ledger in (("changes", False), ("corrections", True)):
            whole = changes.ChangeData.as_view(ending=ending, name=name, corrections=is_ledger)
            yield path(f"{name}.{ending}", rate_limited(whole))
    for ending in ("json", "csv", "xlsx"):
        compared = accounts.AccountListData.as_view(ending=ending)
        yield path(f"accounts.{ending}", rate_limited(compared))
        for name, page in LIST_VIEWS.items():
            listed = data.ListData.as_view(page=page, ending=ending)
            yield path(f"{name}.{ending}", rate_limited(listed))
    for folder, page in DETAIL_VIEWS.items():
        yield path(f"{folder}<slug:slug>.json", data.EntryData.as_view(page=page))


def bibliography_paths():
    """Yield the addresses of references: of pages, and of the sources of what they show."""
    for form in FILE_FORMATS:
        for page in LIST_VIEWS.values():
            if getattr(page, "bibliography_start", ""):
                listed = bibliography.ListBibliography.as_view(page=page, ending=form)
                yield path(f"{page.bibliography_start[1:]}{form}", rate_limited(listed))
        for folder, model in ENTRY_MODELS.items():
            cited = bibliography.BibliographyFile.as_view(model=model)
            yield path(f"{folder}<slug:slug>/cite.{form}", cited, {"form": form})
            if issubclass(model, (Publishable, Actor)):
                shown = bibliography.EntryBibliography.as_view(
                    page=DETAIL_VIEWS[folder], ending=form
                )
                yield path(f"{folder}<slug:slug>/sources.{form}", shown)


def history_paths():
    """Yield the addresses of the history of each kind of entry, under that of its page."""
    for folder, page in DETAIL_VIEWS.items():
        if not issubclass(page.model, Publishable):
            continue
        path_to_page = f"{folder}<slug:slug>/"
        yield path(f"{path_to_page}history/", revisions.HistoryPage.as_view(page=page))
        yield path(f"{path_to_page}timemap/", revisions.TimeMap.as_view(page=page))
        number = rf"^{folder}(?P<slug>[-a-zA-Z0-9_]+)/r(?P<number>[1-9][0-9]{{0,8}})/"
        yield re_path(f"{number}$", revisions.RevisionPage.as_view(page=page))
        yield re_path(f"{number}changes/$", revisions.ChangesPage.as_view(page=page))


def release_paths():
    """Yield the addresses of the frozen releases."""
    yield path("data/releases/", releases.release_list, name="releases")
    yield path("data/releases.json", releases.ReleaseListData.as_view())
    yield path("data/releases.atom", ReleaseFeed())
    one = rf"^data/releases/(?P<version>{VERSION_PATTERN})"
    yield re_path(rf"{one}/$", releases.ReleaseDetail.as_view(), name="release")
    yield re_path(rf"{one}\.json$", releases.ReleaseData.as_view())
    file = rate_limited(releases.ReleaseZip.as_view())
    yield re_path(rf"{one}\.zip$", file, name="release_zip")
    for form in FILE_FORMATS:
        ending = form.replace(".", r"\.")
        view = releases.ReleaseCitation.as_view()
        yield re_path(rf"{one}/cite\.{ending}$", view, {"form": form})


def catalogue_paths():
    """Yield the addresses of the data page, the codebook, and the file of each table."""
    yield path("data/", catalogue.catalogue, name="data")
    yield path("data.json", catalogue.CatalogueData.as_view())
    whole = openapi.Description.as_view(
        lists=LIST_VIEWS | {"accounts": accounts.AccountList}, details=DETAIL_VIEWS
    )
    yield path("data/openapi.json", whole, name="openapi")
    yield path("data/codebook/", catalogue.codebook, name="codebook")
    yield path("data/codebook.json", catalogue.CodebookData.as_view())
    for form in FILE_FORMATS:
        yield path(f"data/cite.{form}", catalogue.cite_dataset, {"form": form})
    for ending in package.FORMATS:
        whole = rate_limited(catalogue.RecordFile.as_view(ending=ending))
        yield path(f"data/record.{ending}", whole, name=f"record_{ending}")
    names = "|".join(table.name for table in TABLES)
    for ending in ("csv", "json", "xlsx"):
        view = rate_limited(catalogue.TableData.as_view(ending=ending))
        yield re_path(rf"^data/(?P<name>{names})\.{ending}$", view, name=f"table_{ending}")


urlpatterns = [
    *catalogue_paths(),
    *release_paths(),
    *data_paths(),
    path("changes/", changes.ChangeList.as_view(), name="changes"),
    path("corrections/", changes.CorrectionList.as_view(), name="corrections"),
    path("search/", rate_limited(search.search), name="search"),
    *(path(f"{feed.name}.atom", feed, name=f"{feed.name}_feed") for feed in FEEDS),
    path("changes.atom", ChangeFeed(), name="change_feed"),
    path("corrections.atom", CorrectionFeed(), name="correction_feed"),
    path("", home.home, name="home"),
    path("meetings/", meetings.MeetingList.as_view(), name="meetings"),
    path("meetings/<slug:slug>/", meetings.MeetingDetail.as_view(), name="meeting"),
    path("issues/", issues.IssueList.as_view(), name="issues"),
    path("issues/by-meeting/", issues.by_meeting, name="by_meeting"),
    path("issues/<slug:slug>/", issues.IssueDetail.as_view(), name="issue"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("reactions/", reactions.ReactionList.as_view(), name="reactions"),
    path("reactions/<slug:slug>/", reactions.ReactionDetail.as_view(), name="reaction"),
    path("themes/", themes.ThemeList.as_view(), name="themes"),
    path("themes/<slug:slug>/", themes.ThemeDetail.as_view(), name="theme"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("milestones/<slug:slug>/", milestones.MilestoneDetail.as_view(), name="milestone"),
    path("people/", actors.ActorList.as_view(), name="people"),
    path("people/<slug:slug>/", actors.ActorDetail.as_view(), name="person"),
    path("places/", places.PlaceList.as_view(), name="places"),
    path("places/<slug:slug>/", places.PlaceDetail.as_view(), name="place"),
    path("sources/", sources.SourceList.as_view(), name="sources"),
    path("sources/<slug:slug>/", sources.SourceDetail.as_view(), name="source"),
    path("appearance/", appearance.appearance, name="appearance"),
    path("sitemap.xml", sitemap_index),
    path(
        "sitemap-<section>.xml",
        sitemap,
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("robots.txt", site.robots),
    path(".well-known/security.txt", site.security),
    path("favicon.ico", site.favicon),
    path("healthz", health.health),
    path("<slug:slug>/", pages.PageDetail.as_view(), name="page"),
    *history_paths(),
    path("card.png", cards.home),
    *(
        path(f"{prefix}<slug:slug>/card.png", cards.EntryCard.as_view(model=model))
        for prefix, model in ENTRY_MODELS.items()
    ),
    *bibliography_paths(),
]
