"""Write functions that tests pass to ``editing.acts``."""


def rename(entry, **values):
    """Return a function that writes values to an entry."""

    def write():
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()

    return write
