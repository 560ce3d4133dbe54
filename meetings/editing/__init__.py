"""How the record changes: the only way to write it."""
