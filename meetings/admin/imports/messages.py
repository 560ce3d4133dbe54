"""What an import does, in sentences."""

from ...models import Import
from ...tables.registry import BY_NAME


def counted(number: int, imported: Import) -> str:
    """Return a number with the word for what is counted: the table's own where there is one."""
    one, many = "row", "rows"
    if imported.table:
        options = BY_NAME[imported.table].model._meta
        one, many = str(options.verbose_name), str(options.verbose_name_plural)
    return f"{number:,} {one if number == 1 else many}"


def summary(imported: Import) -> str:
    """Return what a plan would do: “Add 14 reactions and change 3. 60 stay as they are.”"""
    if not imported.new and not imported.changed:
        number = imported.unchanged
        lines = "The only line matches" if number == 1 else f"All {number:,} lines match"
        return f"{lines} the record. Nothing to do." if number else "No lines. Nothing to do."
    return " ".join([acts(imported, "Add", "Change"), stays(imported)]).strip()


def outcome(imported: Import) -> str:
    """Return what was done: “Added 14 reactions and changed 3.”"""
    if imported.act == Import.Act.UNDO:
        number = imported.changed
        if number == 1:
            return "1 entry returned to what it was."
        return f"{number:,} entries returned to what they were."
    if imported.restores:
        return f"Restored to what it was at revision {imported.restores.number}."
    return acts(imported, "Added", "Changed")


def acts(imported: Import, add: str, change: str) -> str:
    if imported.new and imported.changed:
        return f"{add} {counted(imported.new, imported)} and {change.lower()} {imported.changed:,}."
    if imported.new:
        return f"{add} {counted(imported.new, imported)}."
    return f"{change} {counted(imported.changed, imported)}."


def stays(imported: Import) -> str:
    number = imported.unchanged
    if not number:
        return ""
    return "1 stays as it is." if number == 1 else f"{number:,} stay as they are."
