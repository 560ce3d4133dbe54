"""Releases at the desk: their list, a page that makes one, and a page that withdraws one."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse

from ..editing import releases
from ..editing.errors import Refused
from ..exporting.catalogue import row_counts
from ..exporting.releases import make_release
from ..models import Release
from .desk_pages import desk_page
from .revisions import OfferedLookups, ReadOnly

# So many rows are packed while somebody waits.
MOST_ROWS_AT_THE_DESK = 20_000
TOO_LARGE = "The record is too large to be packed here. Ask the operator for make_release."


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Note",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        max_length=500,
        help_text="One line, public. Say what this release is.",
    )


class ReasonForm(forms.Form):
    note = forms.CharField(
        label="Reason",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        max_length=500,
        help_text="Public: its page and its file then answer with this.",
    )


@admin.register(Release)
class ReleaseAdmin(OfferedLookups, ReadOnly, admin.ModelAdmin):
    list_display = ["version", "made_at", "made_by", "rows", "note", "withdrawn_at"]
    list_filter = ["made_at"]
    list_select_related = ["made_by"]
    list_per_page = 50
    search_fields = ["version", "note"]

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).defer("slugs")

    def has_add_permission(self, request):
        return request.user.has_perm(releases.RELEASE_PERMISSION)

    def add_view(self, request, form_url="", extra_context=None):
        """Ask for the note, and make a release."""
        if not self.has_add_permission(request):
            raise PermissionDenied

        def make(note):
            if sum(row_counts().values()) > MOST_ROWS_AT_THE_DESK:
                raise Refused([TOO_LARGE])
            return f"{make_release(note=note, user=request.user)} was made."

        return self.act_view(request, None, NoteForm, make)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a release; ask who may withdraw it for the reason."""
        release = self.get_object(request, unquote(object_id))
        if release is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, release):
            raise PermissionDenied

        def withdraw(note):
            releases.withdraw(release=release, reason=note, user=request.user)
            return f"{release} was withdrawn."

        return self.act_view(request, release, ReasonForm, withdraw)

    def act_view(self, request, release, form_class, act):
        """Show a form with a note, and do what it is for; ``release`` is None for a new one."""
        form = form_class(request.POST if request.method == "POST" else None)
        refusal = None
        if request.method == "POST" and form.is_valid():
            try:
                self.message_user(request, act(form.cleaned_data["note"]), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:meetings_release_changelist"))
            except Refused as error:
                refusal = error
        may_act = self.has_add_permission(request) and not (release and release.withdrawn_at)
        word = "Withdraw it" if release else "Make it"
        return desk_page(
            self,
            request,
            "release_act",
            release or "Make a release",
            release=release,
            form=form,
            button=word if may_act else "",
            back=reverse("admin:meetings_release_changelist"),
            refusal=refusal,
        )
