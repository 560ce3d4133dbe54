"""The house's import directions: downwards only, without circles; the drawing of it is true."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from docs.architecture import FLOOR, HOUSE, PICTURE, module_imports, modules, picture, room_of


def faults(known: dict[str, Path]) -> list[str]:
    """Return what is wrong with the house: rooms, directions, circles, modules that say nothing."""
    imports = module_imports(known)
    rooms = {room_of(name) for name in known} - {""}
    found = [f"{name} is an unknown room" for name in sorted(rooms - set(FLOOR))]
    for name, others in imports.items():
        for other in sorted(others):
            one, below = room_of(name), room_of(other)
            if {one, below} <= set(FLOOR) and one != below and FLOOR[below] >= FLOOR[one]:
                found.append(f"{name} imports {other}")
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        found.append(f"circle: {' imports '.join(reversed(error.args[1]))}")
    for name, path in known.items():
        text = path.read_text()
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            found.append(f"{name} does not say why it exists")
    return found


def test_imports_go_downwards_without_circles():
    assert faults(modules()) == []


def test_access_knows_nothing_of_the_record():
    texts = [path.read_text() for path in (HOUSE.parent / "access").rglob("*.py")]

    assert texts
    assert not any("from meetings" in text or "import meetings" in text for text in texts)


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("models/meetings.py", "from ..views import pages", "meetings.models.meetings imports "),
        ("models/meetings.py", "def f():\n    from ..views import pages", "imports meetings.views"),
        ("models/meetings.py", "import meetings.views.pages", "imports meetings.views.pages"),
        ("importing/files.py", "from ..exporting import zips", "imports meetings.exporting"),
        (
            "feeds.py",
            "from .views.pages import Page",
            "meetings.feeds imports meetings.views.pages",
        ),
        ("text/one.py", "from .two import x", "circle: "),
        ("rest/files.py", "", "rest is an unknown room"),
        ("text/one.py", "x = 1", "meetings.text.one does not say why it exists"),
    ],
    ids=["up", "in a function", "by name", "sibling", "file", "circle", "room", "docstring"],
)
def test_faults_of_a_house_are_found(tmp_path, file, text, fault):
    texts = {
        "views/pages.py": "",
        "exporting/zips.py": "",
        "text/two.py": '"""Two."""\nfrom . import one',
        "text/one.py": "",
    }
    for name, content in (texts | {file: text}).items():
        path = tmp_path / "meetings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(content)

    assert any(fault in found for found in faults(modules(tmp_path / "meetings")))


WRITING = {
    *("save", "create", "update", "delete", "add", "set", "remove", "clear"),
    *("bulk_create", "bulk_update", "get_or_create", "update_or_create"),
}
# What is written beside the record: imports and their rows, the index of the search, and its zip.
OTHER_MODELS = {"Import", "ImportRow", "SearchDocument", "SearchWord"}
OTHER_MODELS |= {"PublicPackage", "PublicPackagePart"}
# Where rules stand, and where values are read from files: what a cell may hold is told there.
RULED_ROOMS = {"editing", "models", "tables", "migrations"}


def rules_outside(name: str, tree: ast.Module) -> list[str]:
    """Return what a module outside ``editing``, ``models`` and ``tables`` does like a rule.

    A rule of the record is told by what it does: it writes rows of the record (through a manager
    of its models), says of a change what speaks against it (``refuse``), asks a model to judge a
    row (``full_clean``, ``validate_constraints``), or declares a constraint. What the desk shows,
    and what a file may look like, are no rules of the record.
    """
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        verb = called.rpartition(".")[2]
        root, _, rest = called.partition(".")
        is_manager = rest.startswith("objects.") or "_default_manager." in called
        # A relation by its name, as in ``getattr(claim, column).set(rows)``.
        is_relation = called.startswith("getattr(")
        if verb in WRITING and (is_relation or (is_manager and root not in OTHER_MODELS)):
            found.append(f"{name} writes: {called}")
        if verb in {"refuse", "refuse_cell", "full_clean", "validate_constraints"}:
            found.append(f"{name} judges: {called}")
        if verb in {"CheckConstraint", "UniqueConstraint"}:
            found.append(f"{name} declares: {called}")
    return found


def test_rules_of_the_record_stand_in_editing_models_and_tables():
    found = [
        fault
        for name, path in modules().items()
        if room_of(name) not in RULED_ROOMS
        for fault in rules_outside(name, ast.parse(path.read_text()))
    ]

    # An undo says of an entry that it was changed since: that it stays is a rule of the undo.
    assert found == ["meetings.importing.plan.undo_changes judges: change.refuse"]


@pytest.mark.parametrize(
    "text",
    [
        "Meeting.objects.filter(pk=1).update(status='draft')",
        "self.model._default_manager.bulk_create(rows)",
        "relation.objects.filter(claim=1).delete()",
        "getattr(claim, column).set(rows)",
        "Redirect.objects.create(old_path='/', new_path='/')",
        "change.refuse('It was public.')",
        "row.full_clean()",
        "models.CheckConstraint(condition=Q(a=1), name='a')",
    ],
)
def test_rule_outside_is_found(text):
    assert rules_outside("meetings.views.pages", ast.parse(text))


@pytest.mark.parametrize(
    "text", ["Meeting.objects.published()", "ImportRow.objects.create()", "acts.save(entry=row)"]
)
def test_reading_and_acting_are_no_rules(text):
    assert rules_outside("meetings.views.pages", ast.parse(text)) == []


def test_drawing_shows_the_imports_of_today():
    """Draw it again with ``python -m docs.architecture``."""
    assert PICTURE.read_text() == picture(modules())


def test_sound_house_has_no_fault(tmp_path):
    for name, content in {
        "text/one.py": '"""One."""',
        "views/pages.py": '"""Pages."""\nfrom ..text import one',
    }.items():
        path = tmp_path / "meetings" / name
        path.parent.mkdir(parents=True)
        path.write_text(content)

    assert faults(modules(tmp_path / "meetings")) == []


WORDS = ("putin", "trump", "russia", "helsinki", "kremlin", "moscow")


def code_of(path):
    """Return the code of a module in small letters, without comments and docstrings."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        described = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if described and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.unparse(tree).lower()


def test_code_knows_no_words_of_the_domain():
    # What the countries' people are called is the same in every record.
    known = HOUSE / "text" / "countries.py"
    for path in [*HOUSE.rglob("*.py"), *HOUSE.parent.glob("diplomacy/*.py")]:
        if path != known:
            assert not [word for word in WORDS if word in code_of(path)], path


def test_templates_know_no_words_of_the_domain():
    for path in (HOUSE.parent / "templates").rglob("*.html"):
        text = path.read_text().lower()
        assert not [word for word in (*WORDS, "united states") if word in text], path
