"""The house's import directions: downwards only."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "meetings"

# From the ground up; a module may import from its own floor's folder and from lower floors.
FLOORS = (
    {"languages", "many"},
    {"markers", "countries", "maps", "folding"},
    {"models", "prose", "sentences"},
    {"tables", "citations", "widgets"},
    {"resources", "citing", "support", "public_history"},
    {"rows", "redirecting"},
    {"documents"},
    {"indexing"},
    {"revisions"},
    {"rebuilding"},
    {"gate"},
    {"clashes"},
    {"publishing"},
    {"facets", "downloads", "search"},
    {"catalogue", "codebook"},
    {"bulk"},
    {"filters", "linked_data", "cards", "by_meeting", "sample"},
    {"context_processors", "middleware", "templatetags", "sitemaps", "admin", "views"},
    {"feeds", "management"},
    {"urls", "apps"},
)
FLOOR = {name: index for index, names in enumerate(FLOORS) for name in names}
# Within a floor: the tables are read by citations, and nothing else looks sideways.
SIDEWAYS = {("citations", "tables")}


def modules():
    for path in sorted(ROOT.rglob("*.py")):
        if "migrations" not in path.parts and path != ROOT / "__init__.py":
            yield path


def imported(path):
    """Yield the rooms of the house that a module imports from."""
    package = ("meetings", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            full = (*base, *(node.module or "").split(".")) if node.module else base
            names = [full] if len(full) > 1 else [(*full, alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        else:
            continue
        yield from (name[1] for name in names if name[0] == "meetings" and len(name) > 1)


@pytest.mark.parametrize("path", list(modules()), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards(path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert room in FLOOR, f"Give {room} a floor."
    for other in imported(path):
        if other == room or (room, other) in SIDEWAYS:
            continue
        assert FLOOR[other] < FLOOR[room], f"{path.name} imports {other}"


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
    known = ROOT / "countries.py"
    for path in [*ROOT.rglob("*.py"), *ROOT.parent.glob("diplomacy/*.py")]:
        if path != known:
            assert not [word for word in WORDS if word in code_of(path)], path


def test_templates_know_no_words_of_the_domain():
    for path in (ROOT.parent / "templates").rglob("*.html"):
        text = path.read_text().lower()
        assert not [word for word in (*WORDS, "united states") if word in text], path
