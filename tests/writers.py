"""The ``write`` functions that tests pass to acts on one entry."""


def changing(entry, **values):
    """Return a function that saves these values of an entry."""

    def write():
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()

    return write
