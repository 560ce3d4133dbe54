"""Django's admin, with the desk as its site."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "diplomacy.admin.Desk"

    def ready(self):
        super().ready()
        # Registers them.
        from . import checks  # noqa: F401 (to read it registers the checks)
