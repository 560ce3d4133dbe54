"""Sign of life of the worker, in the cache that all processes share.

Without CACHE_URL that is a folder of this machine, where the worker then runs, too.
"""

import logging
from threading import Thread
from time import sleep

from django.core.cache import caches

BEAT_SECONDS = 10
ALIVE_SECONDS = 60
KEY = "worker-heartbeat"

logger = logging.getLogger(__name__)


def start() -> None:
    """Give a sign of life every few seconds, from a thread that ends with the process."""
    Thread(target=keep_beating, daemon=True).start()


def keep_beating() -> None:
    while True:
        beat()
        sleep(BEAT_SECONDS)


def beat() -> None:
    try:
        caches["shared"].set(KEY, True, ALIVE_SECONDS)
    # Without CACHE_URL it is a file, and its disk may be full.
    except OSError as error:
        logger.warning("The worker cannot say that it is alive: %s", error)


def is_alive() -> bool:
    """Return whether a worker gave a sign of life within the last minute."""
    return bool(caches["shared"].get(KEY))
