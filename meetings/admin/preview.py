"""The public page of an entry made of its form as it stands, before anything is saved."""

from copy import copy

from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse

from ..editing import proposals
from ..editing.errors import Refused
from ..editing.publication_checks import missing_cells, words_of
from ..editing.rebuild import PresentRows
from ..models import Proposal
from ..tables.registry import TABLES_BY_MODEL
from .edits import edit_of

# The id under which an entry that is not stored yet is shown: no row has it.
NO_ID = 0


class PreviewViews:
    """The preview of the form of an entry, and of its proposal, for its ModelAdmin.

    The form is read and checked as if it was saved; the page replaces the act.
    """

    def desk_pages(self):
        own = {
            "preview_new": ("add/preview/", self.preview_view),
            "preview": ("<path:object_id>/preview/", self.preview_view),
        }
        return own | super().desk_pages()

    def preview_view(self, request, object_id=None):
        entry = self.get_object(request, unquote(object_id)) if object_id else None
        is_proposal = entry is not None and "proposal" in request.POST
        name = "proposal" if is_proposal else "change" if entry else "add"
        request.form_url = reverse(self.url_name(name), args=[entry.pk] if entry else [])
        if request.method != "POST":
            return HttpResponseRedirect(request.form_url)
        request.is_preview = True
        if is_proposal:
            request.proposal = proposals.proposal_of(entry) or Proposal(number=0)
        return self.changeform_view(request, object_id, request.form_url, None)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        name, args = ("preview", [obj.pk]) if obj else ("preview_new", [])
        context["preview_url"] = reverse(self.url_name(name), args=args)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        if not is_preview(request):
            super().save_related(request, form, formsets, change)
            return
        snapshot = edit_of(form, formsets).snapshot
        request.previewed = proposals.previewed(entry=form.instance, after=snapshot)
        own = TABLES_BY_MODEL[self.model]
        if missing := missing_cells(own, request.previewed[own.name][0]):
            raise Refused([f"There is no page to preview yet: the {words_of(missing)} is missing."])

    def log_change(self, request, obj, message):
        return None if is_preview(request) else super().log_change(request, obj, message)

    def log_addition(self, request, obj, message):
        return None if is_preview(request) else super().log_addition(request, obj, message)

    def response_change(self, request, obj):
        if is_preview(request):
            return self.preview_page(request, obj)
        return super().response_change(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        if is_preview(request):
            return self.preview_page(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def preview_page(self, request, obj):
        """Return the public page of what was typed, by the view that shows it once it is saved."""
        state = request.previewed
        slug = state[TABLES_BY_MODEL[self.model].name][0]["slug"]
        live = self.model(pk=obj.pk or NO_ID, slug=slug, revision=obj.revision)
        asked = copy(request)
        asked.method, asked.GET = "GET", QueryDict()
        asked.path = asked.path_info = live.get_absolute_url()
        view = resolve(asked.path).func.view_class(is_preview=True)
        view.setup(asked, slug=slug)
        return view.render_snapshot(live, state, PresentRows(request.user))


def is_preview(request) -> bool:
    return getattr(request, "is_preview", False)
