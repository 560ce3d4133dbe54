"""The pages that the desk has of a table beside Django's own."""

from django.template.response import TemplateResponse
from django.urls import path


def desk_page(model_admin, request, template, title, **context):
    """Return a page of the desk about rows of one kind, in the frame of the admin's own."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "media": model_admin.media,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, f"admin/meetings/{template}.html", context)


class DeskPages:
    """A ModelAdmin whose mixins add pages of their own; the last of its bases before Django's."""

    def desk_pages(self):
        """Return the views by name, each with its address below that of the list.

        Mixins add theirs before those of ``super()``: the first address that fits is taken.
        """
        return {}

    def get_urls(self):
        own = [
            path(address, self.admin_site.admin_view(view), name=self.page_name(name))
            for name, (address, view) in self.desk_pages().items()
        ]
        return own + super().get_urls()

    def page_name(self, name):
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def url_name(self, name):
        """Return the URL name of one of the desk's pages for these rows, to be reversed."""
        return f"admin:{self.page_name(name)}"

    def desk_page(self, request, template, title, **context):
        return desk_page(self, request, template, title, **context)
