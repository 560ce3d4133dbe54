"""The parts of entries as inlines of the entry that owns them, with its permissions."""

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django_countries.fields import CountryField

from ..editing.permissions import is_allowed
from ..editing.proposals import may_prepare
from ..models import Claim, Outcome, Participation, Position, Readout
from ..tables.registry import TABLES_BY_MODEL
from .forms import FIELD_OVERRIDES, CountryInput, PartForm
from .stale_forms import proposal_in_form
from .widgets import OrderedFormSet, PartFormSet, PrefetchedRelations


class PartInline(PrefetchedRelations, InlineModelAdmin):
    form = PartForm
    formset = PartFormSet
    formfield_overrides = FIELD_OVERRIDES
    extra = 0
    view_on_site = False
    # How many empty rows the form of a new entry begins with.
    rows_of_new = 0
    # Where more are stored, each is a line that opens.
    most_open = 25

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra if obj else self.rows_of_new

    def get_queryset(self, request):
        # ``__str__`` of a part names its owner and the row it is related to.
        table = TABLES_BY_MODEL[self.model]
        rows = super().get_queryset(request).select_related(*table.foreign_keys)
        return rows.prefetch_related(*table.many_to_many)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if isinstance(db_field, CountryField):
            kwargs["widget"] = CountryInput
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_write_permission(self, request, entry):
        if entry is None or entry.pk is None:
            options = self.parent_model._meta
            return request.user.has_perm(f"{options.app_label}.add_{options.model_name}")
        if proposal_in_form(request):
            return may_prepare(request.user, entry)
        return is_allowed(request.user, "change", entry)

    def has_view_permission(self, request, obj=None):
        return True

    def has_add_permission(self, request, obj=None):
        return self.has_write_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return self.has_write_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.has_write_permission(request, obj)


class StackedInline(PartInline):
    template = "admin/meetings/stacked_parts.html"


class ReadoutInline(StackedInline):
    model = Readout
    verbose_name_plural = "the accounts"
    fieldsets = [(None, {"fields": [("government", "issued_on", "language"), "text", "was"]})]


class TabularInline(PartInline, admin.TabularInline):
    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.is_table = True
        return formset


class OutcomeInline(TabularInline):
    model = Outcome
    formset = OrderedFormSet
    verbose_name_plural = "outcomes"
    rows_of_new = 1


class ParticipationInline(TabularInline):
    model = Participation
    verbose_name_plural = "participants"
    autocomplete_fields = ["actor"]
    rows_of_new = 2
    fields = ["actor", "government", "role", "presence", "order", "was"]


class PositionInline(StackedInline):
    model = Position
    verbose_name_plural = "the governments’ positions"


class ClaimInline(StackedInline):
    model = Claim
    formset = OrderedFormSet
    verbose_name_plural = "what it says, claim by claim"
    autocomplete_fields = ["meetings", "issues", "reactions", "themes", "milestones"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("order", "section", "assessment"),
                    "text",
                    "note",
                    *autocomplete_fields,
                    "was",
                ]
            },
        )
    ]
