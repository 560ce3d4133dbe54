"""References as files for reference managers: to a page, and to what a page or list rests on."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse, StreamingHttpResponse

from ..exporting.bibliography import FILE_FORMATS, Work, source_work
from ..exporting.responses import parameter_error, unknown_parameters
from ..models import Publishable, Source
from ..tables.rows import id_batches
from .data import DataView, ListData
from .files import EntryFile


class BibliographyFile(EntryFile):
    """A file that holds one reference."""

    def file_name(self):
        return f"cite.{self.kwargs['form']}"

    def render_to_response(self, context, **response_kwargs):
        form, work = self.kwargs["form"], self.cited_work()
        file = FILE_FORMATS[form]
        name = f'attachment; filename="{work.key}.{form}"'
        return HttpResponse(
            file.write(work),
            content_type=file.content_type,
            headers={"Content-Disposition": name},
        )


class ListBibliography(ListData):
    """The sources of a whole list, filtered as its page; of a list of sources, these."""

    def data(self, view):
        rows = self.rows(view)
        if rows.model is Source:
            return sources_file(rows, "sources", self.ending)
        listed = rows.model.sources.through.objects.filter(
            **{f"{rows.model._meta.model_name}__in": rows.order_by().values("pk")}
        )
        sources = Source.objects.filter(pk__in=listed.values("source"))
        return sources_file(sources, f"{view.what}-sources", self.ending)


class EntryBibliography(DataView):
    """The sources that the page of an entry shows: its own, and those of others shown there."""

    page = None
    ending = "bib"

    def get(self, request, slug):
        if problems := unknown_parameters(request, ()):
            return parameter_error(self.ending, problems, ())
        view = self.page()
        view.setup(request, slug=slug)
        try:
            view.object = view.get_object()
        except Http404:
            return view.gone_page(slug)
        address = view.object.get_absolute_url()
        if request.path != f"{address}sources.{self.ending}":
            raise Http404
        sources = self.shown_sources(view.get_context_data(object=view.object))
        name = f"{address.strip('/').replace('/', '-')}-sources"
        return sources_file(sources, name, self.ending)

    def shown_sources(self, context):
        """Return a queryset of the sources that a page with this context shows."""
        if not isinstance(context["entry"], Publishable):
            # A person's page has pages of them.
            return context["sources"].paginator.object_list
        slugs = {*context["notes"].sources, *context["notes"].own_slugs}
        return Source.objects.filter(slug__in=slugs)


def sources_file(sources, name: str, form: str) -> StreamingHttpResponse:
    """Return the response with the references to sources, in order of the slug unless sorted."""
    file = FILE_FORMATS[form]
    response = StreamingHttpResponse(file.pieces(works(sources)), content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def works(sources) -> Iterator[Work]:
    """Yield the sources of a queryset as works, read in batches."""
    for ids in id_batches(sources.values_list("pk", flat=True)):
        rows = Source.objects.in_bulk(ids)
        yield from (source_work(rows[pk]) for pk in ids if pk in rows)
