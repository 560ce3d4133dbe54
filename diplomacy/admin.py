"""The desk: Django's admin under the site's own name."""

from functools import wraps

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import path, reverse


class LabelledChoices(AutocompleteJsonView):
    """Results of an autocomplete search, described as the ModelAdmin describes choices."""

    def serialize_result(self, obj, to_field_name):
        found = super().serialize_result(obj, to_field_name)
        describe = getattr(self.model_admin, "described_choice", None)
        return found | describe(obj) if describe else found


class Desk(AdminSite):
    site_title = settings.SITE_NAME
    site_header = settings.SITE_NAME
    index_title = "The desk"
    index_template = "admin/first_screen.html"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Deleting is refused or allowed entry by entry, on the entry's own page.
        self.disable_action("delete_selected")

    def index(self, request, extra_context=None):
        columns = first_screen().columns(request, self)
        return super().index(request, {"columns": columns, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        apps = super().get_app_list(request, app_label)
        return apps if app_label else first_screen().grouped_by_task(apps)

    def each_context(self, request):
        return super().each_context(request) | kept_pages().context(request)

    def get_urls(self):
        from access import passwords, views

        own = [path("public-name/", self.admin_view(public_name_view), name="public_name")]
        access = [*passwords.addresses(self), *views.addresses(self)]
        return [*own, *access, *super().get_urls()]

    def admin_view(self, view, cacheable=False):
        inner = super().admin_view(self.after_first_steps(view), cacheable)
        inner = kept_pages().keeping_text(self, inner)

        def readable_view(request, *args, **kwargs):
            request.GET = without_nul(request)
            return inner(request, *args, **kwargs)

        return readable_view

    def login(self, request, extra_context=None):
        from access.sign_in import sign_in

        return sign_in(self, request, extra_context)

    def password_change(self, request, extra_context=None):
        from access.passwords import PasswordChange

        context = {**self.each_context(request), **(extra_context or {})}
        return PasswordChange.as_view(extra_context=context)(request)

    def first_step(self, request):
        """Return the name of the page that an account has to see to first, or nothing."""
        from access import steps

        return "" if steps.is_open(request) else steps.next_step(request)

    def after_first_steps(self, view):
        """Return a view that leads to what comes first, as long as something does."""

        @wraps(view)
        def view_or_first_step(request, *args, **kwargs):
            if step := self.first_step(request):
                return HttpResponseRedirect(reverse(f"admin:{step}"))
            return view(request, *args, **kwargs)

        return view_or_first_step

    def autocomplete_view(self, request):
        return LabelledChoices.as_view(admin_site=self)(request)


def public_name_view(request):
    from meetings.admin import public_names

    return public_names.public_name_view(request)


def kept_pages():
    """Return the module; it is imported once this site is there, since its package registers."""
    from meetings.admin import kept_pages

    return kept_pages


def first_screen():
    """Return the module, as above."""
    from meetings.admin import first_screen

    return first_screen


def without_nul(request: HttpRequest) -> QueryDict:
    """Return the address's parameters without the character that PostgreSQL's text cannot hold."""
    if "%00" not in request.META.get("QUERY_STRING", ""):
        return request.GET
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        query.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    return query
