"""The steps of ``deploy/Dockerfile``, done in a Debian of their own: no image is built here."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from fnmatch import fnmatch
from http.client import HTTPConnection
from pathlib import Path

import pytest

from .servers import ROOT
from .test_deploy import program

pytestmark = [pytest.mark.soak, pytest.mark.one_database]
DEPLOY = ROOT / "deploy"
SUITE = "bookworm"
START_SECONDS = 120


class Image:
    """A folder with a Debian, in which the instructions of a Dockerfile are carried out."""

    def __init__(self, base: Path, root: Path):
        subprocess.run(["cp", "-a", str(base), str(root)], check=True)
        self.root, self.folder, self.user = root, "/", "0"
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin"}
        self.start: list[str] = []
        self.entry: list[str] = []
        self.health: list[str] = []

    def command(self, *words: str) -> list[str]:
        """Return the command that runs words in the image, as its user and in its folder."""
        names = [f"{name}={value}" for name, value in self.environment.items()]
        inside = f"cd {shlex.quote(self.folder)} && exec {shlex.join(words)}"
        user = f"--userspec={self.user}:{self.user}"
        return ["chroot", user, str(self.root), "/usr/bin/env", "-i", *names, "sh", "-c", inside]

    def run(self, *words: str) -> subprocess.CompletedProcess:
        command = self.command(*words)
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)

    def path(self, inside: str) -> Path:
        return self.root / os.path.join(self.folder, inside).lstrip("/")

    def copy(self, source: Path, target: str) -> None:
        """Copy a file or a folder, without what ``.dockerignore`` names."""
        if source.is_file():
            shutil.copy(source, self.path(target))
            return
        ignored = (ROOT / ".dockerignore").read_text().split()

        def left_out(folder, names):
            return {name for name in names if any(fnmatch(name, each) for each in ignored)}

        shutil.copytree(source, self.path(target), ignore=left_out, dirs_exist_ok=True)


def build(text: str, debian: Path, folder: Path) -> Image:
    """Return the last image of a Dockerfile; an instruction that is not known fails."""
    images: dict[str, Image] = {}
    image = None
    for instruction, given in re.findall(r"^([A-Z]+) (.*)$", text, re.MULTILINE):
        words = given.split()
        if instruction == "FROM":
            name = words[2] if len(words) > 1 else "last"
            image = images[name] = Image(debian, folder / name)
        elif instruction == "WORKDIR":
            image.folder = given
            image.path(".").mkdir(parents=True, exist_ok=True)
        elif instruction == "RUN":
            done = image.run("sh", "-c", given)
            assert done.returncode == 0, done.stdout + done.stderr
        elif instruction == "COPY" and words[0].startswith("--from="):
            source = images[words[0].removeprefix("--from=")].path(words[1])
            subprocess.run(["cp", "-a", str(source), str(image.path(words[2]))], check=True)
        elif instruction == "COPY":
            image.copy(ROOT / words[0], words[1])
        elif instruction == "ENV":
            for pair in shlex.split(given):
                name, _, value = pair.partition("=")
                image.environment[name] = value.replace("$PATH", image.environment["PATH"])
        elif instruction == "USER":
            image.user = given
        elif instruction in {"ENTRYPOINT", "CMD"}:
            setattr(image, "entry" if instruction == "ENTRYPOINT" else "start", json.loads(given))
        elif instruction == "HEALTHCHECK":
            image.health = json.loads(given.partition("CMD ")[2])
        else:
            assert instruction in {"VOLUME", "EXPOSE"}, instruction
    return image


@pytest.fixture(scope="module")
def debian(tmp_path_factory):
    """A Debian with Python alone, as the image's own base."""
    root = tmp_path_factory.mktemp("debian") / "root"
    packages = "--include=python3,python3-venv"
    command = [program("debootstrap"), "--variant=minbase", packages, SUITE, str(root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900)
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    # What the network gives in a build lies there already; also what only its Python needs.
    pins = re.findall(r"^[\w.-]+(?:\[.*?\])?==\S+", (ROOT / "requirements.txt").read_text(), re.M)
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *pins]
    subprocess.run([*download, "--dest", str(root / "packages")], check=True, timeout=600)
    (root / "etc/pip.conf").write_text("[global]\nno-index = true\nfind-links = /packages\n")
    return root


def answer(port: int) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/meetings/")
        response = connection.getresponse()
        return response.status, response.read()


def test_image_serves_the_record_as_a_user_without_rights(debian, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    image = build((DEPLOY / "Dockerfile").read_text(), debian, tmp_path)
    for name in ("deploy/start.sh", "deploy/gunicorn.conf.py"):
        path = image.path(name)
        path.write_text(path.read_text().replace(":8000", f":{port}"))
    health = [word.replace(":8000", f":{port}") for word in image.health]
    image.environment |= {"SECRET_KEY": "for tests only", "ALLOWED_HOSTS": "127.0.0.1"}
    assert image.run("touch", "manage.py").returncode != 0

    assert image.run(*health).returncode != 0
    with (tmp_path / "printed").open("w") as printed:
        server = subprocess.Popen(
            image.command(*image.entry, *image.start),
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + START_SECONDS
        while image.run(*health).returncode and time.monotonic() < until:
            assert server.poll() is None, (tmp_path / "printed").read_text()
            time.sleep(1)
        status, page = answer(port)
        checked = image.run(*image.entry, "check", "--deploy", "--fail-level", "ERROR")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)

    assert status == 200
    assert b"Helsinki" in page
    assert checked.returncode == 0, checked.stderr
    assert image.path("/var/lib/record/db.sqlite3").stat().st_uid == int(image.user)
