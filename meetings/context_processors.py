"""What every page says of the site itself."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .models import Page, Revision


def site(request):
    """Return the site's name, its own pages that are public, and when the record last changed."""
    return {
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "canonical_url": settings.SITE_URL + request.path,
        "own_pages": SimpleLazyObject(own_pages),
        "last_revised_at": SimpleLazyObject(last_revised_at),
    }


def own_pages() -> dict[str, Page]:
    """Return the public pages of the kind Page by slug."""
    pages = Page.objects.published().only("slug", "title", "summary")
    return {page.slug.replace("-", "_"): page for page in pages[:50]}


def last_revised_at():
    """Return when something public was last changed, or None."""
    revision = Revision.objects.filter(is_published=True).only("made_at").first()
    return revision and revision.made_at
