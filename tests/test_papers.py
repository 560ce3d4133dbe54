"""What the papers say is so: links, commands, settings, packages, licences."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.core.management import BaseCommand, get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def commands_of(paper):
    """Return the lines of a paper's blocks of commands."""
    blocks = FENCED.findall(paper.read_text(encoding="utf-8"))
    return [line for kind, block in blocks if kind == "sh" for line in block.splitlines()]


def code():
    """Return what all papers have in blocks of commands or between backquotes, with the paper."""
    for paper in PAPERS:
        prose = FENCED.sub("", paper.read_text(encoding="utf-8"))
        for line in [*commands_of(paper), *re.findall(r"`([^`\n]+)`", prose)]:
            yield paper, line


def links():
    """Return all links of the papers to files of the project, each with its paper."""
    for paper in PAPERS:
        for link in re.findall(r"\]\(([^)\s]+)\)", paper.read_text(encoding="utf-8")):
            if "://" not in link:
                yield paper, link


def anchors_of(paper):
    """Return the anchors of a paper's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", paper.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def options_of(name):
    """Return the options that a command takes."""
    command = load_command_class(get_commands()[name], name)
    return set(command.create_parser("manage.py", name)._option_string_actions)


# Papers


def test_readme_is_read_in_one_go():
    assert len(text_of("README.md").splitlines()) <= 150


def test_links_lead_to_files_and_headings():
    for paper, link in links():
        path, _, anchor = link.partition("#")
        target = (paper.parent / path).resolve() if path else paper

        assert target.is_file(), f"{paper}: {link}"
        assert not anchor or anchor in anchors_of(target), f"{paper}: {link}"


def test_every_paper_is_linked_from_the_readme_or_the_list_of_decisions():
    lists = {README, ROOT / "docs" / "decisions" / "README.md"}

    linked = {
        (paper.parent / link.partition("#")[0]).resolve()
        for paper, link in links()
        if paper in lists
    }

    assert set(PAPERS) - linked == {README}


def test_ten_questions_about_rules_are_answered_by_modules_that_exist():
    rows = re.findall(r"^\| … (.+\?) \| `(.+)` \|$", text_of("CONTRIBUTING.md"), re.MULTILINE)

    assert len({question for question, _ in rows}) == 10
    assert [path for _, path in rows if not (ROOT / path).is_file()] == []


def test_walks_through_the_architecture_name_modules_that_exist():
    walks = text_of("docs/architecture.md").split("\n## ")[2:]

    assert [walk.splitlines()[0] for walk in walks] == ["A page", "A save", "An import", "A search"]
    for walk in walks:
        passed = set(re.findall(r"`(meetings/[\w/]+\.py)`", walk))
        assert len(passed) > 5
        assert [path for path in passed if not (ROOT / path).is_file()] == []


def test_map_of_the_readme_names_what_is_there():
    block = next(block for kind, block in FENCED.findall(text_of("README.md")) if not kind)

    for indent, name in re.findall(r"^( {0,2})([\w./]+) ", block, re.MULTILINE):
        assert (ROOT / ("meetings" if indent else "") / name).exists(), name
    for name in re.findall(r"\b\w+\.py\b", block):
        assert [*ROOT.glob(f"meetings/**/{name}"), *ROOT.glob(f"tests/{name}")], name


# Commands


def test_commands_and_their_options_exist():
    names = "|".join(get_commands())
    for paper, line in code():
        found = re.match(rf"(?:.*\bmanage\.py )?({names})( .*)?$", line)
        assert found or "manage.py " not in line, f"{paper}: {line}"

        words = shlex.split(found[2] or "", comments=True) if found else []
        options = {word for word in words if word.startswith("-")}
        assert not options or options <= options_of(found[1]), f"{paper}: {line}"


def test_options_of_import_record_are_listed():
    table = re.findall(r"^\| `--.*", text_of("docs/importing.md"), re.MULTILINE)

    listed = set(re.findall(r"`(--[\w-]+)", "\n".join(table)))

    of_every_command = BaseCommand().create_parser("", "")._option_string_actions
    assert listed == options_of("import_record") - set(of_every_command)


def test_make_targets_exist():
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    for paper, line in code():
        named = re.findall(r"\bmake (?:[A-Z]+=\S+ )*(\w+)", line)
        assert set(named) <= targets, f"{paper}: {line}"


@pytest.fixture
def checkout(tmp_path):
    """A clone in which ``make run`` was called: its environment, its key and a database."""
    for name in ("access", "meetings", "templates", "static", "fixtures"):
        (tmp_path / name).symlink_to(ROOT / name)
    # These find other files from where they themselves are.
    shutil.copy(ROOT / "manage.py", tmp_path)
    shutil.copytree(ROOT / "diplomacy", tmp_path / "diplomacy")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "secret_key").write_text("key-of-this-checkout\n")
    return tmp_path


def run_in(folder, lines):
    """Give commands in a folder, with nothing set for the project; return what they say.

    One process gives them all, since most of the time of each goes into its start.
    """
    give = "import manage, shlex, sys\nfor line in sys.argv[1:]:"
    give += "\n    sys.argv = shlex.split(line, comments=True)[1:]\n    manage.main()"
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [".venv/bin/python", "-c", give, *lines]
    answer = subprocess.run(
        command, cwd=folder, env=kept, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.splitlines()


def test_commands_of_the_readme_work_as_printed_after_make_run(checkout):
    (checkout / "sources.csv").write_text("slug,title,kind\nminutes,Minutes,transcript\n")
    printed = [line for line in commands_of(README) if "manage.py" in line]

    said = run_in(checkout, [".venv/bin/python manage.py migrate --verbosity 0", *printed])

    assert said == [
        "0 rows of 17 tables in record.zip.",
        "Would add 1 rows and change 0; 0 stay as they are.",
        "Import 1: added 1 rows and changed 0; 0 stay as they are.",
        "Undone: 1 entries. Kept as they are: 0.",
    ]


# Settings


def test_settings_that_are_read_are_listed():
    readers = {"flag", "comma_separated", "whole_number", "one_of", "os.environ.get"}
    calls = [
        node
        for node in ast.walk(ast.parse(text_of("diplomacy/settings.py")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in readers
    ]

    read = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}

    listed = re.findall(r"^\| `([A-Z_]+)` \|", text_of("docs/deploying.md"), re.MULTILINE)
    assert sorted(listed) == sorted(read)


# Packages


def requirements_of(name):
    """Return the lines of a list of packages, each with its hashes."""
    lines = text_of(name).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.strip() and not line.strip().startswith("#")]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_packages_are_pinned_with_hashes_and_no_host_is_named(name):
    for line in requirements_of(name):
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:", line), line
    assert "://" not in text_of(name)


def test_tests_run_with_the_packages_that_the_site_runs_with():
    site = {line.split()[0] for line in requirements_of("requirements.txt")}

    assert site <= {line.split()[0] for line in requirements_of("requirements-dev.txt")}


def test_packages_that_the_code_imports_are_named():
    imported = set()
    for file in [*ROOT.glob("diplomacy/**/*.py"), *ROOT.glob("meetings/**/*.py")]:
        text = file.read_text(encoding="utf-8")
        imported |= set(re.findall(r"^ *(?:from|import) (\w+)", text, re.MULTILINE))

    packages = packages_distributions()
    needed = {packages[name][0].lower() for name in imported if name in packages}

    assert needed <= set(re.findall(r"^[\w-]+", text_of("requirements.in"), re.MULTILINE))


# What contributors expect


def test_workflow_runs_what_ci_runs():
    assert "run: bash .ci/run\n" in text_of(".github/workflows/ci.yml")
    assert "exec make test\n" in text_of(".ci/run")


def test_hooks_call_the_tools_of_the_project():
    tools = re.findall(r"entry: \.venv/bin/(\w+)", text_of(".pre-commit-config.yaml"))

    assert set(tools) == {"ruff", "mypy", "djade", "djhtml", "djlint"}
    assert all((Path(sys.executable).parent / tool).is_file() for tool in tools)


def test_licences_are_named_where_they_are_looked_for():
    assert text_of("LICENSE").startswith("BSD 3-Clause License\n")
    assert 'license = "BSD-3-Clause"' in text_of("pyproject.toml")
    assert "CC BY 4.0" in text_of("LICENSE-content.md")
