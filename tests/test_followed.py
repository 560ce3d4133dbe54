"""docs/deploying.md, followed line by line in a fresh folder to the first published edit."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
from contextlib import closing, suppress
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest

from meetings.models.sources import SourceKind

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

    def __init__(self, folder: Path):
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

    def follow(self, options: str) -> None:
        """Type the lines, with options for ``prepare``; keep what they print."""
        folder = self.folder
        text = re.sub(r"(?<![\w.])/(etc|var|opt)/", rf"{folder}/\1/", lines_of(PAPER.read_text()))
        # What is installed is there; curl asks once, and the server takes its time to start.
        text = text.replace(".venv/bin/pip install", "true")
        wait = f"for n in $(seq 60); do curl https://{HOST}/healthz && break; sleep 0.5; done"
        text = text.replace("curl ", f"{wait}\ncurl ")
        self.printed = self.shell(text.replace("manage.py prepare", f"manage.py prepare {options}"))

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


def add(site: Followed, model: str, **typed) -> str:
    """Send the form of a new entry; return the address of its own form."""
    path = f"/admin/meetings/{model}/add/"
    typed |= {"change_note": "First.", "_continue": "Save"}
    return site.send(path, site.form(path, f"{model}_form") | typed)


def publish_theme(site: Followed) -> None:
    """Write a theme with a source, and publish it."""
    url = "https://www.example.org/arms"
    kind = SourceKind.values[0]
    source = add(site, "source", title="On arms", slug="on-arms", kind=kind, url=url)
    (number,) = re.findall("/([0-9]+)/change/", source)
    change = add(site, "theme", title="Arms control", slug="arms-control", sources=[number])
    publish = change.replace("/change/", "/publish/")
    site.send(publish, site.form(publish) | {"note": "First."})


@pytest.fixture
def site(request, tmp_path):
    if not NGINX.exists():
        words = f"{NGINX} is missing: install nginx."
        pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
    followed = Followed(tmp_path)
    # Lines that fail leave what was started before them.
    try:
        followed.follow(request.param)
        yield followed
    finally:
        followed.end()


@pytest.mark.parametrize("site", ["--content none"], indirect=True)
def test_paper_leads_from_an_empty_machine_to_a_published_edit(site):
    sign_in(site)
    publish_theme(site)

    assert "Arms control" in site.ask("GET", "/themes/arms-control/")[2]


@pytest.mark.soak
@pytest.mark.parametrize("site", [""], indirect=True)
def test_backup_of_the_site_is_restored_into_a_new_database_row_by_row(site):
    sign_in(site)
    publish_theme(site)
    lines = f"cd {site.folder}/opt/record; set -a; . {site.folder}/etc/record.env; set +a\n"
    manage = "runuser -u record --preserve-environment -- .venv/bin/python manage.py"
    copy = f"{site.folder}/var/backups/record/first.backup"
    other = f"{lines}export DATABASE_URL=sqlite:///{site.folder}/other.sqlite3\n"

    printed = site.shell(f"{lines}{manage} backup {copy}")
    printed += site.shell(f"{other}{manage} restore_backup {copy}")
    printed += site.shell(f"{other}{manage} backup {copy}.again")

    digests = re.findall("[Dd]igest (\\w+)", printed)
    assert len(digests) == 3
    assert len({*digests}) == 1
