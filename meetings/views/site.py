"""robots.txt, security.txt and favicon.ico."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..answers.parameters import reads


@reads()
def robots(request):
    """Answer with robots.txt (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /appearance/", "Disallow: /search"]
    return text([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml"])


@reads()
def security(request):
    """Answer with security.txt (RFC 9116)."""
    contact = (
        f"mailto:{settings.CONTACT_EMAIL}"
        if settings.CONTACT_EMAIL
        else f"{settings.SITE_URL}/about/"
    )
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    return text(
        [
            f"Contact: {contact}",
            f"Expires: {expires}",
            "Preferred-Languages: en",
            f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        ]
    )


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def favicon(request):
    """Lead browsers that look at a picture or a file, and not at a page, to the icon."""
    return redirect(static("favicon.ico"))


def text(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
