"""Answers that keep what was typed: signed out, another sign-in, a right taken away, 500 and 503.

The form is shown again as it was typed where that is possible (``ResumedForms``); otherwise a page
carries the fields along and sends them again. Neither needs a script.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib import auth
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import AdminErrorList
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.views import csrf

from ..editing.errors import Refused
from ..views import errors
from . import kept_text
from .kept_text import KeptText

SIGNED_OUT = "You were signed out."
SIGNED_IN_AGAIN = "You signed in again since you opened this form."
PUT_BACK = "Your unsaved text was put back."
NOT_SAVED = "What you typed is below, and not saved yet. Look it over, then save it."
NO_RIGHT = (
    "Your account may not do this any more. Ask an administrator, then send your text again from"
    " this page; or copy it before you leave."
)
OTHER_ACCOUNT = (
    "What you sent was typed by another account than the one that is signed in now. It is neither"
    " saved nor shown here."
)
OTHER_SIGN_IN = "Sign in with the account that typed the text."
FIRST_STEP = (
    "Something comes first, before anything else at the desk: see to it in another tab, then send"
    " your text again from this page."
)
UNFINISHED_SIGN_IN = "You are not signed in yet. Sign in in another tab, then come back."
RESUMABLE_VIEWS = ("add", "change", "proposal", "publish", "withdraw", "back-to-draft")


class ResumedForms:
    """Shows a form as it was typed, for its ModelAdmin, when ``request.resumed`` says why."""

    def save_form(self, request, form, change):
        refuse_resumed(request)
        return super().save_form(request, form, change)

    def render_change_form(self, request, context, *args, **kwargs):
        if notice := resumed_notice(request):
            # The notice made the form invalid; it is no error, and stands above the others.
            form = context["adminform"].form
            problems = form.errors.get(NON_FIELD_ERRORS)
            if problems:
                problems.data = [one for one in problems.data if one.message != notice]
            if not problems:
                form.errors.pop(NON_FIELD_ERRORS, None)
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context["errors"] = AdminErrorList(form, formsets)
        # Django's own form would say them again above the fields.
        context |= {"problems": context["errors"], "errors": None}
        return super().render_change_form(request, context, *args, **kwargs)


def resumed_notice(request) -> str:
    return getattr(request, "resumed", "")


def refuse_resumed(request) -> None:
    """Raise Refused for a form that is only shown again; an act calls this before it writes."""
    if notice := resumed_notice(request):
        raise Refused([notice])


def context(request) -> dict:
    """Return what the desk's pages need so that what is typed on them can be kept."""
    return {
        "typed_by": kept_text.account_mark(request.user),
        "longest_kept": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }


def keeping_text(site, view):
    """Return a view of the desk that keeps what was typed when it does not carry it out."""

    def keeping_view(request, *args, **kwargs):
        text = kept_text.read(request)
        if text is None:
            return view(request, *args, **kwargs)
        sent = SentForm(site, request, text, lambda: view(request, *args, **kwargs))
        response = sent.answer()
        add_never_cache_headers(response)
        return response

    return keeping_view


