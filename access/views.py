"""The desk's pages on access: an account's sessions, and its password."""

from django.contrib import messages
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import get_user_model
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from . import accounts
from .models import DeskSession
from .signals import MUST_CHANGE_PASSWORD

SAME_PASSWORD = "Choose another password than the one you have."


def addresses(site) -> list:
    """Return the addresses of the pages, behind the desk's sign-in."""
    view = site.admin_view(never_cache(Access(site)))
    return [
        path("access/", view, name="access"),
        path("access/<int:account_id>/", view, name="account_access"),
    ]


class Access:
    """The page of an account's access: one's own, or for administrators that of another."""

    def __init__(self, site):
        self.site = site

    def __call__(self, request, account_id=None):
        account = request.user
        if account_id is not None:
            account = get_object_or_404(get_user_model(), pk=account_id)
        accounts.require_may_manage(request.user, account)
        if request.method == "POST":
            return self.act(request, account)
        return self.page(request, account)

    def act(self, request, account):
        """End one session by its mark on the page, or all but the one that asks."""
        others = self.sessions(account).exclude(pk=request.session.session_key)
        if mark := request.POST.get("end"):
            keys = [session.pk for session in others if session.mark == mark]
            others = others.filter(pk__in=keys)
        ended = accounts.end_sessions(account, others, request=request, why="by hand")
        said = "1 session was ended." if ended == 1 else f"{ended} sessions were ended."
        messages.success(request, said)
        return HttpResponseRedirect(request.path)

    def sessions(self, account):
        """Return the sessions that have not ended, the latest seen first."""
        open_sessions = DeskSession.objects.filter(user=account, expire_date__gt=timezone.now())
        return open_sessions.order_by("-seen_at")

    def page(self, request, account, **values):
        context = {
            **self.site.each_context(request),
            "title": "Your access" if account == request.user else f"Access of {account}",
            "account": account,
            "is_own": account == request.user,
            "sessions": self.sessions(account),
            "this_session": request.session.session_key,
            **values,
        }
        return TemplateResponse(request, "access/access.html", context)


class OtherPasswordForm(AdminPasswordChangeForm):
    """Django's form, which takes no password that is the old one."""

    def clean(self):
        cleaned = super().clean()
        old, new = cleaned.get("old_password"), cleaned.get("new_password1")
        if old and old == new:
            self.add_error("new_password1", ValidationError(SAME_PASSWORD))
        return cleaned


class PasswordChange(PasswordChangeView):
    """Django's page of the desk, which also ends what a temporary password asked for."""

    form_class = OtherPasswordForm
    template_name = "registration/password_change_form.html"

    def get_success_url(self):
        return reverse("admin:password_change_done")

    def form_valid(self, form):
        response = super().form_valid(form)
        self.request.session.pop(MUST_CHANGE_PASSWORD, None)
        return response
