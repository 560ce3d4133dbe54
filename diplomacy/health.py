"""``/healthz`` in front of all: load balancers ask by address, without a host's name or HTTPS."""

from meetings.views.health import health

PATH = "/healthz"


class HealthMiddleware:
    """Answer whether the site is up, before hosts are refused and HTTPS is asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return health(request) if request.path_info == PATH else self.get_response(request)
