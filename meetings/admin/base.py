"""What the desk does for entries and references alike: all writing is an act of ``publishing``."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..editing import acts, checks, errors
from ..tables.registry import BY_MODEL
from . import columns, stale_forms
from .exports import Exports
from .forms import FIELD_OVERRIDES, RevisedForm, country_options
from .history import HistoryPage
from .restore import RestorePages
from .widgets import LabelledRelations

AFTER_PARTS = "after-parts"


class RevisedAdmin(Exports, HistoryPage, RestorePages, LabelledRelations, admin.ModelAdmin):
    """Rows with an address: a form refused, as stale or otherwise, comes back with its text."""

    form = RevisedForm
    formfield_overrides = FIELD_OVERRIDES
    list_per_page = 50
    show_facets = admin.ShowFacets.ALWAYS
    save_on_top = False

    class Media:
        css = {"all": ["css/desk.css"]}

    # What is shown

    def get_search_fields(self, request):
        return [*self.search_fields, "slug"]

    def get_fieldsets(self, request, obj=None):
        """Return the fields of the row, and what an act asks besides."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if self.may_write(request, obj):
            fields = ["change_note", "change_kind", "seen"]
            asked = {"fields": fields, "classes": [AFTER_PARTS]}
            fieldsets.append(("Say what you changed", asked))
        return fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_prepopulated_fields(self, request, obj=None):
        # An address is made from the title once; later it changes only knowingly.
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    @admin.display(description="changed", ordering="changed_at")
    def changed(self, row):
        return row.changed_at

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(changed_at=columns.changed_at(self.model))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and request.method == "POST":
            # A refused form has written what was typed on its row; what stands around the form
            # (title, status, addresses, buttons) is about the row as it is stored.
            obj = self.get_object(request, str(obj.pk)) or obj
            context |= {"original": obj, "subtitle": str(obj)}
            context["adminform"].form.instance = obj
        context["countries"] = country_options() if self.inlines else ""
        context |= self.buttons(request, obj, is_popup=context["is_popup"])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def buttons(self, request, row, *, is_popup):
        """Return which buttons a form has beside those of every form."""
        return {}

    # Who may

    def may_write(self, request, obj=None):
        may_change = self.has_change_permission(request, obj)
        return may_change if obj else self.has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        return checks.is_allowed(request.user, "change", obj)

    def has_delete_permission(self, request, obj=None):
        if obj is None:
            return super().has_delete_permission(request)
        return (
            checks.is_allowed(request.user, "delete", obj)
            and not checks.was_public(obj)
            and not checks.used_by(obj)
        )

    # What is written

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            if object_id:
                self.refuse_stale(request, self.get_object(request, unquote(object_id)))
            return super().changeform_view(request, object_id, form_url, extra_context)
        except errors.Refused as refusal:
            request.refusal = refusal
            return self.refused(request, object_id, extra_context)

    def refuse_stale(self, request, entry):
        """Refuse an outdated form before it is read: a part that is gone would not validate."""
        if entry is None:
            raise errors.Refused([stale_forms.GONE])
        acts.check_seen(entry=entry, seen=stale_forms.seen(request.POST))

    def refused(self, request, object_id, context):
        """Return the form as it was sent, with the reason; the act on it has been undone."""
        entry = self.get_object(request, unquote(object_id)) if object_id else None
        is_gone = object_id is not None and entry is None
        if is_gone or isinstance(request.refusal, errors.Stale):
            request.POST = stale_forms.rebased(request.POST, request.refusal, entry, self.inlines)
        context = {
            **(context or {}),
            "refusal": request.refusal,
            "changes": stale_forms.in_words(getattr(request.refusal, "changes", [])),
        }
        # What is gone can still be added anew.
        form_url = reverse(self.address("add")) if is_gone else ""
        return super().changeform_view(request, None if is_gone else object_id, form_url, context)

    def save_model(self, request, obj, form, change):
        """Leave the writing to the act, which begins once the parts are known too."""

    def save_related(self, request, form, formsets, change):
        def write():
            form.instance.save()
            super(RevisedAdmin, self).save_related(request, form, formsets, change)

        revision = self.perform(request, form, write)
        request.is_unchanged = revision is None

    def perform(self, request, form, write):
        """Carry out the act whose button was pressed."""
        return acts.save(**self.details(request, form, write))

    def details(self, request, form, write):
        """Return what every act is given."""
        return {
            "entry": form.instance,
            "write": write,
            "user": request.user,
            "seen": form.cleaned_data.get("seen") if form.instance.pk else None,
            "note": form.cleaned_data.get("change_note", ""),
            "kind": form.cleaned_data.get("change_kind", ""),
        }

    def message_user(self, request, message, level=messages.INFO, *args, **kwargs):
        if level == messages.SUCCESS and getattr(request, "is_unchanged", False):
            message, level = "Nothing was changed, so there is no new revision.", messages.INFO
        return super().message_user(request, message, level, *args, **kwargs)

    # What is deleted

    def delete_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        try:
            if entry and request.method == "POST":
                acts.check_seen(entry=entry, seen=stale_forms.seen(request.POST))
            return super().delete_view(request, object_id, extra_context)
        except errors.Refused as refusal:
            is_stale = isinstance(refusal, errors.Stale)
            text = stale_forms.LOOK_AGAIN if is_stale else str(refusal)
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse(self.address("change"), args=[object_id]))

    def delete_model(self, request, obj):
        acts.delete(entry=obj, user=request.user, seen=stale_forms.seen(request.POST))

    def get_deleted_objects(self, objs, request):
        """Return what goes with a row; its own parts go with it by the same right."""
        shown, counts, lacking, protected = super().get_deleted_objects(objs, request)
        parts = {str(table.model._meta.verbose_name) for table in BY_MODEL[self.model].parts}
        return shown, counts, set(lacking) - parts, protected

    def address(self, name):
        """Return the name of one of the desk's addresses for these rows."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
