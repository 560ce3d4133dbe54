"""Files at an address under that of an entry's page."""

from django.http import Http404

from .entries import EntryDetail


class EntryFile(EntryDetail):
    """A file on one entry or reference, visible to those who may read the page."""

    parameters = ()
    is_timegate = False

    def file_name(self):
        """Return the last part of the file's address."""
        raise NotImplementedError

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*rows.select_related_fields)

    def get_object(self, queryset=None):
        entry = super().get_object(queryset)
        # The home page is a Page, but its address is not that of a page's files.
        if self.request.path != f"{entry.get_absolute_url()}{self.file_name()}":
            raise Http404
        return entry

    def get_context_data(self, **kwargs):
        return {}
