"""Imports at the desk: the four steps from a file to the record, and the list of what came in."""

from .admin import ImportAdmin

__all__ = ["ImportAdmin"]
