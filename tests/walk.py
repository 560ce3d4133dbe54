"""The content's pages as a visitor gets them, each made once for all tests of a worker.

Modules that use it share a worker by the mark ``TOGETHER``.
"""

from functools import cache

import pytest
from django.http import HttpResponse
from django.test import Client

TOGETHER = pytest.mark.xdist_group("the content's pages")


@cache
def visit(address: str) -> HttpResponse:
    """Return the answer at an address; the content must be there, see ``tests.content``."""
    return Client().get(address)
