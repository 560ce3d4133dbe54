"""Everything `make test` checks, in order; the last lines say what was skipped and why.

`make check` is for every day: the style, the directions of imports, and what was just changed.

With CI=true nothing is skipped: a missing browser or database is a failure.
"""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from getpass import getuser
from pathlib import Path
from tempfile import TemporaryDirectory

from .nu import missing
from .pages import differing
from .servers import NGINX

PAPERS = {"Makefile", "requirements.txt", "requirements-dev.txt", "settings.py"}
ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
IN_CI = os.environ.get("CI") == "true"
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "record.example",
    "SITE_URL": "https://record.example",
    "CONTACT_EMAIL": "desk@record.example",
    "PROXIES": "1",
    "DEBUG": "",
    "DATABASE_URL": "",
}


def tracked(*patterns: str) -> list[str]:
    """Return the project's files that match, without what a build or an environment made."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    return sorted(str(path.relative_to(ROOT)) for path in found)


def run(name: str, *command: str, **environment: str) -> None:
    """Run one check and end everything if it fails."""
    print(f"== {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False)
    print(f"   {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode:
        sys.exit(f"Failed: {name}")


def style() -> None:
    """Check the style of code and templates."""
    templates = tracked("templates/**/*.html")
    run("ruff check", str(BIN / "ruff"), "check", ".")
    run("ruff format", str(BIN / "ruff"), "format", "--check", ".")
    run("djade", str(BIN / "djade"), "--check", "--target-version", "5.2", *templates)
    run("djhtml", str(BIN / "djhtml"), "--check", "--tabwidth", "2", *templates)
    run("djlint", str(BIN / "djlint"), "--lint", "--quiet", "templates")
    run("mypy", str(BIN / "mypy"))


def deployment() -> None:
    """Check the settings as in production, and that no migration is missing."""
    manage = (sys.executable, "-W", "error", "manage.py")
    run("check --deploy", *manage, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    run("makemigrations --check", *manage, "makemigrations", "--check", "--dry-run", **PRODUCTION)


def content() -> None:
    """Check the content by itself: what it says of itself holds for no other record."""
    checks = pytest("-o", "python_files=check_*.py", "tests/fixture_content")
    run("content of fixtures/record.json", *checks, DATABASE_URL="")


def postgresql() -> str | None:
    """Return the address of a PostgreSQL server that answers, or None."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        address = given
    else:
        user = getuser()
        address = f"postgres://{user}@127.0.0.1:5432/{user}"
    code = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=5).close()"
    answer = subprocess.run([sys.executable, "-c", code, address], capture_output=True, check=False)
    return address if answer.returncode == 0 else None


def pytest(*options: str) -> tuple[str, ...]:
    """Return the command that runs the tests, those of a module on one worker.

    Modules keep the order of tests/conftest.py; xdist alone would begin with those of most tests.
    """
    workers = str(min(os.cpu_count() or 1, 8))
    scheduling = ("-n", workers, "--no-loadscope-reorder")
    return (sys.executable, "-m", "pytest", *scheduling, *options)


def second_database() -> str | None:
    """Return the address of PostgreSQL, or None where it may be left out and does not answer."""
    address = postgresql()
    if address is None and IN_CI:
        sys.exit("Failed: no PostgreSQL answers; set DATABASE_URL.")
    return address


def tests() -> list[str]:
    """Run the suite on each database; return what was skipped.

    What a browser sees depends on a page's bytes alone. It looks at them on SQLite; that every
    page is the same on PostgreSQL, byte for byte, is compared at the end (tests/pages.py).
    """
    skipped = [] if IN_CI else [*unseen()]
    with TemporaryDirectory() as folder:
        run("tests on SQLite", *pytest(), DATABASE_URL="", PAGES=folder)
        address = second_database()
        if address is None:
            return [*skipped, "PostgreSQL: start one at 127.0.0.1:5432 or set DATABASE_URL"]
        options = ("-m", "not browser or each_database")
        run("tests on PostgreSQL", *pytest(*options), DATABASE_URL=address, PAGES=folder)
        if pages := differing(Path(folder)):
            sys.exit(f"Failed: pages that differ between the databases: {', '.join(pages)}")
    return skipped


def unseen() -> Iterator[str]:
    """Yield what the tests skip for want of a program, and how to install it."""
    if not shutil.which("chromium"):
        yield "browser tests: install Chromium, for example `apt-get install chromium`"
    if words := missing():
        yield words
    if not NGINX.exists():
        yield f"servers behind a proxy: install nginx, which is looked for at {NGINX}"


def answers(*options: str, address: str = "") -> None:
    """Compare what the site answers with the digests that were kept."""
    name = " ".join(["answers as kept", *options])
    run(name, sys.executable, "-m", "tests.digests", *options, DATABASE_URL=address)


def soak() -> None:
    """Put faults into the code; run on each database, and time, what repeats tests for longer."""
    run("faults are noticed", sys.executable, "-m", "tests.mutants")
    for address in ("", *filter(None, [second_database()])):
        for options in ((), ("--content",)):
            answers(*options, address=address)
    options = ("-m", "soak", "--durations", "0", "--durations-min", "1")
    run("soak on SQLite", *pytest(*options), DATABASE_URL="", SOAK="1")
    if address := second_database():
        run("soak on PostgreSQL", *pytest(*options), DATABASE_URL=address, SOAK="1")


def check() -> None:
    """Check the style, the directions of imports, and what was changed since the last commit."""
    style()
    given = (sys.executable, "-m", "pytest", "-m", "not browser")
    chosen = {"tests/test_architecture.py", *tests_of(changed())}
    run("tests of what changed", *given, *sorted(chosen), DATABASE_URL="")


def changed() -> list[str]:
    """Return the files that differ from the last commit, and those that are new."""
    found = []
    for command in (
        "diff --name-only --diff-filter=d HEAD",
        "ls-files --others --exclude-standard",
    ):
        answer = subprocess.run(
            ["git", *command.split()], cwd=ROOT, capture_output=True, text=True, check=True
        )
        found += answer.stdout.splitlines()
    return found


def tests_of(files: list[str]) -> Iterator[str]:
    """Yield the modules of tests among some files, and those that mirror the others by name.

    Papers, settings and what is installed have one module that holds them together.
    """
    for file in map(Path, files):
        is_package = file.name == "__init__.py"
        name = file.parent.name if is_package else file.stem
        if file.parts[0] == "tests" and file.match("test_*.py"):
            yield str(file)
        elif file.suffix == ".md" or file.name in PAPERS:
            yield "tests/test_papers.py"
        elif file.suffix == ".py" and file.parts[0] in {"access", "meetings"}:
            for pattern in (f"tests/**/test_{name}.py", f"tests/**/test_{name}_*.py"):
                yield from (str(path.relative_to(ROOT)) for path in ROOT.glob(pattern))


def main() -> None:
    if sys.argv[1:] == ["soak"]:
        return soak()
    if sys.argv[1:] == ["check"]:
        return check()
    style()
    deployment()
    content()
    answers("--few")
    skipped = tests()
    print("Everything passed." if not skipped else "Passed, with parts skipped:")
    for part in skipped:
        print(f"  skipped: {part}")
    return None


if __name__ == "__main__":
    main()
