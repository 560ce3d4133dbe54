"""The entries at the desk: meetings, issues, reactions, themes, milestones, pages."""

from collections.abc import Sequence

from django.contrib import admin

from ..editing import acts, review
from ..editing.publication_checks import NOT_YET
from ..models import (
    Discussion,
    Issue,
    Meeting,
    Milestone,
    Page,
    Publishable,
    Reaction,
    Theme,
)
from ..models.querysets import count_subquery
from . import columns, filters
from .base import RevisedAdmin
from .bulk_actions import WORKFLOW_ACTIONS, WorkflowActions
from .checklist import checklist
from .completeness import ByGap, CompletenessColumn
from .discussions import DiscussionInline
from .inlines import OutcomeInline, ParticipationInline, PositionInline, ReadoutInline
from .mass_acts import delete_drafts
from .merging import MergeViews
from .preview import PreviewViews
from .proposals import ProposalViews
from .sections import AFTER_PARTS
from .work_filters import ByWork
from .workflow_views import WorkflowViews

PUBLICATION = (
    "Sources, and when it may be read",
    {"fields": ["sources", "status_badge", "publish_at"], "classes": [AFTER_PARTS]},
)
ADDRESS: dict[str, Sequence[str]] = {"slug": ["title"]}
CITED = "Each paragraph with its source."


class EntryAdmin(PreviewViews, ProposalViews, WorkflowActions, WorkflowViews, RevisedAdmin):
    """An entry: written, sent to review and published from its form."""

    readonly_fields = ["status_badge"]
    actions = [*WORKFLOW_ACTIONS, delete_drafts]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(published_at=columns.published_at(self.model))

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        own = len(self.fieldsets)
        return [*fieldsets[:own], PUBLICATION, *fieldsets[own:]]

    def extra_buttons(self, request, row, *, is_popup):
        """Return the context of the buttons that the status and the user's permissions allow."""
        status = row.status if row else Publishable.Status.DRAFT
        has_write_permission = self.has_write_permission(request, row) and not is_popup
        is_open = status != Publishable.Status.PUBLISHED
        return {
            "show_publish": has_write_permission
            and is_open
            and self.has_publish_permission(request),
            "show_submit": has_write_permission and status == Publishable.Status.DRAFT,
            "acts": self.acts_offered(request, row) if row else [],
            "sent": row and (review.last_sent(row) or review.last_sent_back(row)),
        }

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        refusal = getattr(request, "refusal", None)
        is_told = any(NOT_YET in problem for problem in refusal.problems) if refusal else False
        if self.has_write_permission(request, obj) and not is_told:
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            is_published = obj is not None and obj.status == Publishable.Status.PUBLISHED
            context["checklist"] = checklist(
                context["adminform"].form,
                formsets,
                is_public=is_published and not context.get("proposal"),
            )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def perform_act(self, request, form, edit):
        details = self.act_arguments(request, form, edit)
        if "_publish" in request.POST:
            return acts.publish(**details)
        if "_submit" in request.POST:
            names = ("entry", "after", "user", "seen", "note")
            return acts.submit(**{name: details[name] for name in names})
        return acts.save(**details)

    @admin.display(description="status", ordering="status")
    def status_badge(self, entry):
        return columns.status_badge(entry)

    @admin.display(description="published", ordering="published_at", empty_value="No")
    def published(self, entry):
        return None if entry.is_scheduled else entry.published_at


