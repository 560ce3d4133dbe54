"""The names under which editors chose to appear in public; without one, nobody is named."""

from django.conf import settings
from django.db import models

from .fields import LineField


class PublicName(models.Model):
    """The name that an editor chose to be named by in the public history of what they changed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="public_name"
    )
    name = LineField(
        max_length=100,
        help_text="Stands in public beside each change that you made and make. Empty: no name.",
    )

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.name
