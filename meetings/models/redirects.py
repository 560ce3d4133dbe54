"""Redirects from old addresses."""

from django.db import models
from django.db.models import F, Q

from .fields import LineField, pattern_constraint

PATH_PATTERN = r"^/([^?#\s]*/)?$"


class RedirectManager(models.Manager):
    def get_by_natural_key(self, old_path):
        return self.get(old_path=old_path)


class Redirect(models.Model):
    """An old path of a page, and its path now."""

    old_path = LineField(max_length=300, unique=True, help_text="Such as /meetings/geneva/.")
    new_path = LineField(max_length=300, help_text="Such as /meetings/geneva-1985/.")

    objects = RedirectManager()

    class Meta:
        ordering = ["old_path"]
        constraints = [
            pattern_constraint(
                "redirect", column, PATH_PATTERN, "Enter a path that begins and ends with a slash."
            )
            for column in ("old_path", "new_path")
        ] + [
            models.CheckConstraint(
                condition=~Q(old_path=F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message="An address cannot redirect to itself.",
            )
        ]

    def __str__(self):
        return f"{self.old_path} → {self.new_path}"

    def natural_key(self):
        return (self.old_path,)
