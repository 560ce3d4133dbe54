"""The house read from its imports, and drawn: ``python -m docs.architecture`` writes the picture.

The picture is docs/architecture.svg; tests/test_architecture.py holds the house to its floors, and
the picture to the house.
"""

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent / "meetings"
PICTURE = Path(__file__).resolve().parent / "architecture.svg"

# From the ground up. A room imports from those below it; those on one floor do not know each other.
FLOORS = (
    ("text",),
    ("models",),
    ("tables",),
    ("search",),
    ("editing",),
    ("importing", "exporting", "lists", "answers", "backup", "links"),
    (
        "management",
        "views",
        "feeds",
        "sitemaps",
        "templatetags",
        "context_processors",
        "middleware",
    ),
    ("admin",),
    ("urls", "apps"),
)
FLOOR = {name: index for index, names in enumerate(FLOORS) for name in names}

WIDTH, MARGIN, GAP = 960, 24, 16
BOX_HEIGHT, FLOOR_HEIGHT, LETTER_WIDTH = 36, 84, 8
STYLE = (
    "text{font:14px sans-serif;text-anchor:middle;fill:#1d2733}"
    "rect{fill:#f4f6f8;stroke:#1d2733}path{fill:none;stroke:#5b6b7b}"
)


def modules(house: Path = HOUSE) -> dict[str, Path]:
    """Return the modules of the house by dotted name; migrations keep what they once imported."""
    found = {}
    for path in sorted(house.rglob("*.py")):
        if "migrations" not in path.parts:
            parts = path.relative_to(house.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(name: str, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that one imports, anywhere in it: inside a function too."""
    path = known[name]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *(node.module.split(".") if node.module else [])]
            names = [".".join([*base, alias.name]) for alias in node.names]
            yield from (full if full in known else ".".join(base) for full in names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def module_imports(known: dict[str, Path]) -> dict[str, set[str]]:
    """Return the modules of the house that each module imports."""
    return {name: {other for other in imported(name, known) if other in known} for name in known}


def room_of(name: str) -> str:
    """Return the room of a module; the house itself is none."""
    return name.split(".")[1] if "." in name else ""


def room_imports(known: dict[str, Path]) -> dict[str, set[str]]:
    """Return the rooms that each room imports from."""
    found: dict[str, set[str]] = {name: set() for floor in FLOORS for name in floor}
    for name, others in module_imports(known).items():
        below = {room_of(other) for other in others} - {room_of(name), ""}
        if room_of(name):
            found[room_of(name)] |= below
    return found


def direct_arrows(imports: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Return the arrows between rooms that no longer way of other arrows implies."""

    def reached(room: str) -> set[str]:
        return {other for below in imports[room] for other in {below} | reached(below)}

    return [
        (room, below)
        for room, others in imports.items()
        for below in sorted(others)
        if not any(below in reached(other) for other in others - {below})
    ]


def positions() -> dict[str, tuple[float, float, float]]:
    """Return the left edge, top edge and width of each room's box, in pixels."""
    found = {}
    for level, names in enumerate(reversed(FLOORS)):
        widths = [len(name) * LETTER_WIDTH + 28 for name in names]
        left = (WIDTH - sum(widths) - GAP * (len(names) - 1)) / 2
        for name, width in zip(names, widths, strict=True):
            found[name] = (left, MARGIN + level * FLOOR_HEIGHT, width)
            left += width + GAP
    return found


def picture(known: dict[str, Path]) -> str:
    """Return the rooms and the arrows between them as SVG."""
    places = positions()
    height = 2 * MARGIN + (len(FLOORS) - 1) * FLOOR_HEIGHT + BOX_HEIGHT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>The rooms of meetings/ and the directions of their imports</title>",
        f"<style>{STYLE}</style>",
        '<marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#5b6b7b"/></marker>',
        f'<rect width="{WIDTH}" height="{height}" style="fill:#fff;stroke:none"/>',
    ]
    for upper, lower in direct_arrows(room_imports(known)):
        left, top, width = places[upper]
        x, y = left + width / 2, top + BOX_HEIGHT
        left, end, width = places[lower]
        to, middle = left + width / 2, (y + end) / 2
        curve = f"M{x:g} {y:g}C{x:g} {middle:g} {to:g} {middle:g} {to:g} {end:g}"
        lines.append(f'<path d="{curve}" marker-end="url(#head)"/>')
    for name, (left, top, width) in places.items():
        lines.append(f'<rect x="{left:g}" y="{top}" width="{width}" height="{BOX_HEIGHT}" rx="3"/>')
        lines.append(f'<text x="{left + width / 2:g}" y="{top + 23}">{escape(name)}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(modules()), encoding="utf-8")
