"""The history of an entry or reference at the desk: read, compare, hide, recover."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from ..editing import hiding, recovery
from ..editing.errors import Refused
from ..editing.public_revisions import PublicRevision
from ..editing.publication_checks import missing_cells, words_of
from ..editing.rebuild import PastRows, PresentRows
from ..editing.snapshots import with_present_slugs, with_slug
from ..models import Revision
from ..tables.registry import TABLES_BY_MODEL
from ..views.actors import ActorDetail
from ..views.described_changes import described_changes
from ..views.entries import EntryDetail
from ..views.issues import IssueDetail
from ..views.meetings import MeetingDetail
from ..views.milestones import MilestoneDetail
from ..views.pages import PageDetail
from ..views.places import PlaceDetail
from ..views.reactions import ReactionDetail
from ..views.sources import SourceDetail
from ..views.themes import ThemeDetail

REVISIONS_PER_PAGE = 100
MOST_DELETED = 200
PAGES: dict[type, type[EntryDetail]] = {
    page.model: page
    for page in (
        *(MeetingDetail, IssueDetail, ReactionDetail, ThemeDetail, MilestoneDetail, PageDetail),
        *(ActorDetail, PlaceDetail, SourceDetail),
    )
}


class ReasonForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The reason is public, and all that the public then reads of the revision.",
    )


class HistoryView:
    """The revisions of one row in place of the admin's own log."""

    def desk_pages(self):
        own = {
            "compare": ("<path:object_id>/history/compare/", self.compare_view),
            "revision": ("<path:object_id>/history/<int:number>/", self.revision_view),
            "hide": ("<path:object_id>/history/<int:number>/hide/", self.hide_view),
            "deleted": ("deleted/", self.deleted_view),
        }
        return own | super().desk_pages()

    def history_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        revisions = Revision.objects.of(entry).select_related("made_by").defer("snapshot")
        page = self.get_paginator(request, revisions, REVISIONS_PER_PAGE).get_page(
            request.GET.get("p")
        )
        return self.desk_page(
            request,
            "history",
            f"History: {entry}",
            page=page,
            may_restore=self.has_change_permission(request, entry),
            may_hide=request.user.has_perm(hiding.HIDE_PERMISSION),
            object=entry,
            **(extra_context or {}),
        )

    def revision_view(self, request, object_id, number):
        """Show a revision as its page, with what it names as it stood; never kept, by nobody."""
        entry, revision = self.entry_and_revision(request, object_id, number)
        own = TABLES_BY_MODEL[self.model]
        if missing := missing_cells(own, revision.snapshot[own.name][0]):
            text = f"Revision {number} has no page: the {words_of(missing)} is missing in it."
            self.message_user(request, text, messages.INFO)
            return HttpResponseRedirect(reverse(self.url_name("history"), args=[entry.pk]))
        view = PAGES[self.model]()
        view.setup(request, slug=entry.slug)
        view.past = PublicRevision(revision, revision.made_at, None, entry=entry)
        view.history, view.is_at_desk = [], True
        named = PastRows(revision.made_at, request.user)
        return view.render_snapshot(entry, snapshot_now_named(entry, revision), named)

    def compare_view(self, request, object_id):
        """Show what differs between two revisions, the words marked."""
        numbers = [request.GET.get(name, "") for name in ("from", "to")]
        found = [
            self.entry_and_revision(
                request, object_id, int(number) if number.isdecimal() and len(number) < 10 else 0
            )
            for number in numbers
        ]
        entry = found[0][0]
        before, after = sorted((revision for _, revision in found), key=lambda each: each.number)
        changes = described_changes(
            *(snapshot_now_named(entry, revision) for revision in (before, after)),
            PresentRows(request.user),
            is_at_desk=True,
        )
        return self.desk_page(
            request,
            "compare",
            f"Revisions {before.number} and {after.number} of {entry}",
            object=entry,
            compared=[before, after],
            changes=changes,
        )

    def hide_view(self, request, object_id, number):
        """Ask for a public reason and hide a revision, or show a hidden one again."""
        entry, revision = self.entry_and_revision(request, object_id, number)
        hiding.require_right(request.user)
        form = ReasonForm(request.POST or None)
        if request.method == "POST" and revision.hidden_because:
            hiding.show_revision(revision=revision, user=request.user)
            return self.back_to_history(request, entry, f"Revision {number} is shown again.")
        if request.method == "POST" and form.is_valid():
            try:
                hiding.hide_revision(
                    revision=revision, reason=form.cleaned_data["reason"], user=request.user
                )
            except Refused as refusal:
                return self.back_to_history(request, entry, str(refusal), messages.ERROR)
            return self.back_to_history(request, entry, f"Revision {number} is hidden.")
        title = f"Hide revision {number} of {entry}"
        return self.desk_page(
            request,
            "hide_revision",
            title,
            object=entry,
            revision=revision,
            form=None if revision.hidden_because else form,
            button="Show it again" if revision.hidden_because else "Hide it",
            back=reverse(self.url_name("history"), args=[entry.pk]),
        )

    def deleted_view(self, request):
        """List what was deleted, each with a button that adds it again as a draft."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        deleted = recovery.deleted_revisions(self.model).select_related("made_by")
        if request.method == "POST":
            number = request.POST.get("revision", "")
            revision = deleted.filter(pk=int(number) if number.isdecimal() else 0).first()
            if revision is None:
                raise Http404
            try:
                entry = recovery.recover(revision=revision, model=self.model, user=request.user)
            except Refused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return HttpResponseRedirect(request.path)
            self.message_user(request, f"{revision.slug} was recovered.", messages.SUCCESS)
            return HttpResponseRedirect(reverse(self.url_name("change"), args=[entry.pk]))
        title = f"Deleted {self.opts.verbose_name_plural}"
        rows = deleted.defer("snapshot")[:MOST_DELETED]
        return self.desk_page(request, "deleted", title, revisions=rows)

    def entry_and_revision(self, request, object_id, number):
        """Return an entry that the user may see, and its revision; raise Http404 without one."""
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        revision = Revision.objects.of(entry).with_public_names().filter(number=number).first()
        if revision is None:
            raise Http404
        return entry, revision

    def back_to_history(self, request, entry, message, level=messages.SUCCESS):
        self.message_user(request, message, level)
        return HttpResponseRedirect(reverse(self.url_name("history"), args=[entry.pk]))


def snapshot_now_named(entry, revision):
    """Return the snapshot of a revision with the slugs of today, the entry's own too."""
    (state,) = with_present_slugs([revision.snapshot])
    return with_slug(TABLES_BY_MODEL[type(entry)], state, entry.slug)
