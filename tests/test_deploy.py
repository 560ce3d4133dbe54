"""The files of ``deploy/``, as the programs that read them judge them, and as they work."""

import gzip
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.db import connection

from .servers import NGINX, ROOT, Proxy, Site, process
from .shipped import SITE, replaced, write_nginx

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
CHOOSE = "/admin/meetings/import/choose/"


def program(name: str) -> str:
    """Return the path of a program, without which the test is skipped; with CI=true it fails."""
    places = f"{os.environ['PATH']}:{Path(sys.executable).parent}:/usr/sbin"
    if found := shutil.which(name, path=places):
        return found
    words = f"{name} is missing."
    return pytest.fail(words) if os.environ.get("CI") == "true" else pytest.skip(words)


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_nginx_takes_the_site_as_it_is_shipped(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    name = ("-subj", "/CN=record.example", "-nodes", "-days", "1")
    run(program("openssl"), "req", "-x509", *name, "-keyout", key, "-out", certificate)
    letsencrypt = "/etc/letsencrypt/live/record.example"
    changes = {
        f"{letsencrypt}/fullchain.pem": str(certificate),
        f"{letsencrypt}/privkey.pem": str(key),
    }
    conf = write_nginx(tmp_path, changes)

    tried = run(program("nginx"), "-t", "-e", "stderr", "-p", str(tmp_path), "-c", str(conf))

    assert tried.returncode == 0, tried.stderr
    assert "warn" not in tried.stderr


@pytest.fixture(scope="module")
def proxy(django_db_setup, django_db_blocker, tmp_path_factory):
    """nginx in front of the site, with the static files that ``prepare`` would collect."""
    folder = tmp_path_factory.mktemp("proxied")
    file = folder / "record.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(file)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    database = f"sqlite:///{file}"
    folder.chmod(0o755)
    production = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "diplomacy.settings"}
    collect = process(database, "manage.py", "collectstatic", "--no-input", **production)
    assert collect.wait(timeout=60) == 0
    with Site(database, PROXIES="1", **production) as site, Proxy([site], folder) as proxy:
        proxy.static = folder / "staticfiles"
        yield proxy


def ask(proxy, path, method="GET", sender="127.0.0.1", **request):
    """Return the status, headers and body of an answer to a client of this machine."""
    address = {"timeout": 20, "source_address": (sender, 0)}
    with closing(HTTPConnection("127.0.0.1", proxy.port, **address)) as client:
        client.request(method, path, **request)
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read()


def test_proxy_keeps_static_files_from_the_site(proxy):
    page = ask(proxy, "/")[2].decode()
    (path,) = re.findall(r"/static/css/base\.[0-9a-f]{12}\.css", page)

    status, headers, body = ask(proxy, path, headers={"Accept-Encoding": "gzip"})

    assert status == 200
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable" or (
        headers.get_all("Cache-Control") == ["max-age=315360000", "public, immutable"]
    )
    assert headers["Content-Encoding"] == "gzip"
    assert b"@layer" in gzip.decompress(body)
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_list_of_static_files_is_not_served(proxy):
    assert ask(proxy, "/static/staticfiles.json")[0] == 404


def test_proxy_hands_on_answers_as_they_are_compressed(proxy):
    status, headers, body = ask(proxy, "/meetings/", headers={"Accept-Encoding": "gzip"})

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert "<h1>" in gzip.decompress(body).decode()
    assert headers["Permissions-Policy"]


@pytest.mark.parametrize(
    ("path", "size", "statuses"),
    [
        ("/admin/login/", 2_800_000, {413}),
        ("/admin/login/", 20_000_000, {413}),
        (CHOOSE, 20_000_000, {302, 403}),
        (CHOOSE, 60_000_000, {413}),
    ],
)
def test_only_the_imports_address_takes_files(proxy, path, size, statuses):
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    assert ask(proxy, path, "POST", body=b"x" * size, headers=form)[0] in statuses


def test_clients_that_do_not_finish_their_requests_keep_nobody_out(proxy):
    half = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n"
    held = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(60)]
    for number, client in enumerate(held):
        client.sendall(half + b"\r\nusername=" * (number % 2))

    assert [proxy.get("/meetings/")[0] for _ in range(5)] == [200] * 5
    for client in held:
        client.close()


def test_proxy_refuses_passwords_after_twenty_and_goes_on_showing_the_form(proxy):
    """Answers of the site have a number of their request; the proxy's have none."""
    found = [ask(proxy, "/admin/login/", "POST", "127.0.0.2", body=b"a=b") for _ in range(40)]

    refused = [(status, headers) for status, headers, _ in found if "X-Request-ID" not in headers]
    assert 15 <= len(refused) <= 20
    assert {(status, headers["Retry-After"]) for status, headers in refused} == {(429, "60")}
    assert ask(proxy, "/admin/login/", sender="127.0.0.2")[0] == 200


def test_units_are_what_systemd_reads(tmp_path):
    python = "/opt/record/.venv/bin/"
    for unit in UNITS:
        text = unit.read_text().replace(f"{python}gunicorn", "/bin/true")
        (tmp_path / unit.name).write_text(text.replace(f"{python}python", "/bin/true"))

    tried = run(
        program("systemd-analyze"), "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))
    )

    assert tried.returncode == 0, tried.stderr
    assert "record-" not in tried.stderr, tried.stderr


def test_units_of_one_site_agree():
    """User, folders and environment stand in each; so does what they may not do."""
    services = [unit.read_text() for unit in UNITS if unit.suffix == ".service"]
    names = ("User", "WorkingDirectory", "EnvironmentFile", "StateDirectory", "ProtectSystem")
    for name in names:
        values = {tuple(re.findall(f"^{name}=(.*)$", text, re.MULTILINE)) for text in services}
        assert len(values) == 1, (name, values)
        assert len(*values) == 1


def test_dockerfile_has_no_fault_that_hadolint_knows():
    tried = run(program("hadolint"), str(ROOT / "deploy" / "Dockerfile"))

    assert (tried.returncode, tried.stdout) == (0, "")


def test_image_holds_what_it_starts():
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().split()

    assert 'ENTRYPOINT ["sh", "deploy/start.sh"]' in text
    assert not {"deploy", "manage.py", "meetings", "fixtures", "templates"} & set(ignored)
    assert run("sh", "-n", str(ROOT / "deploy" / "start.sh")).returncode == 0


def test_address_of_the_proxy_is_the_servers():
    """Each file says it by itself."""
    bind = re.findall(r'bind = "(.*)"', (ROOT / "deploy" / "gunicorn.conf.py").read_text())

    assert replaced(SITE.read_text(), {f"server {bind[0]} ": ""})
    assert NGINX.name == "nginx"
