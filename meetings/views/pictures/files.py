"""Pictures as files: SVG with its source in it, and their numbers as CSV."""

from collections.abc import Iterable
from textwrap import wrap
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ...answers.parameters import ANY, reads
from ...exporting.responses import csv_file, parameter_error, unknown_parameters
from ..accounts import AccountList, relation_picture
from ..data import ListData
from ..reactions import ReactionList
from ..timeline import contacts
from .charts import Picture, Row
from .contacts import contacts_picture
from .stances import COLUMNS, stance_picture, stance_rows

SVG = "image/svg+xml; charset=utf-8"
SOURCE_LINE_CHARACTERS, SOURCE_LINE_HEIGHT, TITLE_HEIGHT = 95, 18, 44


def svg_file(picture: Picture, address: str) -> HttpResponse:
    """Response with a picture as a file, which names the site, the page's address and the day."""
    day = timezone.now().date()
    source = f"{settings.SITE_NAME}, {day.day} {day:%B} {day.year}. {settings.CONTENT_LICENCE}."
    lines = [
        {"text": text, "y": picture.height + SOURCE_LINE_HEIGHT * (number + 1)}
        for number, text in enumerate([source, *wrap(address, SOURCE_LINE_CHARACTERS)])
    ]
    height = TITLE_HEIGHT + picture.height + SOURCE_LINE_HEIGHT * (len(lines) + 1)
    context = {"picture": picture, "height": height, "source_lines": lines}
    disposition = {"Content-Disposition": f'attachment; filename="{picture.name}.svg"'}
    svg = render_to_string("meetings/picture.svg", context)
    return HttpResponse(svg, content_type=SVG, headers=disposition)


def cells(rows: Iterable[Row]) -> list[list[str]]:
    """Return the rows of a picture's table as those of a CSV file."""
    return [[row.label, *([row.day] if row.day else []), *map(str, row.numbers)] for row in rows]


class ReactionStances(ListData):
    """Reactions by stance for each meeting, under the filters of their list."""

    page = ReactionList
    is_sorted = False

    def data(self, view):
        filterset = view.get_filterset(view.filterset_class)
        counts = filterset.qs.stances_by_meeting()
        if self.ending == "csv":
            header = ["Meeting", "Day", *(stance.capitalize() for stance in COLUMNS)]
            return csv_file("reactions-by-stance", header, [cells(stance_rows(counts))])
        query = urlencode(view.chosen(filterset))
        address = settings.SITE_URL + reverse("reactions") + (f"?{query}" if query else "")
        return svg_file(stance_picture(counts), address)


class AccountRelations(ListData):
    """The relations of the accounts by issue, under the filters of their list."""

    page = AccountList
    is_sorted = False

    def data(self, view):
        filterset = view.get_filterset(view.filterset_class)
        picture = relation_picture(filterset.relations)
        if self.ending == "csv":
            return csv_file("accounts-by-relation", picture.header, [cells(picture.rows)])
        query = urlencode(view.chosen(filterset))
        address = settings.SITE_URL + reverse("accounts") + (f"?{query}" if query else "")
        return svg_file(picture, address)


@reads(*ANY)
@require_safe
def contacts_over_time(request, ending):
    """Answer with the picture of contacts over time, or with its numbers by year."""
    if problems := unknown_parameters(request, ()):
        return parameter_error(ending, problems, ())
    picture = contacts_picture(contacts())
    if ending == "csv":
        return csv_file("contacts-over-time", picture.header, [cells(picture.rows)])
    return svg_file(picture, settings.SITE_URL + reverse("timeline"))
