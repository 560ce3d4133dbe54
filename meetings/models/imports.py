"""Imports: what a file, an undo or a restore would change and did, row by row."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .revisions import ChangeKind


class ImportState(models.TextChoices):
    CHOSEN = "chosen", "Chosen"
    PLANNING = "planning", "Being read"
    READY = "ready", "Ready to import"
    WRONG = "wrong", "With errors"
    APPLYING = "applying", "Being imported"
    DONE = "done", "Imported"
    STOPPED = "stopped", "Stopped"
    EXPIRED = "expired", "Expired"
    FAILED = "failed", "Not imported"


# What is a plan still: nothing of it has been written.
PLANS = (ImportState.CHOSEN, ImportState.PLANNING, ImportState.READY, ImportState.WRONG)


class ImportAct(models.TextChoices):
    IMPORT = "import", "Import"
    UNDO = "undo", "Undo"
    RESTORE = "restore", "Restore"


class ImportQuerySet(models.QuerySet):
    def waiting(self):
        """Return the plans that may still be confirmed."""
        return self.filter(state=ImportState.READY, expires_at__gt=timezone.now())

    def expired(self):
        """Return the plans that were neither confirmed nor stopped in time."""
        return self.filter(state__in=PLANS, expires_at__lte=timezone.now())

    def with_undoing(self):
        """Return imports with the newest undo of each, if there is one, as ``undone_by``."""
        undoings = self.model.objects.filter(undoes=OuterRef("pk"), state=ImportState.DONE)
        return self.annotate(undone_by=Subquery(undoings.order_by("-pk").values("pk")[:1]))


class Import(models.Model):
    """One file brought in, one import taken back, or one entry restored: a plan, then its end.

    A plan belongs to whoever made it, is used once and expires; nobody made it where the operator
    of the machine did, by command. What was read from a folder has neither digest nor size.
    """

    State = ImportState
    Act = ImportAct

    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imports",
    )
    made_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    act = models.CharField(max_length=7, choices=ImportAct, default=ImportAct.IMPORT)
    undoes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoings"
    )
    restores = models.ForeignKey(
        "meetings.Revision",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="restorings",
        help_text="The revision that a restore goes back to.",
    )
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.PLANNING)
    name = models.CharField("file", max_length=255)
    sha256 = models.CharField("SHA-256 of the file", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("size in bytes", default=0)
    content = models.BinaryField(null=True, help_text="The file, until its rows are read.")
    table = models.CharField(max_length=20, blank=True, help_text="Of a single file.")
    note = models.TextField("change note", blank=True)
    kind = models.CharField(max_length=10, choices=ChangeKind, blank=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField("rows done", default=0)
    beat_at = models.DateTimeField(
        null=True, blank=True, help_text="When whoever works on it last said so."
    )
    refusal = models.JSONField(
        default=list, blank=True, help_text="Why it was not carried out, in sentences."
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        default_permissions = ["view"]
        permissions = [
            ("import_record", "Can import rows"),
            ("undo_import", "Can undo imports"),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="import_by_state")]

    def __str__(self):
        return f"{self.get_act_display()} {self.pk}: {self.name}"

    @property
    def row_count(self):
        """How many rows its files have."""
        return self.new + self.changed + self.unchanged + self.wrong

    @property
    def is_undone(self):
        """Whether it was taken back, and not brought back since."""
        last = self.undoings.filter(state=ImportState.DONE).order_by("-pk").first()
        return last is not None and not last.is_undone


class RowAction(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    WRONG = "wrong", "Error"
    KEPT = "kept", "Kept as it is"
    GONE = "gone", "Taken out"


class ImportRow(models.Model):
    """One row of a plan: where it stands in its file, what it would write and over what.

    ``cells`` are the cells that the file gives, ``old`` those that it changes, as they were when
    the plan was made; ``revision`` is the entry's number then. ``problems`` name column, value,
    what is wrong and the nearest right value; ``warnings`` the same of what is only doubtful.
    """

    Action = RowAction

    plan = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    table = models.CharField(max_length=20)
    file = models.CharField(max_length=255, blank=True)
    line = models.PositiveIntegerField(default=0)
    row = models.PositiveIntegerField(
        default=0, help_text="Its number in its file; 1 is the first after the header."
    )
    key = models.CharField(max_length=320)
    entry = models.CharField(max_length=300, help_text="The slug of the entry it belongs to.")
    action = models.CharField(max_length=9, choices=RowAction, blank=True)
    revision = models.PositiveIntegerField(null=True)
    cells = models.JSONField(default=dict)
    old = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    completed = models.TextField(
        blank=True, help_text="The list of sources with those that the texts cite, if it is longer."
    )

    class Meta:
        ordering = ["plan", "number"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="import_row_numbered_once")
        ]
        indexes = [
            models.Index(fields=["plan", "action", "number"], name="import_row_by_action"),
            models.Index(fields=["plan", "table", "entry"], name="import_row_by_entry"),
        ]

    def __str__(self):
        return f"{self.table} {self.key}"
