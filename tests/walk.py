"""The content's pages as a visitor gets them, each made once for all tests of a worker."""

from functools import cache

from django.http import HttpResponse
from django.test import Client


@cache
def visit(address: str) -> HttpResponse:
    """Return the answer at an address; the content must be there, see ``tests.content``."""
    return Client().get(address)