@admin.register(Meeting)
class MeetingAdmin(CompletenessColumn, EntryAdmin):
    list_display = [
        "title",
        "starts_on",
        "status_badge",
        "format",
        "issue_count",
        "reaction_count",
        "completeness",
        "published",
        "changed",
    ]
    list_filter = [
        filters.ByStatus,
        ByWork,
        ByGap,
        "format",
        filters.by_year("starts_on"),
        filters.NoSource,
        filters.DayHasPassed,
    ]
    search_fields = ["title", "place__city", "forum"]
    date_hierarchy = "starts_on"
    autocomplete_fields = ["place", "sources"]
    prepopulated_fields = ADDRESS
    fieldsets = [
        ("Title and lede", {"fields": ["title", "slug", "summary"]}),
        (
            "Key facts",
            {
                "fields": [
                    ("starts_on", "ends_on"),
                    "date_note",
                    ("format", "event_status"),
                    "place",
                    "forum",
                    "duration_minutes",
                    "duration_note",
                ]
            },
        ),
        ("Summary", {"fields": ["body"], "description": CITED}),
        (
            "Where the accounts differ",
            {"fields": ["accounts_differ"], "classes": ["after-readouts"], "description": CITED},
        ),
        (
            "Participants, in words",
            {"fields": ["participants_note"], "classes": [AFTER_PARTS]},
        ),
    ]
    inlines = [ReadoutInline, DiscussionInline, OutcomeInline, ParticipationInline]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                issue_count=count_subquery(Discussion.objects.all(), "meeting"),
                reaction_count=count_subquery(Reaction.objects.all(), "meeting"),
            )
        )

    @admin.display(description="issues", ordering="issue_count")
    def issue_count(self, meeting):
        return meeting.issue_count

    @admin.display(description="reactions", ordering="reaction_count")
    def reaction_count(self, meeting):
        return meeting.reaction_count


@admin.register(Issue)
class IssueAdmin(MergeViews, EntryAdmin):
    list_display = [
        "title",
        "status_badge",
        "meeting_count",
        "reaction_count",
        "published",
        "changed",
    ]
    list_filter = [filters.ByStatus, ByWork, filters.NoSource]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["sources"]
    prepopulated_fields = ADDRESS
    fieldsets = [
        ("Title and lede", {"fields": ["title", "slug", "summary"]}),
        ("What it is about", {"fields": ["body"], "description": CITED}),
    ]
    inlines = [PositionInline]

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                meeting_count=count_subquery(Discussion.objects.all(), "issue"),
                reaction_count=count_subquery(Reaction.issues.through.objects.all(), "issue"),
            )
        )

    @admin.display(description="meetings", ordering="meeting_count")
    def meeting_count(self, issue):
        return issue.meeting_count

    @admin.display(description="reactions", ordering="reaction_count")
    def reaction_count(self, issue):
        return issue.reaction_count


@admin.register(Theme)
class ThemeAdmin(EntryAdmin):
    list_display = ["title", "status_badge", "published", "changed"]
    list_filter = [filters.ByStatus, ByWork, filters.NoSource]
    search_fields = ["title", "summary"]
    autocomplete_fields = ["meetings", "issues", "reactions", "sources"]
    prepopulated_fields = ADDRESS
    fieldsets = [
        ("Title and lede", {"fields": ["title", "slug", "summary"]}),
        ("What it is about", {"fields": ["body"], "description": CITED}),
        ("Views", {"fields": [("views_for", "views_against")], "description": CITED}),
        ("What it runs through", {"fields": ["meetings", "issues", "reactions"]}),
    ]


@admin.register(Milestone)
class MilestoneAdmin(EntryAdmin):
    list_display = ["title", "occurred_on", "kind", "status_badge", "published", "changed"]
    list_filter = [
        filters.ByStatus,
        ByWork,
        "kind",
        filters.by_year("occurred_on"),
        filters.NoSource,
    ]
    search_fields = ["title", "summary"]
    date_hierarchy = "occurred_on"
    autocomplete_fields = ["meetings", "issues", "sources"]
    prepopulated_fields = ADDRESS
    fieldsets = [
        ("Title and date", {"fields": ["title", "slug", ("occurred_on", "kind")]}),
        ("What happened", {"fields": ["summary"], "description": CITED}),
        ("What it belongs to", {"fields": ["meetings", "issues"]}),
    ]


@admin.register(Page)
class PageAdmin(EntryAdmin):
    list_display = ["title", "slug", "status_badge", "published", "changed"]
    list_filter = [filters.ByStatus, ByWork]
    search_fields = ["title", "summary", "body"]
    autocomplete_fields = ["sources"]
    prepopulated_fields = ADDRESS
    fieldsets = [("Title and text", {"fields": ["title", "slug", "summary", "body"]})]
