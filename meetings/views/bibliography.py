"""The reference to an entry or a source, as a file for reference managers."""

from django.http import HttpResponse

from ..exporting.bibliography import FILE_FORMATS
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
