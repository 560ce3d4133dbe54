"""Django's Redis cache, of which nothing is missed but speed while Redis does not answer."""

import logging
from time import monotonic

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

AWAY_SECONDS = 5
# A cache that does not answer at once is worse than none.
TIMEOUTS = {"socket_timeout": 0.1, "socket_connect_timeout": 0.1, "retry": Retry(NoBackoff(), 0)}

logger = logging.getLogger(__name__)


class RedisCache(DjangoRedisCache):
    """Nothing is kept or found while the server is away; it is tried again after some seconds.

    ``add`` then says that the key was free, and ``incr`` that it was the first: what counts or
    claims by it fails open.
    """

    away_until = 0.0

    def __init__(self, server, params):
        super().__init__(server, params)
        self._options = TIMEOUTS | self._options

    def attempt(self, method, *arguments, missing=None, **options):
        """Return what a method of Django's cache returns, or ``missing`` while Redis is away."""
        if monotonic() < RedisCache.away_until:
            return missing
        try:
            return method(*arguments, **options)
        except RedisError as error:
            RedisCache.away_until = monotonic() + AWAY_SECONDS
            words = "Redis does not answer; for %d s nothing is kept. %s"
            logger.warning(words, AWAY_SECONDS, error)
            return missing

    def add(self, *arguments, **options):
        return self.attempt(super().add, *arguments, missing=True, **options)

    def get(self, key, default=None, version=None):
        return self.attempt(super().get, key, default, version, missing=default)

    def set(self, *arguments, **options):
        self.attempt(super().set, *arguments, **options)

    def touch(self, *arguments, **options):
        return self.attempt(super().touch, *arguments, missing=False, **options)

    def delete(self, *arguments, **options):
        return self.attempt(super().delete, *arguments, missing=False, **options)

    def get_many(self, *arguments, **options):
        return self.attempt(super().get_many, *arguments, missing={}, **options)

    def has_key(self, *arguments, **options):
        return self.attempt(super().has_key, *arguments, missing=False, **options)

    def incr(self, key, delta=1, version=None):
        return self.attempt(super().incr, key, delta, version, missing=delta)

    def set_many(self, *arguments, **options):
        return self.attempt(super().set_many, *arguments, missing=[], **options)

    def delete_many(self, *arguments, **options):
        self.attempt(super().delete_many, *arguments, **options)

    def clear(self):
        return self.attempt(super().clear, missing=False)
