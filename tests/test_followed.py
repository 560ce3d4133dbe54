"""docs/deploying.md, followed line by line in a fresh folder to the first published edit."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from .admin.helpers import FormReader
from .servers import NGINX, ROOT

PAPER = ROOT / "docs" / "deploying.md"
HOST = "record.example"
WEAK = "0123456789-a-long-password-of-this-test"


def lines_of(paper: str) -> str:
    """Return the commands of the section that begins with an empty machine."""
    section = paper.split("\n## ")[1]
    assert section.startswith("From an empty Debian")
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 6
    return "\n".join(blocks)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Followed:
    """A machine in a folder, on which the lines of the paper were typed."""

    def __init__(self, folder: Path, prepare: str):
        self.folder, self.tls, self.cookies = folder, free_port(), {}
        for name in ("opt", "var/lib/record", "etc/systemd/system", "etc/nginx/sites-available"):
            (folder / name).mkdir(parents=True)
        (folder / "etc/nginx/sites-enabled").mkdir()
        folder.chmod(0o755)
        self.environment = {
            "PATH": f"{folder}/bin:{os.environ['PATH']}",
            "HOME": str(folder),
            "FOLLOWED_FOLDER": str(folder),
            "FOLLOWED_PORTS": f"{free_port()} {self.tls} {free_port()}",
            "FOLLOWED_DATABASE": f"sqlite:///{folder}/var/lib/record/record.sqlite3",
        }
        put = "from tests import stand_ins; stand_ins.put(stand_ins.FOLDER / 'bin')"
        subprocess.run(
            [sys.executable, "-c", put], cwd=ROOT, env=os.environ | self.environment, check=True
        )
        text = re.sub(r"(?<![\w.])/(etc|var|opt)/", rf"{folder}/\1/", lines_of(PAPER.read_text()))
        # What is installed is there; curl asks once, and the server takes its time to start.
        text = text.replace(".venv/bin/pip install", "true")
        wait = f"for n in $(seq 60); do curl https://{HOST}/healthz && break; sleep 0.5; done"
        text = text.replace("curl ", f"{wait}\ncurl ")
        self.printed = self.shell(text.replace("manage.py prepare", f"manage.py prepare {prepare}"))

    def shell(self, text: str) -> str:
        """Type lines, and return what they print; the first that fails is the last."""
        done = subprocess.run(
            ["bash", "-eu"],
            input=text,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    def end(self) -> None:
        with suppress(FileNotFoundError):
            for number in (self.folder / "started").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(number), signal.SIGTERM)

    def ask(self, method: str, path: str, fields: dict | None = None):
        """Return the status, headers and text of an answer, as a browser with cookies asks."""
        headers = {
            "Host": HOST,
            "Referer": f"https://{HOST}{path}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        context = ssl._create_unverified_context()
        with closing(HTTPSConnection("127.0.0.1", self.tls, context=context, timeout=30)) as client:
            body = urlencode(fields, doseq=True) if fields else None
            client.request(method, path, body=body, headers=headers)
            answer = client.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers, answer.read().decode()

    def form(self, path: str, form_id: str | None = None) -> dict:
        status, _, text = self.ask("GET", path)
        assert status == 200, (path, status)
        reader = FormReader(form_id)
        reader.feed(text)
        return reader.data

    def send(self, path: str, fields: dict) -> str:
        """Send a form that has to be accepted; return where it leads."""
        status, headers, text = self.ask("POST", path, fields)
        assert status == 302, (path, status, re.findall(r"<li>.*</li>", text))
        return headers["Location"].partition("#")[0]


def sign_in(site: Followed) -> None:
    (password,) = re.findall(r"the password (\S+)", site.printed)
    fields = site.form("/admin/login/") | {"username": "admin", "password": password}
    where = site.send("/admin/login/", fields)
    if "password_change" in where or site.ask("GET", "/admin/")[0] == 302:
        new = {"old_password": password, "new_password1": WEAK, "new_password2": WEAK}
        site.send("/admin/password_change/", site.form("/admin/password_change/") | new)


def publish_theme(site: Followed) -> None:
    add = "/admin/meetings/theme/add/"
    typed = {"title": "Arms control", "slug": "arms-control", "change_note": "First."}
    change = site.send(add, site.form(add, "theme_form") | typed | {"_continue": "Save"})
    publish = change.replace("/change/", "/publish/")
    site.send(publish, site.form(publish) | {"change_note": "First.", "note": "First."})


@pytest.fixture(params=["none", pytest.param("fixtures/record.json", marks=pytest.mark.soak)])
def site(request, tmp_path):
    if not NGINX.exists():
        pytest.skip(f"{NGINX} is missing: install nginx.")
    content = "--content none" if request.param == "none" else ""
    # Lines that fail leave what was started before them.
    followed = Followed.__new__(Followed)
    followed.folder = tmp_path
    try:
        followed.__init__(tmp_path, content)
        yield followed
    finally:
        followed.end()


def test_paper_leads_from_an_empty_machine_to_a_published_edit_and_a_restored_backup(site):
    sign_in(site)
    publish_theme(site)

    assert "Arms control" in site.ask("GET", "/themes/arms-control/")[2]

    lines = f"cd {site.folder}/opt/record; set -a; . {site.folder}/etc/record.env; set +a\n"
    manage = "runuser -u record --preserve-environment -- .venv/bin/python manage.py"
    copy = f"{site.folder}/var/backups/record/first.backup"
    made = site.shell(f"{lines}{manage} backup {copy}")
    other = f"{lines}export DATABASE_URL=sqlite:///{site.folder}/other.sqlite3\n"
    restored = site.shell(f"{other}{manage} restore_backup {copy}")
    digests = {digest for text in (made, restored) for digest in re.findall("Digest (\\w+)", text)}

    assert len(digests) == 1
    began = time.monotonic()
    again = site.shell(f"{other}{manage} backup {copy}.2")
    assert digests == set(re.findall("Digest (\\w+)", again))
    assert time.monotonic() - began < 60
