"""The desk: every table of the record in Django's admin, written by ``editing.acts``."""

from . import entries, imports, parts, reactions, references, releases, revisions

__all__ = ["entries", "imports", "parts", "reactions", "references", "releases", "revisions"]
