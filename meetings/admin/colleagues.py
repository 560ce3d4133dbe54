"""What colleagues tell each other on a row's form: notes, and who else has it open."""

import logging
import time
from datetime import UTC, datetime

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ..editing.desk_notes import add_note, may_see_notes, remove_note
from ..editing.errors import Refused
from ..models import DeskNote

# After so long without a sign, a form is no longer said to be open: a page without scripts gives
# its sign when it is loaded, one with scripts each minute.
OPEN_SECONDS = 10 * 60

logger = logging.getLogger(__name__)


def presence_key(user_id: int) -> str:
    """Key of the forms that one user has open: no other user's sign is written over it."""
    return f"open:{user_id}"


def form_key(row) -> str:
    return f"{row._meta.model_name}:{row.pk}"


def open_forms(row) -> dict[str, float]:
    """Return who has a row's form open, with the time of the last sign."""
    editors = get_user_model().objects.filter(is_active=True, is_staff=True)
    names = {presence_key(user.pk): str(user) for user in editors}
    signs = caches["shared"].get_many(names)
    found = {names[key]: forms.get(form_key(row), 0) for key, forms in signs.items()}
    return {name: seen for name, seen in found.items() if is_recent(seen)}


def is_recent(seen: float) -> bool:
    return seen > time.time() - OPEN_SECONDS


def mark_open(row, user) -> None:
    """Remember that a user has a row's form open; nothing is locked by it."""
    key = presence_key(user.pk)
    stored = caches["shared"].get(key) or {}
    recent = {form: seen for form, seen in stored.items() if is_recent(seen)}
    try:
        caches["shared"].set(key, recent | {form_key(row): time.time()}, OPEN_SECONDS)
    # Without CACHE_URL it is a file, and its disk may be full: the form opens all the same.
    except OSError:
        logger.exception("Colleagues are not told that a form is open.")


class ColleagueViews:
    """The notes on a row and the sign of who has it open, for its ModelAdmin."""

    def desk_pages(self):
        own = {
            "notes": ("<path:object_id>/notes/", self.notes_view),
            "open": ("<path:object_id>/open/", require_POST(self.open_view)),
        }
        return own | super().desk_pages()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and may_see_notes(request.user, obj) and not context["is_popup"]:
            context |= self.of_colleagues(request, obj)
            mark_open(obj, request.user)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(self, request, object_id, extra_context=None):
        entry = self.get_object(request, unquote(object_id))
        context = self.of_colleagues(request, entry) if entry else {}
        return super().history_view(request, object_id, {**context, **(extra_context or {})})

    def of_colleagues(self, request, row):
        """Return the notes on a row, who else has it open, and the addresses of both."""
        if not may_see_notes(request.user, row):
            return {}
        others = {who: seen for who, seen in open_forms(row).items() if who != str(request.user)}
        return {
            "desk_notes": DeskNote.objects.of(row),
            "notes_address": reverse(self.url_name("notes"), args=[row.pk]),
            "open_address": reverse(self.url_name("open"), args=[row.pk]),
            "also_open": [
                (who, datetime.fromtimestamp(seen, UTC)) for who, seen in sorted(others.items())
            ],
        }

    def notes_view(self, request, object_id):
        """List the notes on a row, with a form for another; a POST leaves one or takes one away."""
        row = self.row_of_colleagues(request, object_id)
        text, refusal = request.POST.get("text", ""), None
        if request.method == "POST":
            number = request.POST.get("remove", "")
            try:
                if number.isdecimal() and len(number) < 19:
                    remove_note(row=row, pk=int(number), user=request.user)
                else:
                    add_note(row=row, text=text, user=request.user)
                return HttpResponseRedirect(request.path)
            except Refused as refused:
                refusal = refused
        return self.desk_page(
            request,
            "desk_notes",
            f"Notes on {row}",
            object=row,
            text=text,
            refusal=refusal,
            **self.of_colleagues(request, row),
        )

    def open_view(self, request, object_id):
        """Take the sign that a form is still open."""
        mark_open(self.row_of_colleagues(request, object_id), request.user)
        return HttpResponse(status=204)

    def row_of_colleagues(self, request, object_id):
        """Return a row; raise Http404 without it, PermissionDenied for who may not change such."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not may_see_notes(request.user, row):
            raise PermissionDenied
        return row
