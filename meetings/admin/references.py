"""The references at the desk: people and organisations, places, sources; and moved addresses."""

from django.contrib import admin
from django.utils.html import format_html

from ..editing import acts, redirects
from ..editing.addresses import former_address_problem
from ..editing.permissions import may_change_public
from ..editing.usage import public_use
from ..models import Actor, LinkCheck, Meeting, Participation, Place, Reaction, Redirect, Source
from ..models.querysets import count_subquery
from . import columns, filters
from .base import RevisedAdmin
from .citing import CitingViews
from .exports import TableExport
from .forms import DeskForm, SourceForm
from .inlines import ClaimInline
from .mass_acts import delete_drafts, set_archived_of_selected, set_reading_of_selected
from .merging import MergeViews
from .new_sources import NewSourceViews
from .proposals import ProposalViews
from .stale_forms import proposal_in_form
from .twins import TwinViews
from .work_filters import ByWork

ARCHIVE_SAVES_AT = "https://web.archive.org/save/"


class ReferenceAdmin(TwinViews, MergeViews, ProposalViews, RevisedAdmin):
    """A row that entries share; its form says whether a change of it is public."""

    actions = [delete_drafts]

    @admin.display(description="change")
    def change_badge(self, reference):
        return columns.change_badge(reference)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and not proposal_in_form(request):
            context["public_use"] = public_use_note(request.user, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)


def public_use_note(user, reference):
    """Return the sentences on what in public uses a reference, and what follows for a change."""
    use = public_use(reference)
    if not use:
        return "Nothing published uses it: what you change is public once something does."
    if not may_change_public(user, type(reference)):
        return f"{use}: only those who may publish change it. Others prepare a change."
    return f"{use}: your change is public at once, and needs a note."


@admin.register(Actor)
class ActorAdmin(ReferenceAdmin):
    list_display = [
        "name",
        "kind",
        "country",
        "meeting_count",
        "reaction_count",
        "changed",
        "change_badge",
    ]
    list_filter = ["kind", filters.ByCountry, filters.PossibleTwin, ByWork]
    search_fields = ["name", "sort_name", "other_names", "description"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            "Name",
            {"fields": ["name", "sort_name", "other_names", "slug", "kind"]},
        ),
        ("Who that is", {"fields": ["country", "description", "wikidata"]}),
    ]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                meeting_count=count_subquery(Participation.objects.all(), "actor"),
                reaction_count=count_subquery(Reaction.actors.through.objects.all(), "actor"),
            )
        )

    def described_choice(self, actor):
        # A participant's delegation is mostly that of the person's country.
        return super().described_choice(actor) | {"country": actor.country.code or ""}

    @admin.display(description="meetings", ordering="meeting_count")
    def meeting_count(self, actor):
        return actor.meeting_count

    @admin.display(description="reactions", ordering="reaction_count")
    def reaction_count(self, actor):
        return actor.reaction_count


@admin.register(Place)
class PlaceAdmin(ReferenceAdmin):
    list_display = ["__str__", "country", "meeting_count", "changed", "change_badge"]
    list_filter = [filters.ByCountry, filters.PossibleTwin, ByWork]
    search_fields = ["venue", "city"]
    prepopulated_fields = {"slug": ["city", "venue"]}
    fieldsets = [
        ("Where it is", {"fields": ["venue", "city", "country", "slug"]}),
        ("On the map", {"fields": [("latitude", "longitude")]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(meeting_count=count_subquery(Meeting.objects.all(), "place"))

    @admin.display(description="meetings", ordering="meeting_count")
    def meeting_count(self, place):
        return place.meeting_count


@admin.register(Source)
class SourceAdmin(CitingViews, NewSourceViews, ReferenceAdmin):
    form = SourceForm
    list_display = [
        "publisher",
        "title",
        "slug",
        "published",
        "kind",
        "language",
        "use_count",
        "is_archived",
        "read",
        "changed",
        "change_badge",
    ]
    list_display_links = ["title"]
    list_filter = [
        "kind",
        filters.by_value("language"),
        "ownership",
        "read",
        "title_is",
        "date_is",
        filters.NotOpened,
        filters.PossibleTwin,
        filters.NotArchived,
        filters.ByLink,
        filters.Unused,
        ByWork,
    ]
    search_fields = ["title", "publisher", "authors", "origin", "url"]
    date_hierarchy = "published"
    prepopulated_fields = {"slug": ["publisher", "title"]}
    fieldsets = [
        (
            "Title, author, publisher",
            {
                "fields": [
                    "title",
                    "slug",
                    "title_is",
                    "authors",
                    ("publisher", "origin", "ownership"),
                    ("published", "date_is"),
                    ("kind", "language"),
                ]
            },
        ),
        ("Address, and archived copy", {"fields": ["url", "link", "archived_url", "accessed"]}),
        ("How far it was read", {"fields": ["read", "check_note"]}),
        ("Note", {"fields": ["note"]}),
    ]
    readonly_fields = ["link"]
    inlines = [ClaimInline]
    actions = [set_reading_of_selected, set_archived_of_selected, delete_drafts]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(use_count=columns.use_count())

    @admin.display(description="used by", ordering="use_count")
    def use_count(self, source):
        return source.use_count

    @admin.display(description="link")
    def link(self, source):
        """Say what the address answered last, and lead to where its page can be saved."""
        if not source.url:
            return "There is no address to check."
        check = LinkCheck.objects.present().filter(source=source).first()
        words = "Not checked yet."
        if check:
            target = f" to {check.target}" if check.target else ""
            status = f" ({check.status})" if check.status else ""
            on = columns.format_time(check.checked_at)
            words = f"{check.get_state_display()}{target}{status}, asked on {on}."
        save = format_html(
            '<a href="{}{}">Ask the Web Archive to save the page</a>', ARCHIVE_SAVES_AT, source.url
        )
        return format_html("{} {}, and write the address of the copy below.", words, save)

    @admin.display(description="archived", ordering="archived_url", boolean=True)
    def is_archived(self, source):
        return bool(source.archived_url)


class RedirectForm(DeskForm):
    def clean(self):
        cleaned = super().clean()
        if self.changed_data and {"old_path", "new_path"} <= set(cleaned):
            moves = {cleaned["old_path"]: cleaned["new_path"]}
            for _, column, problem, hint in redirects.redirect_problems(moves):
                words = f"{problem} Did you mean {hint}?" if hint else problem
                self.add_error(column, words)
        return cleaned


@admin.register(Redirect)
class RedirectAdmin(TableExport, admin.ModelAdmin):
    """Redirects; one from an address that a page of the record had is neither moved nor deleted."""

    form = RedirectForm
    list_display = ["old_path", "new_path"]
    search_fields = ["old_path", "new_path"]
    list_per_page = 50

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_readonly_fields(self, request, obj=None):
        return ["old_path"] if obj and former_address_problem(obj.old_path) else []

    def has_delete_permission(self, request, obj=None):
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and not (obj and former_address_problem(obj.old_path))

    def save_model(self, request, obj, form, change):
        acts.save_redirect(redirect=obj, user=request.user)

    def delete_model(self, request, obj):
        acts.delete_redirect(redirect=obj, user=request.user)
