"""The places."""

from django.core.paginator import Paginator
from django.views.generic import ListView

from ..models import Meeting, Place
from .entries import EntryDetail
from .paging import (
    LIST_FILES,
    canonical_redirect,
    data_addresses,
    nearest_page,
    related_page,
)
from .pictures.maps import WorldMap


class PlaceList(ListView):
    template_name = "meetings/place_list.html"
    context_object_name = "places"
    parameters = ("page",)
    what = "places"

    def get_queryset(self):
        return Place.objects.published().with_counts().with_held().in_country_order()

    def get_context_data(self, **kwargs):
        pages = Paginator(self.object_list, 100)
        page = nearest_page(pages, self.request.GET.get("page"))
        world = WorldMap(Place.objects.published().with_held())
        data = data_addresses(self.request.path, endings=(*LIST_FILES, "atom"))
        return super().get_context_data(
            page_obj=page, total=pages.count, map=world, data=data, **kwargs
        )

    def render_to_response(self, context, **response_kwargs):
        redirect = canonical_redirect(self.request, context["page_obj"])
        return redirect or super().render_to_response(context, **response_kwargs)


class PlaceDetail(EntryDetail):
    model = Place
    is_timegate = False
    parameters = ("meetings",)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        meetings = Meeting.objects.visible_to(self.request.user).filter(place=self.object.pk)
        rows = meetings.with_counts().select_related("place").chronological()
        here = Place.objects.visible_to(self.request.user).filter(pk=self.object.pk)
        return context | {
            "meetings": related_page(self.request, "meetings", rows),
            "map": WorldMap(here.with_held()),
        }
