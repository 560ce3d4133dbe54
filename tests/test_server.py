"""The server: slow, silent and too large requests disturb nobody; it ends and begins in order."""

import os
import signal
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

import pytest
from django.conf import settings
from django.db import connection
from waitress.adjustments import Adjustments

from diplomacy import server
from tests.servers import Site

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]

CLIENTS = 60
SIGN_IN = "/admin/login/"
CHOOSE = "/admin/meetings/import/choose/"
HEADER = f"POST {SIGN_IN} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken={32 * 'a'}\r\n".encode()
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    file = tmp_path_factory.mktemp("served") / "record.sqlite3"
    with django_db_blocker.unblock(), closing(sqlite3.connect(file)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    with Site(f"sqlite:///{file}", COSTLY_REQUESTS_A_MINUTE="0") as site:
        yield site


@contextmanager
def opened(site, data: bytes, drip: bytes = b""):
    """Hold connections open that began a request, and go on with it by a byte a second, if at all.

    Yields them; they are closed in the end.
    """
    clients = [socket.create_connection(("127.0.0.1", site.port), 30) for _ in range(CLIENTS)]
    over = threading.Event()

    def go_on():
        while drip and not over.wait(1):
            for each in clients:
                # The server may have closed it by now.
                with suppress(OSError):
                    each.sendall(drip)

    for each in clients:
        each.sendall(data)
    thread = threading.Thread(target=go_on)
    thread.start()
    yield clients
    over.set()
    thread.join()
    for each in clients:
        each.close()


def seconds(site, path="/meetings/"):
    """Return the median of how long a page takes."""
    times = []
    for _ in range(9):
        began = time.perf_counter()
        assert site.get(path)[0] == 200
        times.append(time.perf_counter() - began)
    return median(times)


@pytest.mark.parametrize(
    ("data", "drip"),
    [
        (HEADER, b""),
        (HEADER + FORM + b"Content-Length: 1000\r\n\r\nusername=", b""),
        (HEADER + b"X-Slow: ", b"x"),
        (HEADER + FORM + b"Content-Length: 1000\r\n\r\nusername=", b"x"),
        (b"", b""),
    ],
    ids=["half a header", "half a body", "drip of a header", "drip of a body", "nothing"],
)
def test_requests_that_are_not_there_whole_disturb_nobody(site, data, drip):
    alone = seconds(site)

    with opened(site, data, drip):
        meanwhile = seconds(site)

    # A millisecond or two are chance.
    assert meanwhile < 2 * alone + 0.01


@pytest.mark.parametrize(
    ("data", "after", "is_late"),
    [
        (HEADER, 9, False),
        (HEADER, 11, True),
        # Half a megabyte may take a hundred seconds more: 500,000 / 5,000.
        (HEADER + b"Content-Length: 1000000\r\n\r\n" + b"x" * 500_000, 105, False),
        (HEADER + b"Content-Length: 1000000\r\n\r\n" + b"x" * 500_000, 115, True),
    ],
)
def test_request_has_ten_seconds_and_longer_while_it_arrives(monkeypatch, data, after, is_late):
    adjustments = Adjustments(max_request_body_size=server.NO_LIMIT)
    adjustments.most_body_bytes = lambda path: MEGABYTE
    request = server.Request(adjustments, connection=None)
    while data:
        data = data[request.received(data) :]
    later = request.began_at + after
    monkeypatch.setattr(server, "monotonic", lambda: later)

    assert request.is_late() == is_late


@pytest.mark.soak
def test_request_that_does_not_arrive_is_cut_off(site):
    began = time.monotonic()
    # At once: each alone would wait as long.
    with opened(site, HEADER) as silent, opened(site, HEADER + b"X-Slow: ", b"x") as slow:
        for client in (silent[0], slow[0]):
            client.settimeout(3 * server.REQUEST_SECONDS)
            with suppress(ConnectionResetError):
                assert client.recv(1) == b""

    assert time.monotonic() - began > server.REQUEST_SECONDS - 1


class Sender:
    """A client that sends a body of a size without ever having all of it."""

    def __init__(self, site, path, size, *, chunked=False):
        self.sent = 0
        self.size = size
        with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as client:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            if not chunked:
                headers["Content-Length"] = str(size)
            body = self.pieces()
            client.request("POST", path, body=body, headers=headers, encode_chunked=chunked)
            answer = client.getresponse()
            self.status, self.text = answer.status, answer.read().decode()

    def pieces(self):
        while self.sent < self.size:
            self.sent += 100_000
            yield b"x" * 100_000


def open_files(site) -> int:
    """Return how many bytes the server's processes have in files that nobody else sees."""
    total = 0
    for found in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(found.name)) != site.process.pid:
                continue
            for file in (found / "fd").iterdir():
                if "(deleted)" in os.readlink(file):
                    total += file.stat().st_size
    return total


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", [SIGN_IN, "/meetings/", "/admin/meetings/meeting/add/"])
def test_body_that_is_too_large_for_its_address_is_refused_in_words(site, path, chunked):
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    refused = Sender(site, path, 40 * MEGABYTE, chunked=chunked)

    assert (refused.status, most) == (413, 2_621_440)
    assert "At this address at most 2.5 MB are read" in refused.text.replace("\xa0", " ")
    assert open_files(site) < MEGABYTE


