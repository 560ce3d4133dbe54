"""The site, served to tests by processes of its own, on a database that they can see."""

import os
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

ROOT = Path(__file__).parents[1]
START_SECONDS = 30


def address_of_database() -> str:
    """Return the address of the tests' database, for other processes; not of SQLite's in memory."""
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**connection.settings_dict)


def process(database: str, *command: str, cache: str = "", **environment: str) -> subprocess.Popen:
    """Start a process of the site with the settings of production."""
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
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class Server:
    """The site, served at a port of its own until the ``with`` block ends."""

    def __init__(self, database: str, **environment: str):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        options = ("--bind", f"127.0.0.1:{self.port}", "--threads", "4", "--no-control-socket")
        command = ("-m", "gunicorn", "diplomacy.wsgi", *options)
        self.process = process(database, *command, **environment)

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
