"""Django's setup in a process that pytest did not start; imported there first."""

import django
from django.apps import apps
from django.urls import reverse

if not apps.ready:
    django.setup()
# Loads all views before processes are forked, as in a server.
reverse("admin:index")
