"""The house's import directions: downwards only, without circles (CONTRIBUTING.md, "The house")."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "meetings"

# From the ground up. A room imports from those below it; those on one floor do not know each other.
FLOORS = (
    {"text"},
    {"models"},
    {"tables"},
    {"search"},
    {"editing"},
    {"importing", "exporting", "lists"},
    {
        *("views", "feeds", "sitemaps", "management", "templatetags"),
        *("middleware", "context_processors"),
    },
    {"admin"},
    {"urls", "apps"},
)
FLOOR = {name: index for index, names in enumerate(FLOORS) for name in names}


def modules(root: Path = ROOT) -> dict[str, Path]:
    """Return the modules of the house by dotted name; migrations keep what they once imported."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        if "migrations" not in path.parts:
            parts = path.relative_to(root.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, text: str, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules of the house that one imports, anywhere in it."""
    path = known[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *(node.module.split(".") if node.module else [])]
            names = [".".join([*base, alias.name]) for alias in node.names]
            yield from (full if full in known else ".".join(base) for full in names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def graph(known: dict[str, Path]) -> dict[str, set[str]]:
    """Return the modules of the house that each module imports."""
    return {
        name: {other for other in imported(name, path.read_text(), known) if other in known}
        for name, path in known.items()
    }


def room(name: str) -> str:
    """Return the room of a module; the house itself is none."""
    return name.split(".")[1] if "." in name else ""


def faults(known: dict[str, Path]) -> list[str]:
    """Return what is wrong with the house: rooms, directions, circles, modules that say nothing."""
    imports = graph(known)
    rooms = {room(name) for name in known} - {""}
    found = [f"{name} is an unknown room" for name in sorted(rooms - set(FLOOR))]
    for name, others in imports.items():
        for other in sorted(others):
            one, below = room(name), room(other)
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
    known = ROOT / "text" / "countries.py"
    for path in [*ROOT.rglob("*.py"), *ROOT.parent.glob("diplomacy/*.py")]:
        if path != known:
            assert not [word for word in WORDS if word in code_of(path)], path


def test_templates_know_no_words_of_the_domain():
    for path in (ROOT.parent / "templates").rglob("*.html"):
        text = path.read_text().lower()
        assert not [word for word in (*WORDS, "united states") if word in text], path
