"""Files of the public record as the worker made them, for all processes that give them out."""

from django.db import models


class PublicPackage(models.Model):
    """A file of a large public record in one of its states."""

    ending = models.CharField(max_length=10, default="zip", help_text="zip, xlsx or sqlite.")
    state = models.TextField(help_text="The marks of the record that it was made of.")
    withdrawals = models.TextField(help_text="Those that only a withdrawal replaces.")
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    digest = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField()
    seconds = models.FloatField(help_text="How long it took to make.")

    class Meta:
        default_permissions = []

    def __str__(self):
        return self.digest


class PublicPackagePart(models.Model):
    """A piece of that file, in order of the id."""

    package = models.ForeignKey(PublicPackage, models.CASCADE, related_name="parts")
    content = models.BinaryField()

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.package_id} {self.pk}"
