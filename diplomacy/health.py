"""``/healthz`` in front of what asks for a host: load balancers ask by address."""

from meetings.views.health import health

PATH = "/healthz"


class HealthMiddleware:
    """Answer whether the site is up, before hosts are refused, sessions read and pages kept."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return health(request) if request.path_info == PATH else self.get_response(request)
