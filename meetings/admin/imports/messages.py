"""Sentences that say what an import will do or did."""

from ...importing import undo
from ...models import Import
from ...tables.registry import TABLES_BY_NAME


def count_with_noun(number: int, imported: Import) -> str:
    """Return a number with the name of the table's rows, or “rows” for several tables."""
    one, many = "row", "rows"
    if imported.table:
        options = TABLES_BY_NAME[imported.table].model._meta
        one, many = str(options.verbose_name), str(options.verbose_name_plural)
    return f"{number:,} {one if number == 1 else many}"


def summary(imported: Import) -> str:
    """Return what a plan would do: “Add 14 reactions and change 3. 60 stay as they are.”"""
    if not imported.effect_count:
        number = imported.unchanged
        lines = "The only line matches" if number == 1 else f"All {number:,} lines match"
        return f"{lines} the record. Nothing to do." if number else "No lines. Nothing to do."
    return " ".join(
        [additions_and_changes(imported, "Add", "Change"), unchanged_rows(imported)]
    ).strip()


def outcome(imported: Import) -> str:
    """Return what was done: “Added 14 reactions and changed 3.”"""
    if imported.act == Import.Act.UNDO:
        number = imported.changed
        if number == 1:
            return "1 entry returned to what it was."
        return f"{number:,} entries returned to what they were."
    if imported.restores:
        return f"Restored to what it was at revision {imported.restores.number}."
    if imported.act == Import.Act.MERGE:
        number = imported.changed
        return f"Merged: {number:,} {'entry' if number == 1 else 'entries'} changed."
    return additions_and_changes(imported, "Added", "Changed")


def additions_and_changes(imported: Import, add: str, change: str) -> str:
    remove = "Take out" if add == "Add" else "Took out"
    acts = ((add, imported.new), (change, imported.changed), (remove, imported.removed))
    (first, number), *others = [act for act in acts if act[1]] or [(change, 0)]
    rest = "".join(f" and {word.lower()} {count:,}" for word, count in others)
    return f"{first} {count_with_noun(number, imported)}{rest}."


def unchanged_rows(imported: Import) -> str:
    number = imported.unchanged
    if not number:
        return ""
    return "1 stays as it is." if number == 1 else f"{number:,} stay as they are."


# What an undo does, for one entry and for more.
UNDO_WORDS = (
    (undo.RETURNED, "1 entry goes back to what it was.", "{:,} entries go back to what they were."),
    (undo.RESTORED, "1 entry comes back.", "{:,} entries come back."),
    (undo.WITHDRAWN, "1 public entry is withdrawn.", "{:,} public entries are withdrawn."),
    (
        undo.DELETED,
        "1 entry that was never public is deleted.",
        "{:,} entries that were never public are deleted.",
    ),
)


def undo_sentences(plan: undo.UndoPlan) -> list[str]:
    """Return what an undo would do, a sentence for each kind of change."""
    numbers = [(plan.counts[name], one, many) for name, one, many in UNDO_WORDS]
    return [one if number == 1 else many.format(number) for number, one, many in numbers if number]
