"""Imports, undos and restores: what each would change, as a plan, and what it changed, by row."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from .revisions import ChangeKind


class ImportState(models.TextChoices):
    LOOKING = "looking", "Waiting to be opened"
    CHOSEN = "chosen", "Chosen"
    PLANNING = "planning", "Being read"
    READY = "ready", "Ready to import"
    WRONG = "wrong", "With errors"
    APPLYING = "applying", "Being imported"
    DONE = "done", "Imported"
    STOPPED = "stopped", "Stopped"
    EXPIRED = "expired", "Expired"
    FAILED = "failed", "Not imported"


# The states of a plan: nothing has been written yet.
PLAN_STATES = (
    ImportState.LOOKING,
    ImportState.CHOSEN,
    ImportState.PLANNING,
    ImportState.READY,
    ImportState.WRONG,
)
# The states in which a worker, or a request, has something to do.
WORKING_STATES = (ImportState.LOOKING, ImportState.PLANNING, ImportState.APPLYING)


class ImportAct(models.TextChoices):
    IMPORT = "import", "Import"
    UNDO = "undo", "Undo"
    RESTORE = "restore", "Restore"
    MERGE = "merge", "Merge"


class ImportQuerySet(models.QuerySet):
    def expired(self):
        """Return the plans whose time has passed before they were confirmed or stopped."""
        return self.filter(state__in=PLAN_STATES, expires_at__lte=timezone.now())

    def with_undone_by(self):
        """Annotate ``undone_by``, the id of the newest finished undo, or None."""
        undoings = self.model.objects.filter(undoes=OuterRef("pk"), state=ImportState.DONE)
        return self.annotate(undone_by=Subquery(undoings.order_by("-pk").values("pk")[:1]))


class Import(models.Model):
    """An import of a file or folder, an undo of one, a restore of an entry, or a merge of two rows.

    It begins as a plan, which belongs to the user who made it, is carried out once, and expires.
    ``made_by`` is None for a command; an import of a folder has neither digest nor size.
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
    first_public_at = models.DateTimeField(
        null=True, blank=True, help_text="Of a merge: since when what was merged was in public."
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
    removed = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    warning_count = models.PositiveIntegerField(default=0)
    headers = models.JSONField(
        null=True, blank=True, help_text="The columns of its tables, once they were looked at."
    )
    reading = models.JSONField(
        default=dict,
        blank=True,
        help_text="How its file is read: the sheet of a workbook, columns matched by hand.",
    )
    done = models.PositiveIntegerField("rows done", default=0)
    held_by = models.CharField(
        max_length=32, blank=True, help_text="The lease of whoever works on it."
    )
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="When the lease ends unless it is renewed."
    )
    attempts = models.PositiveSmallIntegerField(
        default=0, help_text="How often the work on it was begun."
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
            ("manage_import", "Can see and stop imports of others"),
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="import_by_state")]

    def __str__(self):
        return f"{self.get_act_display()} {self.pk}: {self.name}"

    @property
    def row_count(self):
        """The number of rows in its files."""
        return self.new + self.changed + self.unchanged + self.removed + self.wrong

    @property
    def effect_count(self):
        """The number of rows that it would add, change or take out."""
        return self.new + self.changed + self.removed

    @property
    def is_undone(self):
        """Whether it was undone, and the undo was not undone since."""
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
    """A row of a plan: its position in the file, its cells, and the cells that it replaces.

    ``cells`` are those of the file; ``old`` are those that it changes, and ``revision`` is the
    entry's number, both at the time of planning. ``problems`` name column, value, what is wrong and
    the closest valid value; ``warnings`` do the same for doubtful values.
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
    corrected = models.JSONField(
        default=dict, help_text="What stands in the file, where a suggestion was taken, by column."
    )
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
