"""The sources."""

from dataclasses import dataclass
from datetime import date

from ..filters import SourceFilter
from ..models import Source
from ..tables import BY_NAME
from .entries import EntryDetail
from .lists import RecordList
from .paging import related


@dataclass(frozen=True)
class Use:
    """An entry that lists the source, for a line of the list."""

    table: str
    title: str
    day: date | None
    slug: str

    @property
    def kind(self):
        return BY_NAME[self.table].model._meta.verbose_name

    @property
    def address(self):
        return BY_NAME[self.table].model(slug=self.slug).get_absolute_url()


class SourceList(RecordList):
    model = Source
    filterset_class = SourceFilter
    template_name = "meetings/source_list.html"
    what = "sources"
    paginate_by = 50
    sorts = {
        "publisher": ("by publisher", ("publisher", "published", "slug")),
        "date": ("by date", ("published", "slug")),
        "title": ("by title", ("title", "slug")),
    }


class SourceDetail(EntryDetail):
    model = Source

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        uses = related(self.request, "uses", self.object.uses(user))
        uses.object_list = [Use(*row) for row in uses.object_list]
        return context | {"uses": uses, "noted_in": self.object.noted_in(user)}
