"""The data page and the codebook, also as JSON; the files of tables and of the whole record."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ..answers.parameters import reads
from ..exporting import codebook as codes
from ..exporting.bibliography import FILE_FORMATS, dataset_work
from ..exporting.catalogue import Dataset, dataset
from ..exporting.downloads import public_rows, row_values, table_batches
from ..exporting.package import NotMadeYet, public_file
from ..exporting.page_description import PageDescription
from ..exporting.releases import release_work
from ..exporting.responses import (
    PACKED_TYPES,
    csv_file,
    error_response,
    json_entry,
    json_list,
    parameter_error,
    unknown_parameters,
    xlsx_file,
)
from ..models import Release
from ..tables.registry import TABLES_BY_NAME
from ..tables.xlsx import Sheet, columns_of
from . import signposting
from .data import DataView
from .paging import bibliography_addresses, data_addresses
from .ranges import file_response

NOT_MADE_YET = "This file is being made of the record as it is now. Ask again in half a minute."
RETRY_SECONDS = 30
MOST_RELEASES_NAMED = 50


@reads()
@require_safe
def catalogue(request):
    """Show the file of every table, the licence, and how to cite the data."""
    found = dataset_with_releases()
    work = cited_work(found)
    described = PageDescription(found, work, modified=found.changed_on)
    context = {
        "dataset": found,
        "described": described,
        "licence": settings.CONTENT_LICENCE,
        "costly_requests": settings.COSTLY_REQUESTS_A_MINUTE,
        "work": work,
        "bibliography": bibliography_addresses("/sources."),
        "release": found.release,
        "data": {"json": data_addresses(request.path)["json"]},
    }
    response = render(request, "meetings/data.html", context)
    return signposting.add_links(response, described)


@reads()
@require_safe
def codebook(request):
    """Show what every column of every table means."""
    context = {
        "sections": codes.sections(),
        "data": {"json": data_addresses(request.path)["json"]},
    }
    return render(request, "meetings/codebook.html", context)


@reads()
@require_safe
def cite_dataset(request, form):
    """Answer with the whole of the data as a reference in a file."""
    found = dataset_with_releases()
    cited, file = cited_work(found), FILE_FORMATS[form]
    name = f'attachment; filename="{cited.key}.{form}"'
    headers = {"Content-Disposition": name}
    return HttpResponse(file.write(cited), content_type=file.content_type, headers=headers)


def dataset_with_releases() -> Dataset:
    found = dataset()
    found.releases = [*Release.objects.standing().defer("slugs")[:MOST_RELEASES_NAMED]]
    return found


def cited_work(found: Dataset):
    """Return the data as a work: the newest release, or what is there now if there is none."""
    if found.release:
        return release_work(found.release, today=timezone.now().date())
    return dataset_work(found, changed=found.changed_on, today=timezone.now().date())


class SummaryData(DataView):
    """The content of the data page, or of the codebook, as JSON."""

    def get(self, request):
        if problems := unknown_parameters(request, ()):
            return parameter_error("json", problems, ())
        results = self.results()
        return json_entry({"count": len(results), "results": results})


class CatalogueData(SummaryData):
    def results(self):
        return [file.as_dict() for file in dataset().files]


class CodebookData(SummaryData):
    def results(self):
        return [section.as_dict() for section in codes.sections()]


class TableData(DataView):
    """All public rows of one table, in order of the key."""

    ending = "csv"

    def get(self, request, name):
        if problems := unknown_parameters(request, ()):
            return parameter_error(self.ending, problems, ())
        table = TABLES_BY_NAME[name]
        batches = table_batches(table)
        if self.ending == "json":
            return json_list([row_values(table, row) for row in batch] for batch in batches)
        if self.ending == "xlsx":
            return xlsx_file(Sheet(name, columns_of(table), batches), public_rows(table).count())
        return csv_file(name, table.columns, batches, table)


class RecordFile(DataView):
    """The whole public record as one file, which has its own cache."""

    parameters = None
    ending = "zip"

    def get(self, request):
        if problems := unknown_parameters(request, ()):
            return parameter_error(self.ending, problems, ())
        try:
            found = public_file(self.ending)
        except NotMadeYet:
            response = error_response(self.ending, NOT_MADE_YET, status=503)
            response.headers["Retry-After"] = str(RETRY_SECONDS)
            response.headers["Cache-Control"] = "no-store"
            return response
        return file_response(
            request,
            found.chunks,
            size=found.size,
            digest=found.digest,
            name=f"{slugify(settings.SITE_NAME) or 'record'}.{self.ending}",
            content_type=PACKED_TYPES[self.ending],
        )
