"""The app, and what it listens to."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"
    verbose_name = "Access to the desk"

    def ready(self):
        from . import signals

        signals.connect()
