"""What the tests of acts on one entry give to ``publishing`` to write."""


def rename(entry, **values):
    """Return a function that writes values to an entry."""

    def write():
        for name, value in values.items():
            setattr(entry, name, value)
        entry.save()

    return write
