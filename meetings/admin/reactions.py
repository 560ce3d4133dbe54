"""The reactions at the desk."""

from django.contrib import admin

from ..models import Reaction
from ..models.querysets import count_subquery
from . import filters
from .entries import CITED, EntryAdmin
from .work_filters import ByWork


@admin.register(Reaction)
class ReactionAdmin(EntryAdmin):
    list_display = [
        "attribution",
        "country",
        "capacity",
        "stance",
        "meeting",
        "reacted_on",
        "source_count",
        "status_badge",
        "changed",
    ]
    list_filter = [
        filters.ByStatus,
        ByWork,
        "stance",
        "capacity",
        filters.by_value("affiliation"),
        filters.by_entry("meeting"),
        filters.by_entry("issues"),
        filters.ByCountry,
        filters.by_year("reacted_on"),
        filters.NoSource,
        filters.ByEvidence,
    ]
    list_select_related = ["meeting"]
    search_fields = ["attribution", "summary", "quotation"]
    date_hierarchy = "reacted_on"
    autocomplete_fields = ["meeting", "issues", "actors", "quotation_source", "sources"]
    prepopulated_fields = {"slug": ["attribution"]}
    fieldsets = [
        ("Who reacted, as named in public", {"fields": ["attribution", "slug"]}),
        ("What was said", {"fields": ["stance", "reacted_on", "summary"], "description": CITED}),
        (
            "Quotation, of at most 50 words",
            {"fields": ["quotation", "quotation_language", "quotation_source"]},
        ),
        ("Who that was", {"fields": ["actors", "role", ("affiliation", "capacity"), "country"]}),
        ("To which meeting, on which issues", {"fields": ["meeting", "issues"]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("meeting")
        sources = Reaction.sources.through.objects.all()
        return rows.annotate(source_count=count_subquery(sources, "reaction"))

    @admin.display(description="sources", ordering="source_count")
    def source_count(self, reaction):
        return reaction.source_count
