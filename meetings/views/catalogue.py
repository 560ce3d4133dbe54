"""The data page and the codebook, each also as JSON, and the files of whole public tables."""

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from ..exporting import codebook as codes
from ..exporting.bibliography import FILE_FORMATS, dataset_work
from ..exporting.catalogue import Dataset, dataset
from ..exporting.downloads import row_values, table_batches
from ..exporting.package import public_zip
from ..exporting.responses import (
    csv_file,
    json_entry,
    json_list,
    parameter_error,
    unknown_parameters,
)
from ..tables.registry import BY_NAME
from .data import DataView
from .paging import data_addresses


@require_safe
def catalogue(request):
    """Show the file of every table, the licence, and how to cite the data."""
    found = dataset()
    context = {
        "dataset": found,
        "licence": settings.CONTENT_LICENCE,
        "work": cited_work(found),
        "data": {"json": data_addresses(request.path)["json"]},
    }
    return render(request, "meetings/data.html", context)


@require_safe
def codebook(request):
    """Show what every column of every table means."""
    context = {
        "sections": codes.sections(),
        "data": {"json": data_addresses(request.path)["json"]},
    }
    return render(request, "meetings/codebook.html", context)


@require_safe
def cite_dataset(request, form):
    """Answer with the whole of the data as a reference in a file."""
    cited, file = cited_work(dataset()), FILE_FORMATS[form]
    name = f'attachment; filename="{cited.key}.{form}"'
    headers = {"Content-Disposition": name}
    return HttpResponse(file.write(cited), content_type=file.content_type, headers=headers)


def cited_work(found: Dataset):
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
        table = BY_NAME[name]
        batches = table_batches(table)
        if self.ending == "json":
            return json_list([row_values(table, row) for row in batch] for batch in batches)
        return csv_file(name, table.columns, batches, table)


class RecordZip(DataView):
    """The whole public record as a Data Package; 304 for a client that has it as it is now."""

    def get(self, request):
        if problems := unknown_parameters(request, ()):
            return parameter_error("zip", problems, ())
        found = public_zip()
        etag = quote_etag(found.digest)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            name = f'attachment; filename="{slugify(settings.SITE_NAME) or "record"}.zip"'
            response = StreamingHttpResponse(found.chunks(), content_type="application/zip")
            response.headers["Content-Length"] = found.size
            response.headers["Content-Disposition"] = name
        response.headers["ETag"] = etag
        # A copy in a cache must not outlive a withdrawal.
        response.headers["Cache-Control"] = "no-cache"
        return response
