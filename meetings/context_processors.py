"""Template context about the site itself, for every page."""

from django.conf import settings
from django.db.models import Subquery
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .exporting.page_description import licence_url
from .models import Page, Publication, Revision
from .models.public_state import cached_until_change


def site(request):
    """Return the site’s name, the time, and its own pages, with when the record last changed."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "licence_url": licence_url(),
        "contact_email": settings.CONTACT_EMAIL,
        "canonical_url": settings.SITE_URL + request.path + page_parameter(request),
        "address_here": address_here(request),
        "now": timezone.now(),
        "own_pages": SimpleLazyObject(lambda: cached_until_change(own_pages, "own pages")),
    }


def address_here(request) -> str:
    """Return the request's address for a form to lead back to; the path if it is too long."""
    address = request.get_full_path()
    return address if len(address) < 4_000 else request.path


def page_parameter(request) -> str:
    """Return the query string of a canonical address: the page of a list, never its filters."""
    page = request.GET.get("page", "")
    return f"?page={page}" if page.isascii() and page.isdigit() and len(page) < 10 else ""


def own_pages() -> dict[str, Page]:
    """Return the public pages (of the model Page) by slug, each with the record's last change.

    One query for both, because every page of the site makes it.
    """
    shown = Revision.objects.all().changing_pages().order_by("-made_at").values("made_at")
    # A scheduled entry becomes public without an act, and an act that ends a period shows nothing.
    begun = Publication.objects.filter(since__lte=timezone.now()).order_by("-since").values("since")
    ended = Publication.objects.filter(until__isnull=False).order_by("-until").values("until")
    pages = Page.objects.published().only("slug", "title", "summary")
    pages = pages.annotate(
        shown_at=Subquery(shown[:1]), begun_at=Subquery(begun[:1]), ended_at=Subquery(ended[:1])
    )
    found = {page.slug.replace("-", "_"): page for page in pages[:50]}
    for page in found.values():
        times = (page.shown_at, page.begun_at, page.ended_at)
        page.record_revised_at = max((time for time in times if time), default=None)
    return found
