"""The cards of pages, as pictures."""

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from ..exporting.cards import Card, card_of, home_card, render_png
from ..models import Page
from ..models.pages import HOME
from .files import EntryFile

KEPT = 3600  # seconds


class EntryCard(EntryFile):
    """The card of one entry or reference."""

    def file_name(self):
        return "card.png"

    def render_to_response(self, context, **response_kwargs):
        return picture(self.request, card_of(self.object))


@require_safe
def home(request):
    """Answer with the card of the home page, which the lists show too."""
    return picture(request, home_card(Page.objects.published().filter(slug=HOME).first()))


def picture(request, card: Card) -> HttpResponse:
    """Answer with a card, drawn only for those who do not have it yet."""
    etag = quote_etag(card.fingerprint)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(render_png(card), content_type="image/png")
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    return answer
