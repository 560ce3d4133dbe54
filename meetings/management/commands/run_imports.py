"""``run_imports``: the worker for what takes long or is due, which runs as long as the site.

It publishes scheduled changes at their time, works on large imports, and when there is none, on
the zip of a large record.
"""

import os
import signal
from threading import Thread
from time import sleep

from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from meetings.editing.scheduled_proposals import publish_next_due
from meetings.exporting import package
from meetings.importing import heartbeat, worker

PAUSE_SECONDS = 1.0


def end_with_parent(parent):
    """End this process once its parent has ended for any reason."""
    while os.getppid() == parent:
        sleep(PAUSE_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


class Command(BaseCommand):
    help = (
        "Publishes scheduled changes; plans, carries out and takes back large imports; packs a"
        " large record as a zip."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="End when there is no more to do.")
        parser.add_argument(
            "--with-parent", action="store_true", help="End with the process that started it."
        )

    def handle(self, *, once, with_parent, **options):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if with_parent:
            Thread(target=end_with_parent, args=[os.getppid()], daemon=True).start()
        heartbeat.start()
        try:
            while self.step() or not once:
                pass
        except KeyboardInterrupt:
            self.stdout.write("No more imports are worked on.")

    def step(self):
        """Work on what is next, or wait a little; return whether there was anything."""
        try:
            is_done = publish_next_due() or worker.run_next() or package.make_ahead()
        except OperationalError as error:
            # The database is busy, or away for a while.
            self.stderr.write(f"The database does not answer: {error}")
            connection.close()
            is_done = False
        if not is_done:
            sleep(PAUSE_SECONDS)
        return is_done
