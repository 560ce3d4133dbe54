"""The ASGI application, for servers that speak ASGI."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplomacy.settings")

application = get_asgi_application()

from .checks import log_warnings  # noqa: E402 (once there are settings)

log_warnings()
