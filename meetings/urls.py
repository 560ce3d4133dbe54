"""The public addresses: the word of an address is the word of its view module and its templates."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import path

from .citing import FILES
from .models import Actor, Issue, Meeting, Milestone, Page, Place, Reaction, Source, Theme
from .sitemaps import SITEMAPS
from .views import (
    actors,
    appearance,
    cite,
    home,
    issues,
    meetings,
    milestones,
    pages,
    places,
    reactions,
    site,
    sources,
    themes,
    timeline,
)

CITED = {
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

urlpatterns = [
    path("", home.home, name="home"),
    path("meetings/", meetings.MeetingList.as_view(), name="meetings"),
    path("meetings/<slug:slug>/", meetings.MeetingDetail.as_view(), name="meeting"),
    path("issues/", issues.IssueList.as_view(), name="issues"),
    path("issues/by-meeting/", issues.by_meeting, name="by_meeting"),
    path("issues/<slug:slug>/", issues.IssueDetail.as_view(), name="issue"),
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
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS}),
    path(
        "sitemap-<section>.xml",
        sitemaps.sitemap,
        {"sitemaps": SITEMAPS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path("robots.txt", site.robots),
    path(".well-known/security.txt", site.security),
    path("healthz", site.health),
    path("<slug:slug>/", pages.PageDetail.as_view(), name="page"),
    *(
        path(f"{prefix}<slug:slug>/cite.{form}", cite.Cite.as_view(model=model), {"form": form})
        for prefix, model in CITED.items()
        for form in FILES
    ),
]
