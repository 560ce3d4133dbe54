"""The desk's page on an account's access: its sessions, and links that open it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache

from . import accounts, links, second_factor
from .models import DeskSession
from .second_factor_page import SecondFactor


def addresses(site) -> list:
    """Return the addresses of the pages, behind the desk's sign-in."""
    view = site.admin_view(never_cache(Access(site)))
    return [
        path("access/", view, name="access"),
        path("access/<int:account_id>/", view, name="account_access"),
        path(
            "second_factor/", site.admin_view(never_cache(SecondFactor(site))), name="second_factor"
        ),
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
        """Do what a button of the page asks for."""
        if account == request.user:
            return self.end_sessions(request, account)
        if "make_link" in request.POST:
            link = links.make(account, request=request)
            return self.page(request, account, link=link)
        if "remove_second_factor" in request.POST:
            second_factor.remove(request, account)
            messages.success(request, f"The second factor of {account} was removed.")
            return HttpResponseRedirect(request.path)
        if "send_link" in request.POST:
            return self.send_link(request, account)
        return self.end_sessions(request, account)

    def send_link(self, request, account):
        try:
            links.send(account, request=request)
        except links.MAIL_ERRORS as error:
            messages.error(request, f"The mail was not sent ({error}). Make a link instead.")
        else:
            messages.success(request, f"A link was sent to {account.email}.")
        return HttpResponseRedirect(request.path)

    def end_sessions(self, request, account):
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
            "app": second_factor.app_of(account),
            "can_mail": bool(settings.EMAIL_URL and account.email),
            "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            **values,
        }
        return TemplateResponse(request, "access/access.html", context)
