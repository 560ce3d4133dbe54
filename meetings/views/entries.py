"""The detail view that all entries and references share."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Model
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.generic import DetailView

from ..editing.citations import coverage, shown_texts
from ..editing.public_history import ending_of
from ..editing.public_revisions import PublicRevision, public_history
from ..editing.rebuild import PresentRows, rebuild
from ..editing.snapshots import Snapshot
from ..exporting.bibliography import work_of
from ..exporting.bibliography.notes import Notes
from ..exporting.page_description import PageDescription
from ..models import Actor, Publishable, Revision, Source
from . import memento, signposting
from .paging import RelatedPage, bibliography_addresses, data_addresses

# For so long a correction stands under the lede of the page.
CORRECTION_DAYS = 30
REVISIONS_SHOWN = 2


class EntryDetail(DetailView):
    """One entry's page: to visitors when it is public, to its editors always, with a banner.

    ``render_entry`` renders a row from the database and one rebuilt from a snapshot alike. The page
    of a ``past`` revision shows what the entry itself said, and nothing of other entries.
    """

    model: type[Model]
    parameters: tuple[str, ...] = ()
    # Whether Accept-Datetime leads to the page as it was.
    is_timegate = True
    past: PublicRevision | None = None
    # At the desk, a past revision may be one that was never public.
    is_at_desk = False
    # Whether the page is made of a form at the desk that is not saved.
    is_preview = False
    # What the texts cite is found here; None: as it is now.
    named: PresentRows | None = None

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
            self.object = self.get_object()
        except Http404:
            return self.gone_page(kwargs.get("slug"))
        if self.is_timegate and memento.is_asked(request) and self.history:
            return memento.timegate(request, self.history)
        return self.render_entry(self.object)

    def render_entry(self, entry):
        """Return the response for an entry, whether read from the database or rebuilt."""
        self.object = entry
        context = self.get_context_data(object=entry)
        context["related_pages"] = [
            page for page in context.values() if isinstance(page, RelatedPage)
        ]
        response = self.related_redirect(context) or self.render_to_response(context)
        if self.is_timegate:
            memento.add_links(response, self.history, self.past)
        described = context.get("described")
        is_shown = self.past is None and not context.get("is_preview")
        if described and is_shown and response.status_code == 200:
            signposting.add_links(response, described)
        if self.request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def render_snapshot(self, live, state: Snapshot, named: PresentRows):
        """Return the page of an entry as it is in a snapshot; ``named`` finds what that names."""
        self.named = named
        return self.render_entry(rebuild(live, state, named.user, named))

    @cached_property
    def history(self) -> list[PublicRevision]:
        """What the public may know of the entry's revisions; nothing of a draft's."""
        is_public = isinstance(self.object, Publishable) and self.object.is_public
        return public_history(self.object) if is_public else []

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
        """Return the work that a reference to the page names; on a source's page, the source.

        Of a public entry that is its newest revision, or the one that the page shows.
        """
        shown = self.past or next((each for each in self.history if each.is_readable), None)
        changed = shown.since.date() if shown else Revision.objects.changed_on(self.object)
        # A source is cited by its own title, whichever others have it.
        is_twin = not isinstance(self.object, Source) and self.is_twin
        return work_of(
            self.object,
            changed=changed,
            today=timezone.now().date(),
            is_twin=is_twin,
            address=shown.address if shown else "",
            revision=self.past.number if self.past else None,
        )

    def further_texts(self):
        """Return the texts that the page shows besides the entry's own."""
        return []

    def texts_with_sources_only(self):
        """Return the texts that the page does not show, but whose sources it names."""
        return []

    def context_of_others(self):
        """Return what the page shows of other entries, which a past revision's does not."""
        return {}

    def get_context_data(self, **kwargs):
        texts, others, named = shown_texts(self.object), [], []
        if self.past is None:
            others, named = list(self.further_texts()), self.texts_with_sources_only()
        is_entry = isinstance(self.object, Publishable)
        own = self.object.sources.all() if is_entry else ()
        notes = Notes([*texts, *others], named=named, own=own, rows=self.named)
        work = self.cited_work()
        context = {
            "entry": self.object,
            "notes": notes,
            "work": work,
            "described": PageDescription(
                self.object,
                work,
                published=self.history[-1].since.date() if self.history else None,
                modified=work.published if work.is_page else None,
            ),
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
                "is_preview": self.is_preview or not self.object.is_public,
                "is_unsaved": self.is_preview,
            }
        return super().get_context_data(**context, **self.context_of_time(), **kwargs)

    def bibliography(self, address):
        """Return the addresses of the sources of what the page shows, by format."""
        has_sources = isinstance(self.object, Publishable | Actor)
        return bibliography_addresses(f"{address}sources.") if has_sources else {}

    def context_of_time(self):
        """Return what the page says of its history, and of other entries as they are now."""
        address = self.object.get_absolute_url()
        if self.past:
            later = [each for each in self.history if each.number > self.past.number]
            canonical_url = settings.SITE_URL + address
            return {
                "past": self.past,
                "later": later,
                "canonical_url": canonical_url,
                "is_at_desk": self.is_at_desk,
            }
        since = timezone.now() - timedelta(days=CORRECTION_DAYS)
        return {
            "edit_address": "" if self.is_preview else edit_address(self.request.user, self.object),
            "data": {"json": data_addresses(address)["json"]},
            "bibliography": self.bibliography(address),
            "history": self.history[:REVISIONS_SHOWN],
            "corrections": [
                each for each in self.history if each.is_correction and each.since >= since
            ],
            **self.context_of_others(),
        }


def edit_address(user, row: Model) -> str:
    """Return the address of a row's form at the desk, for those who may change such rows there."""
    name = row._meta.model_name
    if not (user.is_active and user.is_staff and user.has_perm(f"meetings.change_{name}")):
        return ""
    return reverse(f"admin:meetings_{name}_change", args=[row.pk])
