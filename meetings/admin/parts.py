"""Lists of the parts of entries, to find them; they are edited in the entry that owns them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from ..models import (
    Account,
    Claim,
    Discussion,
    Outcome,
    Participation,
    Position,
    Readout,
)
from ..tables.registry import TABLES_BY_MODEL
from ..text.markdown import cited_slugs
from . import filters
from .columns import truncated
from .exports import TableExport
from .index_search import IndexSearch
from .part_removal import PartRemoval
from .revisions import ReadOnly


class PartAdmin(PartRemoval, TableExport, ReadOnly, IndexSearch, admin.ModelAdmin):
    """A list of parts; the first column links to the entry's form."""

    list_per_page = 50
    list_display_links = None
    show_facets = admin.ShowFacets.ALWAYS

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_list_select_related(self, request):
        return list(TABLES_BY_MODEL[self.model].foreign_keys)

    def owner_link(self, part):
        owner = getattr(part, TABLES_BY_MODEL[self.model].owner)
        name = f"admin:meetings_{owner._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[owner.pk]), owner)

    @admin.display(description="meeting", ordering="meeting")
    def meeting_link(self, part):
        return self.owner_link(part)

    @admin.display(description="issue", ordering="issue")
    def issue_link(self, part):
        return self.owner_link(part)

    @admin.display(description="source", ordering="source")
    def source_link(self, part):
        return self.owner_link(part)

    @admin.display(description="text")
    def beginning(self, part):
        return truncated(part.text)


@admin.register(Discussion)
class DiscussionAdmin(PartAdmin):
    list_display = [
        "meeting_link",
        "issue",
        "reported_by",
        "agreement",
        "each_account",
        "source_count",
    ]
    list_filter = [
        filters.by_entry("meeting"),
        filters.by_entry("issue"),
        "basis",
        "agreement",
        filters.MissingAccount,
        filters.NothingCited,
    ]
    search_fields = ["summary", "meeting__title", "issue__title"]

    def get_queryset(self, request):
        parts = ("participations", "readouts", "accounts")
        rows = super().get_queryset(request)
        return rows.prefetch_related(*(f"meeting__{name}" for name in parts))

    @admin.display(description="reported by", ordering="basis")
    def reported_by(self, discussion):
        return discussion.reported_by

    @admin.display(description="accounts")
    def each_account(self, discussion):
        return ", ".join(
            f"{country.code} {'filled' if is_filled(account) else 'empty'}"
            for country, account in discussion.accounts_by_government
        )

    @admin.display(description="sources")
    def source_count(self, discussion):
        texts = [discussion.summary, discussion.outcome]
        texts += [account.text for account in discussion.accounts]
        return len({slug for text in texts for slug in cited_slugs(text)})


def is_filled(account):
    return account is not None and bool(account.finding or account.text)


@admin.register(Account)
class AccountAdmin(PartAdmin):
    list_display = ["meeting_link", "issue", "government", "finding", "beginning"]
    list_filter = [
        "finding",
        filters.ByGovernment,
        filters.by_entry("meeting"),
        filters.ByEvidence,
        filters.TextWithoutSource,
    ]
    search_fields = ["text", "meeting__title", "issue__title"]


@admin.register(Readout)
class ReadoutAdmin(PartAdmin):
    list_display = ["meeting_link", "government", "issued_on", "language", "beginning"]
    list_filter = [filters.ByGovernment, filters.by_value("language"), filters.TextWithoutSource]
    search_fields = ["text", "meeting__title"]


@admin.register(Outcome)
class OutcomeAdmin(PartAdmin):
    list_display = ["meeting_link", "order", "state", "beginning"]
    list_filter = [
        "state",
        filters.by_entry("meeting"),
        filters.ByEvidence,
        filters.TextWithoutSource,
    ]
    search_fields = ["text", "meeting__title"]


@admin.register(Participation)
class ParticipationAdmin(PartAdmin):
    list_display = ["meeting_link", "actor", "government", "role", "presence", "order"]
    list_filter = ["presence", filters.ByGovernment, filters.by_entry("meeting")]
    search_fields = ["actor__name", "role", "meeting__title"]


@admin.register(Claim)
class ClaimAdmin(PartAdmin):
    list_display = ["source_link", "order", "assessment", "beginning"]
    list_filter = ["assessment", filters.by_entry("source")]
    search_fields = ["text", "note", "source__title"]


@admin.register(Position)
class PositionAdmin(PartAdmin):
    list_display = ["issue_link", "government", "beginning"]
    list_filter = [filters.ByGovernment, filters.by_entry("issue"), filters.TextWithoutSource]
    search_fields = ["text", "issue__title"]
