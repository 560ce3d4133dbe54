"""The page on which the owner of an account sets up, renews and removes a second factor."""

from base64 import b32encode

import segno
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse

from . import second_factor

WRONG_CODE = "That code is not right. Each code works once: wait for the next one, then enter it."
WRONG_FIRST_CODE = (
    "That code is not right. See that the clock of your device is, then try the next."
)


class SecondFactor:
    def __init__(self, site: AdminSite):
        self.site = site

    def __call__(self, request):
        app = second_factor.app_of(request.user)
        if request.method != "POST":
            return self.page(request, app)
        code = request.POST.get("code", "")
        if app is None:
            if second_factor.confirm(request, code):
                return self.recovery_codes(request)
            return self.page(request, app, problem=WRONG_FIRST_CODE)
        if second_factor.verified_device(request.user, code, request) is None:
            return self.page(request, app, problem=WRONG_CODE)
        if "remove" not in request.POST:
            return self.recovery_codes(request)
        second_factor.remove(request, request.user)
        messages.success(request, "The second factor was removed.")
        return HttpResponseRedirect(request.path)

    def recovery_codes(self, request):
        codes = second_factor.new_recovery_codes(request)
        return self.page(request, second_factor.app_of(request.user), codes=codes)

    def page(self, request, app, **values):
        context = {
            **self.site.each_context(request),
            "title": "Second factor",
            "app": app,
            "is_required": second_factor.is_required(request.user),
            **(self.left(request) if app else self.to_set_up(request)),
            **values,
        }
        return TemplateResponse(request, "access/second_factor.html", context)

    def left(self, request):
        recovery = second_factor.recovery_of(request.user)
        return {"codes_left": recovery.token_set.count() if recovery else 0}

    def to_set_up(self, request):
        """Return the app's key: as a picture that a phone reads, and in letters."""
        device = second_factor.app_to_confirm(request.user)
        letters = b32encode(device.bin_key).decode().rstrip("=")
        return {
            "picture": segno.make(device.config_url).svg_data_uri(scale=5, light="#fff"),
            "key": " ".join(letters[i : i + 4] for i in range(0, len(letters), 4)),
        }
