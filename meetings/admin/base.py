"""The ModelAdmin of entries and references; all writing is an act of ``editing.acts``."""

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..editing import acts, errors
from ..editing.deletion_checks import deletion_problem
from ..editing.permissions import is_allowed
from ..editing.usage import uses_of
from ..models import Participation, Source
from ..tables.registry import TABLES_BY_MODEL
from . import columns, stale_forms
from .citing import show_citations
from .colleagues import ColleagueViews
from .desk_pages import DeskPages
from .edits import edit_of
from .exports import TableExport
from .forms import FIELD_OVERRIDES, RevisedForm, country_options
from .history import HistoryView
from .index_search import IndexSearch
from .kept_pages import ResumedForms
from .more_parts import forget_problems, show_another_part
from .new_sources import NewSourceForm
from .refusals import place_problems
from .restore import RestoreViews
from .sections import AFTER_PARTS, sections
from .widgets import LabelledRelations


class RevisedAdmin(
    ResumedForms,
    TableExport,
    ColleagueViews,
    HistoryView,
    RestoreViews,
    LabelledRelations,
    IndexSearch,
    DeskPages,
    admin.ModelAdmin,
):
    """ModelAdmin of rows with revisions; a refused form comes back with what was typed."""

    form = RevisedForm
    formfield_overrides = FIELD_OVERRIDES
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    save_on_top = False

    class Media:
        css = {
            "all": [
                "css/desk.css",
                "css/desk-plans.css",
                "css/desk-form.css",
                "css/desk-citing.css",
            ]
        }

    # What is shown

    def get_search_fields(self, request):
        return [*self.search_fields, "slug"]

    def get_fieldsets(self, request, obj=None):
        """Return the fieldsets of the row, and one with the fields of the act."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if self.has_write_permission(request, obj):
            fields = ["change_note", "change_kind", "change_wrong", "seen"]
            options = {"fields": fields, "classes": [AFTER_PARTS]}
            fieldsets.append(("Say what you changed", options))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_prepopulated_fields(self, request, obj=None):
        # The slug follows the title of a new row only; later it is changed by hand.
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def view_on_site(self, obj):
        # A draft that lacks what a page shows has none yet.
        return None if getattr(obj, "missing_columns", []) else obj.get_absolute_url()

    @admin.display(description="changed", ordering="changed_at")
    def changed(self, row):
        return row.changed_at

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(changed_at=columns.changed_at(self.model))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method == "POST":
            # A refused form has set what was typed on its instance; the page around the form
            # (title, status, addresses, buttons) shows the row as it is stored.
            obj = self.get_object(request, str(obj.pk)) or obj
            context |= {"original": obj, "subtitle": str(obj)}
            context["adminform"].form.instance = obj
        context["countries"] = country_options() if self.inlines else ""
        context["sections"] = sections(context["adminform"], context["inline_admin_formsets"])
        context["has_delegations"] = Participation in [inline.model for inline in self.inlines]
        context["has_order"] = any(hasattr(inline.model, "order") for inline in self.inlines)
        # The contents of the form stand in its place.
        context["is_nav_sidebar_enabled"] = False
        if obj and not (context["is_popup"] or context.get("proposal")):
            context["used_by"] = uses_of(obj)
            context["deletion_problem"] = self.deletion_problem(request, obj)
        forget_problems(request, context)
        place_problems(getattr(request, "refusal", None), context)
        context |= self.citing_context(request, context)
        context |= self.extra_buttons(request, obj, is_popup=context["is_popup"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def citing_context(self, request, context):
        """Return what the picker of sources needs; nothing for who may not see the sources."""
        sources = self.admin_site.get_model_admin(Source)
        if not sources.has_view_permission(request):
            return {}
        return {
            "is_citing": show_citations(context),
            "new_source": NewSourceForm() if sources.has_add_permission(request) else None,
        }

    def extra_buttons(self, request, row, *, is_popup):
        """Return the context of the buttons that a form has besides those of every form."""
        return {}

    # Who may

    def has_write_permission(self, request, obj=None):
        may_change = self.has_change_permission(request, obj)
        return may_change if obj else self.has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return is_allowed(request.user, "change", obj)

    def has_delete_permission(self, request, obj=None):
        if obj is None:
            return super().has_delete_permission(request)
        if not is_allowed(request.user, "delete", obj):
            return False
        return not self.deletion_problem(request, obj)

    def deletion_problem(self, request, obj):
        """Return why a row cannot be deleted, or nothing; a page asks more than once."""
        known = request.__dict__.setdefault("deletion_problems", {})
        if obj.pk not in known:
            known[obj.pk] = deletion_problem(obj)
        return known[obj.pk]

    # What is written

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        show_another_part(request)
        try:
            if object_id and self.get_object(request, unquote(object_id)) is None:
                raise errors.Refused([stale_forms.DELETED_MEANWHILE])
            return super().changeform_view(request, object_id, form_url, extra_context)
        except errors.Refused as refusal:
            request.refusal = refusal
            return self.refused_form(request, object_id, extra_context)

    def refused_form(self, request, object_id, context):
        """Return the form with what was typed and the refusal; the act was rolled back."""
        is_gone = object_id and self.get_object(request, unquote(object_id)) is None
        if is_gone:
            request.POST = stale_forms.as_new(request.POST, self.inlines)
        refusal = request.refusal
        conflicts = getattr(refusal, "conflicts", [])
        context = {
            **(context or {}),
            "refusal": refusal,
            "changes": stale_forms.describe_changes(getattr(refusal, "changes", [])),
            "conflicts": stale_forms.describe_conflicts(conflicts, request.POST),
        }
        # What was deleted can still be added again.
        form_url = reverse(self.url_name("add")) if is_gone else getattr(request, "form_url", "")
        return super().changeform_view(request, None if is_gone else object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        """Do nothing: ``save_related`` performs the act, once the parts are known too."""

    def save_related(self, request, form, formsets, change):
        revision = self.perform_act(request, form, edit_of(form, formsets))
        request.is_unchanged = revision is None
        form.instance._state.adding = False

    def perform_act(self, request, form, edit):
        """Perform the act whose button was pressed; return its revision, if it made one."""
        return acts.save(**self.act_arguments(request, form, edit))

    def act_arguments(self, request, form, edit):
        """Return the arguments that every act takes."""
        return {
            "entry": form.instance,
            "after": edit,
            "user": request.user,
            "seen": stale_forms.seen_revision(request.POST) if form.instance.pk else None,
            "note": form.cleaned_data.get("change_note", ""),
            "kind": form.cleaned_data.get("change_kind", ""),
            "was_wrong": form.cleaned_data.get("change_wrong", ""),
        }

    def construct_change_message(self, request, form, formsets, add=False):
        """Return Django's message for its log; the revision says what was changed in parts."""
        message = super().construct_change_message(request, form, None, add)
        parts = [formset for formset in formsets if formset.has_changed()]
        names = [str(formset.model._meta.verbose_name_plural) for formset in parts]
        return [*message, {"changed": {"fields": names}}] if names and not add else message

    def message_user(self, request, message, level=messages.INFO, *args, **kwargs):
        if level == messages.SUCCESS and getattr(request, "is_unchanged", False):
            message, level = "Nothing was changed, so there is no new revision.", messages.INFO
        return super().message_user(request, message, level, *args, **kwargs)

    # What is deleted

    def delete_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        try:
            if entry and is_allowed(request.user, "delete", entry):
                self.refuse_kept(entry)
            if entry and request.method == "POST":
                acts.check_seen(entry=entry, seen=stale_forms.seen_revision(request.POST))
            return super().delete_view(request, object_id, extra_context)
        except errors.Refused as refusal:
            is_stale = isinstance(refusal, errors.Stale)
            text = stale_forms.CHANGED_BEFORE_DELETION if is_stale else str(refusal)
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse(self.url_name("change"), args=[object_id]))

    def refuse_kept(self, entry):
        """Refuse to delete what is kept, with the reason rather than as forbidden."""
        if problem := deletion_problem(entry):
            raise errors.Refused([problem])

    def delete_model(self, request, obj):
        acts.delete(entry=obj, user=request.user, seen=stale_forms.seen_revision(request.POST))

    def get_deleted_objects(self, objs, request):
        """Return what is deleted with a row; the parts of an entry need no right of their own."""
        shown, counts, lacking, protected = super().get_deleted_objects(objs, request)
        parts = {str(table.model._meta.verbose_name) for table in TABLES_BY_MODEL[self.model].parts}
        return without_relations(shown), counts, set(lacking) - parts, protected


def without_relations(shown):
    """Return the nested list of what is deleted without rows that only relate two others."""
    relations = tuple(
        f"{str(model._meta.verbose_name).capitalize()}: "
        for model in apps.get_app_config("meetings").get_models(include_auto_created=True)
        if model._meta.auto_created
    )
    return [
        without_relations(each) if isinstance(each, list) else each
        for each in shown
        if isinstance(each, list) or not each.startswith(relations)
    ]
