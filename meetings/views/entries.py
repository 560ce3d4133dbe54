"""The detail view that all entries and references share."""

from django.db.models import Model
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.generic import DetailView

from ..editing.citations import coverage, shown_texts
from ..editing.public_history import ending_of
from ..exporting.bibliography import work_of
from ..exporting.bibliography.notes import Notes
from ..models import Publishable, Revision, Source
from .paging import RelatedPage, data_addresses


class EntryDetail(DetailView):
    """One entry's page: to visitors when it is public, to its editors always, with a banner.

    ``render_entry`` renders a row from the database and a row rebuilt from a revision alike.
    """

    model: type[Model]
    parameters: tuple[str, ...] = ()

    @classmethod
    def rows_with_page(cls, rows):
        """Return those of the model's rows that have their page at this view's address."""
        return rows

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.user).with_record(self.request.user)

    def get_template_names(self):
        return [f"meetings/{self.model._meta.model_name}_detail.html"]

    def get(self, request, *args, **kwargs):
        try:
            return self.render_entry(self.get_object())
        except Http404:
            return self.gone_page(kwargs.get("slug"))

    def render_entry(self, entry):
        """Return the response for an entry, whether read from the database or rebuilt."""
        self.object = entry
        context = self.get_context_data(object=entry)
        context["related_pages"] = [
            page for page in context.values() if isinstance(page, RelatedPage)
        ]
        response = self.related_redirect(context) or self.render_to_response(context)
        if self.request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def related_redirect(self, context):
        """Return the redirect to the canonical address of the first related page that has one."""
        return next((page.redirect for page in context["related_pages"] if page.redirect), None)

    @cached_property
    def is_twin(self):
        """Whether another public page has this page's title."""
        others = self.object.namesakes().exclude(slug=self.object.slug)
        # Few have a namesake: only of those is it worth asking which are public.
        return others.exists() and others.published().exists()

    def gone_page(self, slug):
        """Return the page (410) of an entry that was public: its title, the date and the reason."""
        ending = ending_of(self.model, slug)
        if ending is None:
            raise Http404
        return render(self.request, "410.html", {"ending": ending}, status=410)

    def cited_work(self):
        """Return the work that a reference to the page names; on a source's page, the source."""
        changed = Revision.objects.changed_on(self.object)
        today = timezone.now().date()
        # A source is cited by its own title, whichever others have it.
        is_twin = not isinstance(self.object, Source) and self.is_twin
        return work_of(self.object, changed=changed, today=today, is_twin=is_twin)

    def further_texts(self):
        """Return the texts that the page shows besides the entry's own."""
        return []

    def texts_with_sources_only(self):
        """Return the texts that the page does not show, but whose sources it names."""
        return []

    def get_context_data(self, **kwargs):
        texts = shown_texts(self.object)
        others = list(self.further_texts())
        is_entry = isinstance(self.object, Publishable)
        own = self.object.sources.all() if is_entry else ()
        notes = Notes([*texts, *others], named=self.texts_with_sources_only(), own=own)
        context = {
            "entry": self.object,
            "notes": notes,
            "work": self.cited_work(),
            "data": {"json": data_addresses(self.object.get_absolute_url())["json"]},
            "has_same_title": self.is_twin,
        }
        if is_entry:
            cited, total = coverage(texts)
            context |= {
                "further_sources": [
                    source for source in own if source.slug not in notes.cited_slugs
                ],
                "covered": cited,
                "paragraphs": total,
                "is_preview": not self.object.is_public,
            }
        return super().get_context_data(**context, **kwargs)
