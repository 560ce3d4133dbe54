"""The desk: every table of the record in Django's admin, written by the acts of ``publishing``."""

from . import entries, parts, reactions, references, revisions

__all__ = ["entries", "parts", "reactions", "references", "revisions"]
