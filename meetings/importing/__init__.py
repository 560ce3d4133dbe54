"""Files into the record: readers, plans, the worker, undo and restore; rules are in ``editing``."""
