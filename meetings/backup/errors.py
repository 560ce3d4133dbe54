"""Why a backup is not written or not restored."""


class BackupError(Exception):
    """A backup that cannot be written, read or restored; the message says why and what to do."""
