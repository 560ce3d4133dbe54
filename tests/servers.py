"""The site, served to tests by processes of its own, on a database that they can see."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

from .shipped import without_tls, write_nginx

ROOT = Path(__file__).parents[1]
START_SECONDS = 30
THREADS = 4
NGINX = Path("/usr/sbin/nginx")


def address_of_database() -> str:
    """Return the address of the tests' database, for other processes; not of SQLite's in memory."""
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def process(
    database: str,
    *command: str,
    cache: str = "",
    out: int = subprocess.DEVNULL,
    err: int = subprocess.DEVNULL,
    **environment: str,
) -> subprocess.Popen:
    """Start a process of the site, as in production; ``out`` and ``err`` take what it prints."""
    settings = {
        "DATABASE_URL": database,
        "CACHE_URL": cache,
        "DJANGO_SETTINGS_MODULE": "tests.production_settings",
        "SECRET_KEY": "for tests only",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEBUG": "",
    }
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | settings | environment,
        stdout=out,
        stderr=err,
        start_new_session=True,
    )


class Server:
    """A process that serves at a port of its own until the ``with`` block ends."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = self.start()

    def start(self) -> subprocess.Popen:
        raise NotImplementedError

    def __enter__(self):
        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS and self.process.poll() is None:
            try:
                if self.get("/healthz")[0] == 200:
                    return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        pytest.fail("The server does not answer.")

    def __exit__(self, *raised):
        self.process.terminate()
        self.process.wait(timeout=20)

    def kill(self) -> None:
        """End all its processes at once, as a machine that fails."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and text of the answer to a visitor."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Return the answer to a form, sent with a token against forgery."""
        token = "a" * 32
        headers = {
            "Cookie": f"csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(fields | {"csrfmiddlewaretoken": token})
        return self.ask("POST", path, body=body, headers=headers)

    def ask(self, method: str, path: str, **request) -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as asked:
            asked.request(method, path, **request)
            answer = asked.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")


class Site(Server):
    """The site, served as in production."""

    workers = 1
    options: tuple[str, ...] = ()

    def __init__(self, database: str, **environment: str):
        self.database, self.environment = database, environment
        super().__init__()

    def start(self):
        options = ("--bind", f"127.0.0.1:{self.port}", "--threads", f"{THREADS}")
        options += ("--workers", f"{self.workers}", *self.options)
        command = ("-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", *options)
        return process(self.database, *command, **self.environment)


class Proxy(Server):
    """nginx with the site that is shipped, in front of servers: it asks another one in need."""

    def __init__(self, servers: list[Server], folder: Path):
        if not NGINX.exists():
            # With CI=true nothing is skipped; elsewhere the gate's last lines name it.
            words = f"{NGINX} is missing: install nginx."
            pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)
        self.servers, self.folder = servers, folder
        super().__init__()

    def start(self):
        servers = [each.port for each in self.servers]
        changes = without_tls(self.port, servers, self.folder)
        conf = write_nginx(self.folder, changes)
        command = [str(NGINX), "-e", "stderr", "-p", str(self.folder), "-c", str(conf)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
