"""The detail view that all entries and references share."""

from django.db.models import Model
from django.http import Http404
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.generic import DetailView

from ..citations import coverage, shown_texts
from ..models import Publishable, Revision
from ..prose import Notes


class EntryDetail(DetailView):
    """One entry's page: to visitors when it is public, to its editors always, with a banner.

    The page of a row and of a revision rebuilt from its snapshot are the same: ``page_of``.
    """

    model: type[Model]

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
        response = self.render_to_response(self.get_context_data(object=entry))
        if self.request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def withdrawn(self, slug):
        """Return the page of an entry that was withdrawn: its title, the date and the reason."""
        entry = None
        if issubclass(self.model, Publishable):
            entry = self.model.objects.withdrawn().filter(slug=slug).first()
        if entry is None:
            raise Http404
        acts = Revision.objects.of(entry).filter(act=Revision.Act.WITHDRAW)
        context = {"entry": entry, "revision": acts.first()}
        return render(self.request, "410.html", context, status=410)

    def other_texts(self):
        """Return the texts that the page shows besides the entry's own."""
        return []

    def get_context_data(self, **kwargs):
        texts = shown_texts(self.object)
        others = list(self.other_texts())
        notes = Notes([*texts, *others])
        context = {"entry": self.object, "notes": notes}
        if isinstance(self.object, Publishable):
            cited, total = coverage(texts)
            context |= {
                "further_sources": [
                    source
                    for source in self.object.sources.all()
                    if source.slug not in notes.sources
                ],
                "covered": cited,
                "paragraphs": total,
                "is_preview": not self.object.is_public,
            }
        return super().get_context_data(**context, **kwargs)
