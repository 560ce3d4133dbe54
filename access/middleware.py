"""Middleware in front of sessions: who guesses passwords costs the site next to nothing."""

from django.urls import reverse

from . import sign_in, throttle


class ThrottleMiddleware:
    """Refuse an attempt to sign in from an address that is known to be refused."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_sign_in = request.method == "POST" and request.path == reverse("admin:login")
        if is_sign_in and (seconds := throttle.known_refusal(request)):
            return sign_in.refusal(seconds)
        return self.get_response(request)
