"""The WSGI application that a server such as gunicorn calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diplomacy.settings")

application = get_wsgi_application()

from .checks import log_warnings  # noqa: E402 (once there are settings)

log_warnings()
