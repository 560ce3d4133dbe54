"""The worker that gunicorn starts: waitress takes requests in, and threads get them whole.

gunicorn starts, watches and ends the processes. In each, waitress reads and writes for all clients
at once, so that a slow or silent one holds no thread (docs/decisions/requests-read-whole.md).
"""

import logging
import os
import socket
from itertools import chain
from time import monotonic, time

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

# A request is there whole after so many seconds, and longer for what it sends as fast as this.
REQUEST_SECONDS = 10
SLOWEST_BYTES_A_SECOND = 5_000
IDLE_SECONDS = 20
LONGEST_HEADER_BYTES = 32 * 1024
# Files for imports, which lie on the disk before the site knows who sends them; of each process.
MOST_FILES = 8
# The name by which the site is told of one more (HTTP_…); who sends it is refused as well.
TOO_MANY_FILES = "TOO_MANY_FILES"
# So long is read, and thrown away, what is still sent of a body that was refused. Without, a
# client would be cut off before it reads the answer (RFC 9112, 9.6).
REFUSED_SECONDS = 10
POLL_SECONDS = 1.0
NO_LIMIT = 1 << 62

logger = logging.getLogger(__name__)


class Request(HTTPRequestParser):
    """A request while it is read, within the time and up to the size that its address allows.

    Of one that is too large the site gets the header alone, and answers it.
    """

    is_refused = is_file = False

    def __init__(self, adj, connection):
        super().__init__(adj)
        self.connection = connection
        self.began_at = monotonic()
        self.received_bytes = 0

    def received(self, data):
        consumed = super().received(data)
        self.received_bytes += consumed
        if self.chunked and not self.completed:
            self.refuse_if_too_large(self.body_bytes_received)
        # What follows of a body that was refused is no other request.
        return len(data) if self.is_refused else consumed

    def parse_header(self, header_plus):
        super().parse_header(header_plus)
        self.refuse_if_too_large(self.content_length)

    def refuse_if_too_large(self, size):
        """Refuse a body that is too large, or that is large beside as many as are taken in."""
        if size > self.adj.most_body_bytes(self.path):
            self.refuse(size)
        elif not self.is_file and size > self.adj.most_body_bytes(""):
            if self.connection.server.files() < MOST_FILES:
                self.is_file = True
            else:
                self.headers[TOO_MANY_FILES] = "1"
                self.refuse(size)

    def refuse(self, size):
        """Be complete without a body, and with its size in the header."""
        self.is_refused = self.connection.is_refused = self.completed = True
        self.expect_continue = False
        if self.body_rcv is not None:
            self.body_rcv.getbuf().close()
            self.body_rcv = None
        self.headers |= {"CONTENT_LENGTH": str(size), "CONNECTION": "close"}

    def is_late(self):
        most = REQUEST_SECONDS + self.received_bytes / SLOWEST_BYTES_A_SECOND
        return monotonic() - self.began_at > most


class Connection(HTTPChannel):
    """A client's connection, which ends if a request or its answer does not get on."""

    is_refused = False
    refused_until = 0.0
    answering_since = 0.0

    def parser_class(self, adj):
        return Request(adj, self)

    def service(self):
        self.answering_since = monotonic()
        super().service()
        self.answering_since = 0.0

    def is_busy(self):
        """Return whether a request was received and its answer has not been sent whole."""
        return bool(self.requests or self.total_outbufs_len)

    def end_if_late(self):
        """End where a request does not arrive, an answer is not taken, or a refusal was read."""
        is_late = self.request is not None and self.request.is_late()
        is_idle = self.total_outbufs_len and time() - self.last_activity > IDLE_SECONDS
        if is_late or is_idle:
            self.will_close = True
        if self.refused_until and monotonic() > self.refused_until:
            self.handle_close()

    # After a refusal the answer is sent, and what the client still sends is thrown away.

    def handle_close(self):
        if not self.is_refused or self.refused_until or not self.connected:
            super().handle_close()
            return
        self.refused_until = monotonic() + REFUSED_SECONDS
        self.will_close = False
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            super().handle_close()

    def readable(self):
        return bool(self.refused_until) or super().readable()

    def handle_read(self):
        if not self.refused_until:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)
        except OSError:
            self.handle_close()


class Server(TcpWSGIServer):
    channel_class = Connection

    def files(self):
        """Return how many files lie on the disk, until their requests are answered."""
        held = [(*each.requests, each.request) for each in list(self.active_channels.values())]
        return sum(bool(request and request.is_file) for request in chain(*held))

    def maintenance(self, now):
        super().maintenance(now)
        for connection in list(self.active_channels.values()):
            connection.end_if_late()


class WholeRequestWorker(Worker):
    """A process that answers with ``--threads`` threads, on ``--worker-connections`` connections.

    A request that is answered for longer than ``--timeout`` lets the process end once it has
    answered the others; gunicorn starts another one.
    """

    def run(self):
        # The server knows the site only once it is loaded.
        from meetings.middleware import most_body_bytes

        # A thread is busy now and then; a line for each request that waits would fill the log.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        adjustments = Adjustments(
            threads=self.cfg.threads,
            connection_limit=self.cfg.worker_connections,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=1,
            max_request_header_size=LONGEST_HEADER_BYTES,
            max_request_body_size=NO_LIMIT,
            recv_bytes=1 << 16,
            asyncore_use_poll=True,
            # Which of them are believed is the site's to say (PROXIES).
            clear_untrusted_proxy_headers=False,
            ident=None,
        )
        adjustments.most_body_bytes = most_body_bytes
        self.connections = {}
        threads = ThreadedTaskDispatcher()
        threads.set_thread_count(self.cfg.threads)
        self.servers = [self.server(bound.sock, threads, adjustments) for bound in self.sockets]
        while self.alive and self.ppid == os.getppid():
            self.take_turn()
            self.end_if_stuck()
        self.finish()
        threads.shutdown(timeout=1)

    def server(self, listening, threads, adjustments):
        family, kind = listening.family, listening.type
        return Server(
            self.wsgi,
            self.connections,
            _sock=listening,
            dispatcher=threads,
            adj=adjustments,
            sockinfo=(family, kind, listening.proto, listening.getsockname()),
            bind_socket=False,
        )

    def take_turn(self):
        """Read and write what can be now; tell gunicorn that the process lives."""
        self.notify()
        wasyncore.poll2(POLL_SECONDS, self.connections)

    def clients(self):
        return [client for server in self.servers for client in server.active_channels.values()]

    def end_if_stuck(self):
        most = self.cfg.timeout or NO_LIMIT
        for client in self.clients():
            since = client.answering_since
            if since and not client.total_outbufs_len and monotonic() - since > most:
                path = client.requests[0].path if client.requests else ""
                logger.error("%s took more than %d s to answer.", path, most)
                self.alive = False

    def finish(self):
        """Accept no more clients, and answer what was asked, for so long as gunicorn waits."""
        for server in self.servers:
            server.accepting = False
        until = monotonic() + self.cfg.graceful_timeout
        while monotonic() < until and any(client.is_busy() for client in self.clients()):
            self.take_turn()
