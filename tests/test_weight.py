"""What a first visit loads: fonts and style sheets within their budgets, under hashed names."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.core.management import call_command

STATIC = settings.BASE_DIR / "static"
LAYERS = ("tokens", "base", "layout", "components", "print")


def sheet(layer):
    return (STATIC / "css" / f"{layer}.css").read_text()


def size_of(script):
    return sum(path.stat().st_size for path in STATIC.glob(f"fonts/*-{script}-*.woff2"))


def test_style_sheets_of_the_layers_are_within_12_kb_compressed():
    assert sum(len(gzip.compress(sheet(layer).encode())) for layer in LAYERS) <= 12_000


@pytest.mark.parametrize("name", [*LAYERS, "desk"])
def test_style_sheet_has_one_declaration_or_selector_a_line(name):
    """So that a diff shows what changed."""
    strings = re.sub(r"/\*.*?\*/|\([^()]*(\([^()]*\)[^()]*)*\)", "", sheet(name), flags=re.DOTALL)

    assert [line for line in strings.splitlines() if re.search(r"[{;] *\S", line)] == []


@pytest.mark.parametrize(("script", "budget"), [("latin", 62_000), ("cyrillic", 28_000)])
def test_fonts_are_within_their_budget(script, budget):
    assert 0 < size_of(script) <= budget


def test_fonts_come_with_their_licence():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (STATIC / "fonts" / "OFL.txt").read_text()


def test_every_face_waits_for_nothing_and_says_which_letters_it_has():
    found = re.findall(r"@font-face \{(.*?)\}", sheet("tokens"), re.DOTALL)
    faces = [face for face in found if "url(" in face]

    assert len(faces) == 5
    assert all("font-display: swap" in face and "unicode-range" in face for face in faces)


@pytest.fixture
def hashed(tmp_path, settings):
    """Collect the static files under hashed names, as production does."""
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path
    storages = settings.STORAGES
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = storages | {"staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


@pytest.mark.django_db
def test_hashed_sheets_load_the_font_that_the_page_loads_first(hashed, client):
    assert isinstance(staticfiles_storage._wrapped, ManifestStaticFilesStorage)
    html = client.get("/").content.decode()

    first = re.search(r'<link rel="preload" href="/static/([^"]+)"[^>]* crossorigin>', html)[1]
    tokens = re.search(r'href="/static/(css/tokens\.[^"]+)"', html)[1]

    fonts = re.findall(r'url\("([^"]+)"\)', (hashed / tokens).read_text())
    names = {Path(font).name for font in fonts}
    assert len(names) == 5
    assert Path(first).name in names
    assert all((hashed / "fonts" / name).exists() for name in names)
    assert re.fullmatch(r"source-serif-4-latin-400\.[0-9a-f]{12}\.woff2", Path(first).name)
