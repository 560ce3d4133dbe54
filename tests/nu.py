"""The Nu Html Checker, an independent reader of HTML: what it finds wrong in a folder of pages."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

JAR = Path(__file__).parent.parent / "node_modules/vnu-jar/build/dist/vnu.jar"


def missing() -> str:
    """Return what has to be installed before the checker runs, or nothing."""
    if not shutil.which("java"):
        return "Java: install a runtime, for example `apt-get install default-jre-headless`"
    if not JAR.exists():
        return "the Nu Html Checker: install npm, then run `npm ci`"
    return ""


def check(folder: Path) -> list[str]:
    """Return the checker's errors and warnings on the HTML files of a folder."""
    if said := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"Missing, and with CI=true nothing is skipped: {said}")
        pytest.skip(f"Missing: {said}")
    command = ["java", "-jar", JAR, "--format", "json", "--stdout", "--exit-zero-always", folder]
    answer = subprocess.run(command, capture_output=True, check=True, text=True)
    return [
        f"{Path(found['url']).name}:{found.get('lastLine')}: {found['message']}"
        f" {found.get('extract', '')!r}"
        for found in json.loads(answer.stdout)["messages"]
    ]
