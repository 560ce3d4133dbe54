"""What stands beside an entry's page, under its address."""

from django.http import Http404

from .entries import EntryDetail


class EntryFile(EntryDetail):
    """A file on one entry or reference; whoever may read the page may have it."""

    def file_name(self):
        """Return the last part of the file's address."""
        raise NotImplementedError

    def get_queryset(self):
        rows = self.model.objects.visible_to(self.request.user)
        return rows.select_related(*rows.select_related_fields)

    def get_object(self, queryset=None):
        entry = super().get_object(queryset)
        # The front page is one of the pages, and is none of those with files of their own.
        if self.request.path != f"{entry.get_absolute_url()}{self.file_name()}":
            raise Http404
        return entry

    def get_context_data(self, **kwargs):
        return {}
