"""The sources."""

from django.db.models import F

from ..lists.filters import SourceFilter
from ..models import Source
from ..models.claims import assessment_counts
from .entries import EntryDetail
from .lists import RecordList
from .paging import related_page
from .source_usage import entries_supported_by

# Databases disagree on where a row without a date goes.
DATED_FIRST = F("published").asc(nulls_last=True)


class SourceList(RecordList):
    model = Source
    filterset_class = SourceFilter
    template_name = "meetings/source_list.html"
    what = "sources"
    bibliography_start = "/sources."
    paginate_by = 50
    sorts = {
        "publisher": ("by publisher", ("publisher", DATED_FIRST, "slug")),
        "date": ("by date", (DATED_FIRST, "slug")),
        "title": ("by title", ("title", "slug")),
    }


class SourceDetail(EntryDetail):
    model = Source
    is_timegate = False
    parameters = ("uses", "notes")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        uses = related_page(self.request, "uses", self.object.uses(user))
        uses.object_list = entries_supported_by(self.object, uses.object_list, user)
        noted_in = related_page(self.request, "notes", self.object.sources_citing_it(user))
        assessments = assessment_counts(self.object.claims.all())
        return context | {"uses": uses, "noted_in": noted_in, "assessments": assessments}
