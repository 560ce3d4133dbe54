"""The cards of pages, as PNG."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ..answers.parameters import reads
from ..exporting.cards import Card, card_of, home_card, render_png
from ..models import Page
from ..models.pages import HOME_SLUG
from .files import EntryFile


class EntryCard(EntryFile):
    """The card of one entry or reference."""

    def file_name(self):
        return "card.png"

    def render_to_response(self, context, **response_kwargs):
        return card_response(card_of(self.object))


@reads()
@require_safe
def home(request):
    """Answer with the card of the home page, which is also that of the lists."""
    return card_response(home_card(Page.objects.published().filter(slug=HOME_SLUG).first()))


def card_response(card: Card) -> HttpResponse:
    return HttpResponse(render_png(card), content_type="image/png")
