"""Django made ready in a process that pytest did not start; imported there before all else."""

import django
from django.apps import apps
from django.urls import reverse

if not apps.ready:
    django.setup()
# Whoever is forked from here finds all views loaded, as those who work for a server do.
reverse("admin:index")
