"""The cards of pages, as PNG."""

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from ..exporting.cards import Card, card_of, home_card, render_png
from ..models import Page
from ..models.pages import HOME_SLUG
from .files import EntryFile

MAX_AGE_SECONDS = 3600


class EntryCard(EntryFile):
    """The card of one entry or reference."""

    def file_name(self):
        return "card.png"

    def render_to_response(self, context, **response_kwargs):
        return card_response(self.request, card_of(self.object))


@require_safe
def home(request):
    """Answer with the card of the home page, which is also that of the lists."""
    return card_response(
        request, home_card(Page.objects.published().filter(slug=HOME_SLUG).first())
    )


def card_response(request, card: Card) -> HttpResponse:
    """Response with a card, or 304 for a client that has it; only the former draws it."""
    etag = quote_etag(card.fingerprint)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(render_png(card), content_type="image/png")
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    return answer
