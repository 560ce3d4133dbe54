"""Two people's changes of one entry: the merge has every change of both, or asks."""

from random import Random

import pytest

from meetings.editing.joins import Edit, Join
from meetings.tables.registry import TABLES_BY_NAME

MEETINGS, OUTCOMES = TABLES_BY_NAME["meetings"], TABLES_BY_NAME["outcomes"]
TEXTS = ("title", "forum", "summary", "body")
SLUGS = ("a", "b", "c", "d")
ASKED = object()


def random_state(random):
    """Return a meeting with up to four outcomes, in few words so that both sides collide."""
    row = dict.fromkeys(MEETINGS.columns, "") | {"slug": "one", "sources": random_list(random)}
    row |= {name: random.choice("xyz") for name in TEXTS}
    orders = random.sample((10, 20, 30, 40), random.randint(0, 4))
    return {"meetings": [row], "outcomes": [random_outcome(random, order) for order in orders]}


def random_outcome(random, order):
    values = {
        "meeting": "one",
        "order": str(order),
        "state": random.choice(("agreed", "announced")),
    }
    return {name: values.get(name, random.choice("xyz")) for name in OUTCOMES.columns}


def random_list(random):
    return "|".join(sorted(random.sample(SLUGS, random.randint(1, 3))))


def edited(random, state):
    """Return a state after up to six random changes of cells, lists and parts."""
    row = dict(state["meetings"][0])
    outcomes = {part["order"]: dict(part) for part in state["outcomes"]}
    for _ in range(random.randint(1, 6)):
        what = random.choice(("cell", "list", "add", "remove", "part"))
        order = str(random.choice((10, 20, 30, 40)))
        if what == "cell":
            row[random.choice(TEXTS)] = random.choice("xyz")
        elif what == "list":
            row["sources"] = random_list(random)
        elif what == "remove":
            outcomes.pop(order, None)
        elif what == "add":
            outcomes.setdefault(order, random_outcome(random, order))
        elif order in outcomes:
            outcomes[order]["text"] = random.choice("xyz")
    return {"meetings": [row], "outcomes": list(outcomes.values())}


def cells(state):
    """Return every cell of a state by place; the row of a part that is there counts as one."""
    found = {("meetings", "", name): value for name, value in state["meetings"][0].items()}
    for part in state.get("outcomes", []):
        found |= {("outcomes", part["order"], name): value for name, value in part.items()}
    return found


def due(mine, theirs, was):
    """Return what a cell is after the merge, or ASKED where both sides changed it otherwise."""
    if mine == theirs or theirs == was:
        return mine
    return theirs if mine == was else ASKED


def joined_list(mine, theirs, was):
    base, ours, other = (set(filter(None, cell.split("|"))) for cell in (was, mine, theirs))
    return "|".join(sorted(((base | ours | other) - (base - ours)) - (base - other)))


@pytest.mark.parametrize("block", range(5))
def test_merge_of_random_edits_has_every_change_of_both_or_asks(block):
    for seed in range(block * 100, block * 100 + 100):
        random = Random(seed)
        base = random_state(random)
        mine, theirs = edited(random, base), edited(random, base)

        join = Join(MEETINGS, base, Edit(mine), theirs)
        found = cells(join.snapshot())

        asked = {(each.table, "".join(each.key), each.column) for each in join.conflicts}
        sides = [cells(state) for state in (mine, theirs, base)]
        for place in set().union(*sides):
            values = [side.get(place) for side in sides]
            if place[2] == "sources":
                assert found[place] == joined_list(*values), (seed, place)
            elif (*place[:2], "") not in asked:
                expected = due(*values)
                assert (expected is ASKED) == (place in asked), (seed, place)
                assert expected is ASKED or found.get(place) == expected, (seed, place)
