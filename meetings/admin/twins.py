"""Twins at the desk: what may be the same person, place or work, while its form is filled in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.urls import reverse
from django.utils.html import format_html

from ..editing.twins import NAME_COLUMNS, near_equal
from .stale_forms import proposal_in_form


class TwinViews:
    """What may be the same as the row in a form, for its ModelAdmin."""

    def desk_pages(self):
        return {"twins": ("twins/", self.twins_view)} | super().desk_pages()

    def twins_view(self, request):
        """Answer with the rows that may be the one whose names are asked, as JSON."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        own = request.GET.get("without", "")
        without = int(own) if own.isdecimal() and len(own) < 10 else None
        found = near_equal(self.model, request.GET, without)
        return JsonResponse({"twins": [self.described(twin) for twin in found]})

    def described(self, twin):
        """Return the words for a row that may be the same, and the address of its form."""
        kind = str(twin._meta.verbose_name)
        details = [(getattr(twin, "kind", "") and twin.get_kind_display().lower()) or kind]
        details += [
            str(value) for name in ("country", "published") if (value := getattr(twin, name, ""))
        ]
        url = reverse(self.url_name("change"), args=[twin.pk])
        return {"text": f"“{twin}” ({', '.join(details)})", "address": url}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if not context.get("proposal") and not context["is_popup"]:
            form = context["adminform"].form
            typed = {
                name: form[name].value() or ""
                for name in NAME_COLUMNS[self.model]
                if name in form.fields
            }
            found = near_equal(self.model, typed, obj.pk if obj else None)
            context["twins_address"] = reverse(self.url_name("twins"))
            context["twins"] = [self.described(twin) for twin in found]
            context["twin_columns"] = " ".join(NAME_COLUMNS[self.model])
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        row = form.instance
        if proposal_in_form(request) or not {*NAME_COLUMNS[self.model]} & {*form.changed_data}:
            return
        values = {name: getattr(row, name) for name in NAME_COLUMNS[self.model]}
        for twin in map(self.described, near_equal(self.model, values, row.pk)):
            text = (
                'There is already {}. <a href="{}">Open it</a>; if it is the same, merge the two.'
            )
            self.message_user(
                request, format_html(text, twin["text"], twin["address"]), messages.WARNING
            )
