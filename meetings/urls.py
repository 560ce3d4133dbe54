"""The public addresses."""

from django.urls import path
from django.http import HttpResponse

v = lambda r, **k: HttpResponse("")
urlpatterns = (
    [path("", v, name="home")]
    + [
        path(f"{a}/<slug>/", v, name=n)
        for a, n in (
            ("meetings", "meeting"),
            ("issues", "issue"),
            ("reactions", "reaction"),
            ("themes", "theme"),
            ("milestones", "milestone"),
            ("people", "person"),
            ("places", "place"),
            ("sources", "source"),
        )
    ]
    + [path("<slug>/", v, name="page")]
)
