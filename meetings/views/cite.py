"""The page of an entry, or a source, as a reference in a file."""

from django.http import Http404, HttpResponse

from ..citing import FILES
from .entries import EntryDetail


class Cite(EntryDetail):
    """A file that holds one reference; whoever may read the page may have it."""

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*rows.follow)

    def get_object(self, queryset=None):
        entry = super().get_object(queryset)
        # The front page is one of the pages, and is none of those with a file.
        if self.request.path != f"{entry.get_absolute_url()}cite.{self.kwargs['form']}":
            raise Http404
        return entry

    def get_context_data(self, **kwargs):
        return {"work": self.cited()}

    def render_to_response(self, context, **response_kwargs):
        form, work = self.kwargs["form"], context["work"]
        file = FILES[form]
        name = f'attachment; filename="{work.key}.{form}"'
        return HttpResponse(
            file.write(work),
            content_type=file.content_type,
            headers={"Content-Disposition": name},
        )
