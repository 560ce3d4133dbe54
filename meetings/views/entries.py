"""The detail view that all entries and references share."""

from functools import reduce

from django.db.models import Model
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView

from ..editing.citations import coverage, shown_texts
from ..editing.public_history import withdrawn
from ..exporting.bibliography import work_of
from ..exporting.bibliography.notes import Notes
from ..models import Publishable, Revision
from .paging import Related, data_addresses


class EntryDetail(DetailView):
    """One entry's page: to visitors when it is public, to its editors always, with a banner.

    The page of a row and of a revision rebuilt from its snapshot are the same: ``page_of``.
    ``titled_by`` names the columns that make its title, which no other page may have.
    """

    model: type[Model]
    titled_by: tuple[str, ...] = ("title",)

    @classmethod
    def addressed(cls, rows):
        """Return those of its model's rows that have their page here."""
        return rows

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).with_record(self.request.user)

    def get_template_names(self):
        return [f"meetings/{self.model._meta.model_name}_detail.html"]

    def get(self, request, *args, **kwargs):
        try:
            return self.page_of(self.get_object())
        except Http404:
            return self.withdrawn(kwargs.get("slug"))

    def page_of(self, entry):
        """Return the page of an entry, whether read from the database or rebuilt."""
        self.object = entry
        context = self.get_context_data(object=entry)
        context["related_pages"] = [page for page in context.values() if isinstance(page, Related)]
        response = self.moved(context) or self.render_to_response(context)
        if self.request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def moved(self, context):
        """Return the redirect of a page of related rows that has another address, if one has."""
        return next((page.moved for page in context["related_pages"] if page.moved), None)

    def twins(self):
        """Return the public rows that would be titled as this one is."""
        values = {
            lookup: reduce(getattr, lookup.split("__"), self.object) for lookup in self.titled_by
        }
        return self.model.objects.published().filter(**values)

    def withdrawn(self, slug):
        """Return the page of an entry that was withdrawn: its title, the date and the reason."""
        entry = None
        if issubclass(self.model, Publishable):
            entry = withdrawn(self.model.objects.filter(slug=slug)).first()
        if entry is None:
            raise Http404
        context = {"entry": entry, "revision": Revision.objects.withdrawal_of(entry)}
        return render(self.request, "410.html", context, status=410)

    def cited(self):
        """Return what a reference to the page says; on a source's, to the source."""
        changed = Revision.objects.changed_on(self.object)
        return work_of(self.object, changed=changed, today=timezone.now().date())

    def other_texts(self):
        """Return the texts that the page shows besides the entry's own."""
        return []

    def named_texts(self):
        """Return the texts that the page does not show, but whose sources it names."""
        return []

    def get_context_data(self, **kwargs):
        texts = shown_texts(self.object)
        others = list(self.other_texts())
        notes = Notes([*texts, *others], named=self.named_texts())
        context = {
            "entry": self.object,
            "notes": notes,
            "work": self.cited(),
            "data": {"json": data_addresses(self.object.get_absolute_url())["json"]},
            "has_twin": self.twins().exclude(slug=self.object.slug).exists(),
        }
        if isinstance(self.object, Publishable):
            cited, total = coverage(texts)
            context |= {
                "further_sources": [
                    source
                    for source in self.object.sources.all()
                    if source.slug not in notes.cited_slugs
                ],
                "covered": cited,
                "paragraphs": total,
                "is_preview": not self.object.is_public,
            }
        return super().get_context_data(**context, **kwargs)
