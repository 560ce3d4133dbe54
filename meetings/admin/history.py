"""The history of an entry or reference at the desk."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse

from ..models import Revision

REVISIONS_PER_PAGE = 100


class HistoryView:
    """The revisions of one row in place of the admin's own log."""

    def history_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        revisions = Revision.objects.of(entry).select_related("made_by").defer("snapshot")
        page = self.get_paginator(request, revisions, REVISIONS_PER_PAGE).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {entry}",
            "page": page,
            "may_restore": self.has_change_permission(request, entry),
            "object": entry,
            "opts": self.opts,
            "media": self.media,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/meetings/history.html", context)
