"""Puts each fault into a copy of the code, and runs the test that must fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from . import MUTANTS, ROOT
from .mutant import Mutant

COPIED = ("access", "diplomacy", "fixtures", "meetings", "static", "templates", "tests")


def run(folder: str, *tests: str) -> int:
    """Run tests in a copy of the project; return pytest's exit code: 0 passed, 1 failed."""
    command = (sys.executable, "-B", "-m", "pytest", "-q", "-x", *tests)
    environment = os.environ | {"DATABASE_URL": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    return done.returncode


def problem(folder: str, mutant: Mutant) -> str:
    """Return what is wrong with a mutant: its text is gone, or its test passes; or nothing."""
    file = Path(folder, mutant.path)
    original = file.read_text(encoding="utf-8") if file.exists() else ""
    if original.count(mutant.old) != 1:
        return f"{mutant.path} does not hold its text once. Write the fault as it would be now."
    file.write_text(original.replace(mutant.old, mutant.new), encoding="utf-8")
    code = run(folder, mutant.test)
    file.write_text(original, encoding="utf-8")
    if code > 1:
        return f"{mutant.test} cannot be run."
    return "" if code else f"{mutant.test} passes all the same."


def main() -> None:
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.promise for word in sys.argv[1:])]
    if not chosen:
        sys.exit("No promise has these words.")
    survivors = 0
    with TemporaryDirectory() as folder:
        for name in COPIED:
            shutil.copytree(ROOT / name, Path(folder, name))
        shutil.copy(ROOT / "pyproject.toml", folder)
        if run(folder, *{mutant.test for mutant in chosen}):
            sys.exit("A test that is named here fails without a fault, or is not there.")
        for mutant in chosen:
            found = problem(folder, mutant)
            print("SURVIVES" if found else "killed  ", mutant.promise, found, flush=True)
            survivors += bool(found)
    if survivors:
        sys.exit(f"{survivors} of {len(chosen)} faults are not noticed.")


if __name__ == "__main__":
    main()
