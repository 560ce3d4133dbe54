"""The public history of an entry: its revisions, each as a page, what it changed, the TimeMap."""

from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.views.generic import View

from ..editing.public_revisions import PublicRevision, public_history, public_snapshot
from ..editing.rebuild import PastRows
from . import memento
from .described_changes import described_changes


class PublicHistoryView(View):
    """A view of the history of a public entry; 410 where it is not public any more."""

    http_method_names = ["get", "head", "options"]
    # The view of the entry's own page.
    page: Any = None
    parameters: tuple[str, ...] = ()

    def get(self, request, slug, **kwargs):
        self.view = self.page()
        self.view.setup(request, slug=slug)
        rows = self.page.rows_with_page(self.page.model.objects.published())
        self.entry = rows.filter(slug=slug).first()
        if self.entry is None:
            return self.view.gone_page(slug)
        self.history = public_history(self.entry)
        if not memento.readable(self.history):
            raise Http404
        return self.answer(**kwargs)

    def answer(self, **kwargs):
        """Return the response for the entry, which is public and has a history."""
        raise NotImplementedError

    def readable(self, number: str) -> PublicRevision:
        """Return a revision by its number; raise Http404 for one that was not shown."""
        found = (each for each in self.history if str(each.number) == number and not each.is_end)
        if (revision := next(found, None)) is None:
            raise Http404
        return revision

    def page_of(self, template: str, *, status: int = 200, **context):
        """Return a page about the entry, which robots leave out."""
        kind = str(self.entry._meta.verbose_name)
        self.view.object = self.entry
        context |= {"entry": self.entry, "history": self.history, "kind": kind}
        context["has_same_title"] = self.view.is_twin
        return render(self.request, f"meetings/{template}.html", context, status=status)


class HistoryPage(PublicHistoryView):
    def answer(self):
        return self.page_of("history")


class RevisionPage(PublicHistoryView):
    """The page as it stood, by the view and the template of the page."""

    def answer(self, number):
        revision = self.readable(number)
        if revision.is_hidden:
            return self.page_of("revision_hidden", status=410, revision=revision)
        self.view.past, self.view.history = revision, self.history
        state = public_snapshot(revision)
        return self.view.render_snapshot(self.entry, state, PastRows(revision.since))


class ChangesPage(PublicHistoryView):
    """What a revision changed against the one that was readable before it."""

    def answer(self, number):
        revision = self.readable(number)
        if revision.is_hidden:
            return self.page_of("revision_hidden", status=410, revision=revision)
        earlier = (each for each in self.history if each.number < revision.number)
        before = next((each for each in earlier if each.is_readable), None)
        changes = []
        if before:
            changes = described_changes(
                public_snapshot(before), public_snapshot(revision), PastRows(revision.since)
            )
        return self.page_of("revision_changes", revision=revision, before=before, changes=changes)


class TimeMap(PublicHistoryView):
    def answer(self):
        return memento.timemap(self.history)