def test_imports_address_reads_a_file_and_no_more_than_it_may_have(site):
    # Read, and refused for want of a token of the site's own forms.
    assert Sender(site, CHOOSE, 20 * MEGABYTE).status == 403
    assert Sender(site, CHOOSE, 60 * MEGABYTE).status == 413


def test_process_takes_in_as_many_files_as_its_disk_bears(site):
    head = f"POST {CHOOSE} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()
    file = head + FORM + b"Content-Length: 20000000\r\n\r\nfile="
    with ExitStack() as held:
        for _ in range(server.MOST_FILES):
            client = held.enter_context(socket.create_connection(("127.0.0.1", site.port), 20))
            client.sendall(file)
        wait_until(lambda: Sender(site, CHOOSE, 20 * MEGABYTE).status == 429)

        assert Sender(site, CHOOSE, 20 * MEGABYTE, chunked=True).status == 429
        assert Sender(site, CHOOSE, MEGABYTE).status == 403
        assert site.get("/meetings/")[0] == 200

    wait_until(lambda: Sender(site, CHOOSE, 20 * MEGABYTE).status == 403)


def test_what_follows_a_refused_body_is_no_request(site):
    body = b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", site.port), 20)) as client:
        client.sendall(HEADER + b"Content-Length: 9999999\r\n\r\n" + body * 3)
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_client_that_asks_before_it_sends_is_told_at_once(site):
    with closing(socket.create_connection(("127.0.0.1", site.port), 20)) as client:
        client.sendall(HEADER + b"Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n")

        assert client.recv(20).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["/meetings/", "/data/record.zip", "/static/css/base.css"])
def test_head_is_answered_without_a_body(site, method, path):
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=20)) as client:
        client.request(method, path)
        answer = client.getresponse()

        assert answer.status == 200
        assert bool(answer.read()) == (method == "GET")


def test_part_of_a_file_is_answered(site):
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=20)) as client:
        client.request("GET", "/static/css/base.css", headers={"Range": "bytes=0-9"})
        answer = client.getresponse()

        assert (answer.status, len(answer.read())) == (206, 10)


def wait_until(is_so, seconds=20):
    """Ask again and again; a server that just ended answers nothing."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            if is_so():
                return
        time.sleep(0.1)
    pytest.fail("It did not come so.")


def workers(site) -> list[int]:
    return [
        int(pid)
        for task in Path(f"/proc/{site.process.pid}/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]


def test_worker_that_is_killed_comes_again(site):
    (before,) = workers(site)
    os.kill(before, signal.SIGKILL)
    began = time.monotonic()

    statuses = set()
    while not statuses >= {200} and time.monotonic() - began < 10:
        with suppress(OSError):
            statuses.add(site.get("/meetings/")[0])

    assert statuses == {200}
    assert before not in workers(site)


class Impatient(Site):
    """A site that answers within a second, or lets another process begin."""

    options = ("--timeout", "1", "--graceful-timeout", "1")


def test_request_that_is_answered_for_too_long_ends_its_process_alone(site):
    with (
        Impatient(site.database) as impatient,
        closing(sqlite3.connect(site.database.removeprefix("sqlite:///"))) as writer,
    ):
        (before,) = workers(impatient)
        # Who signs in, or fails to, is written down, and waits for longer than that.
        writer.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(impatient.post, SIGN_IN, username="ana", password="no")
            wait_until(lambda: workers(impatient) not in ([before], []))
            writer.rollback()
            with pytest.raises((OSError, HTTPException)):
                asked.result()

        wait_until(lambda: impatient.get("/meetings/")[0] == 200)


def test_requests_that_were_taken_are_answered_before_the_end(site):
    """Stands last: the server is started again for it alone."""
    answers = []
    asking = [
        threading.Thread(target=lambda: answers.append(site.get("/data/record.zip")[0]))
        for _ in range(6)
    ]
    for each in asking:
        each.start()
    time.sleep(0.2)
    site.process.terminate()
    for each in asking:
        each.join()

    assert answers == [200] * 6
    assert site.process.wait(timeout=5) == 0