@dataclass
class SentForm:
    """A form of ours that was sent to a view of the desk, with what was typed in it."""

    site: AdminSite
    request: HttpRequest
    text: KeptText
    view: Callable[[], HttpResponseBase]

    def answer(self):
        """Return the view's answer, or one that keeps the text."""
        request = self.request
        if request.user.is_anonymous:
            return self.sign_in()
        if not self.is_own():
            return self.kept_page(OTHER_ACCOUNT, text=None)
        if not self.site.has_permission(request):
            return self.kept_page(NO_RIGHT)
        if self.site.first_step(request):
            return self.kept_page(FIRST_STEP)
        if is_csrf_refused(request):
            return self.resume(SIGNED_IN_AGAIN)
        if kept_text.is_resumed_by_script(request):
            time = kept_text.typed_at(request)
            return self.resume(f"Your unsaved text of {time} was put back." if time else PUT_BACK)
        try:
            return with_saved_number(request, self.view())
        except PermissionDenied as refusal:
            return self.kept_page(f"{refusal} {NO_RIGHT}".strip())

    def is_own(self):
        """Return whether the account that is signed in is the one that typed the text."""
        return str(self.request.user.pk) == self.text.account

    def sign_in(self):
        """Return the site's sign-in form with the text; once signed in, the text in its form."""
        request, response, problem = self.request, None, ""
        if kept_text.is_sign_in(request) and not is_csrf_refused(request):
            response = self.site.login(request)
            if request.user.is_authenticated and self.is_own():
                return self.resume(SIGNED_OUT)
            if request.user.is_authenticated:
                auth.logout(request)
                response, problem = None, OTHER_SIGN_IN
            elif not isinstance(response, TemplateResponse):
                problem = UNFINISHED_SIGN_IN
        if not isinstance(response, TemplateResponse):
            asked = copy(request)
            asked.method = "GET"
            response = self.site.login(asked)
        response.template_name = "admin/meetings/kept_sign_in.html"
        response.context_data |= {"text": self.text, "problem": problem}
        response.status_code = max(response.status_code, 403)
        return response

    def resume(self, reason):
        """Return the form as it was typed, not saved; or a page that sends it again."""
        request = self.request
        if not self.site.has_permission(request):
            return self.kept_page(NO_RIGHT)
        if self.site.first_step(request):
            return self.kept_page(FIRST_STEP)
        text = self.text.not_resumed()
        if not self.is_resumable():
            return self.kept_page(reason, text=text)
        request.resumed = f"{reason} {NOT_SAVED}"
        request.POST = text.fields
        # An attribute of CsrfViewMiddleware. The token may be that of an earlier sign-in: nothing
        # is written, and the form that is shown has the token of today.
        request.csrf_processing_done = True
        try:
            return rolled_back(self.view)
        except PermissionDenied:
            return self.kept_page(NO_RIGHT)

    def is_resumable(self):
        """Return whether the view shows its form again with a refusal, and writes nothing then."""
        app_label, _, rest = self.request.resolver_match.url_name.partition("_")
        name, _, view = rest.partition("_")
        if view not in RESUMABLE_VIEWS:
            return False
        return isinstance(self.site.get_model_admin(apps.get_model(app_label, name)), ResumedForms)

    def kept_page(self, reason, **changes):
        """Return the page that says why nothing was done, with the text and a button to retry."""
        values = {
            **self.site.each_context(self.request),
            "title": "Nothing was saved",
            "text": self.text,
            "reason": reason,
            **changes,
        }
        return TemplateResponse(self.request, "admin/meetings/kept.html", values, status=403)


def rolled_back(view):
    """Return the answer of a view, of which nothing stays written whatever it did."""
    with transaction.atomic():
        response = view()
        if isinstance(response, TemplateResponse):
            response.render()
        transaction.set_rollback(True)
    return response


def with_saved_number(request, response):
    """Tell the script, in the fragment of a redirect, which form need not be kept any longer."""
    number = kept_text.form_number(request)
    if number and isinstance(response, HttpResponseRedirect) and "#" not in response.url:
        response["Location"] = f"{response.url}#saved-{number}"
    return response


def is_csrf_refused(request) -> bool:
    return getattr(request, "csrf_refused", False)


def csrf_failure(request, reason=""):
    """Answer to a form with a wrong token; one of the desk's own keeps its text."""
    match = request.resolver_match
    is_desk = match is not None and match.app_name == "admin"
    if is_desk and not is_csrf_refused(request) and kept_text.read(request):
        # ``SentForm`` shows the text, and carries nothing out.
        request.csrf_refused = True
        return match.func(request, *match.args, **match.kwargs)
    return csrf.csrf_failure(request, reason)


def server_error(request):
    """Answer 500 or 503; on the static page stands what was typed, and needs no database."""
    response = errors.server_error(request)
    if text := kept_text.read(request):
        context = {"text": text, "address": request.get_full_path(), "token": get_token(request)}
        form = render_to_string("admin/meetings/kept_unanswered.html", context)
        response.content = response.content.decode().replace("</main>", f"{form}</main>")
    return response
