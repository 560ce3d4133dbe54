"""Processor time of public answers: kept, told to be unchanged, and made.

Each as a ratio to a bare view that says hello, under the same settings and middleware in the same
run, for the content of ``fixtures/``.

python -m benchmarks.answers [--rounds 20]
"""

import argparse
import io
import logging
import os
import time
from collections.abc import Callable
from statistics import median

from django.http import HttpResponse

from .records import set_up_django, temporary_database

HELLO = "/hello"
REQUESTS_A_ROUND = 20
# Of each kind of page, the one that most is joined to.
PATHS = ("/", "/meetings/", "/reactions/", "/issues/by-meeting/", "/data/", "/search/?q=crimea")
FILES = ("/meetings.json", "/reactions.csv", "/meetings.atom", "/sitemap.xml", "/card.png")


def hello(request):
    return HttpResponse("Hello")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    os.environ["DEBUG"] = ""
    set_up_django()
    set_up_site()
    with temporary_database():
        print_ratios(rounds)


def set_up_site() -> None:
    """Keep answers as in production, and add the bare view; write no line for each request."""
    from django.conf import settings
    from django.urls import include, path

    import diplomacy.settings

    settings.CACHES = diplomacy.settings.CACHES
    settings.WHITENOISE_AUTOREFRESH = False
    logging.getLogger("meetings.requests").setLevel(logging.WARNING)
    settings.ROOT_URLCONF = (path(HELLO[1:], hello), path("", include("diplomacy.urls")))


def print_ratios(rounds: int) -> None:
    """Load the content, and print the ratios of each address."""
    from django.conf import settings
    from django.core.cache import caches
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from meetings.editing.revisions import record_loaded
    from meetings.models import Issue, Meeting, Source

    call_command("loaddata", "record", verbosity=0)
    record_loaded()
    application = get_wsgi_application()
    rows = (longest(Meeting, "accounts"), longest(Issue, "accounts"), longest(Source, "meetings"))
    details = [row.get_absolute_url() for row in rows]

    def ask(address, **headers):
        return lambda: answer(application, address, **headers)

    def ask_of_nothing(address):
        caches["pages"].clear()
        caches["shared_pages"].clear()
        ask(address)()

    hello_again = ask(HELLO)
    bare = median(seconds(hello_again) for _ in range(rounds))
    cache = settings.CACHES["shared_pages"]["BACKEND"].rpartition(".")[2]
    print(f"{connection.vendor}, {cache}; hello takes {bare * 1000:.2f} ms of processor time")
    print(f"{'':44}{'kept':>8}{'304':>8}{'made':>8}")
    for address in (*details, *PATHS, *FILES):
        again = ask(address)
        unchanged = ask(address, HTTP_IF_NONE_MATCH=again()["ETag"])
        ratios = (
            ratio(rounds, again, hello_again),
            ratio(rounds, unchanged, hello_again),
            ratio(1 + rounds // 10, lambda each=address: ask_of_nothing(each), hello_again, 3),
        )
        print(f"{address:44}" + "".join(f"{each:8.2f}" for each in ratios))


def longest(model, parts: str):
    """Return the public row of a model that has most of its parts."""
    from django.db.models import Count

    return model.objects.published().annotate(size=Count(parts)).order_by("-size", "pk").first()


def answer(application, address: str, **headers) -> dict[str, str]:
    """Ask the site for an address as a browser does, and return the headers of its answer."""
    where, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": where,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_ACCEPT_ENCODING": "gzip, br",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    found: dict[str, str] = {}
    body = application(environ | headers, lambda status, sent: found.update(sent, status=status))
    for _ in body:
        pass
    body.close()
    assert found["status"][:3] in {"200", "304"}, (address, found)
    return found


def ratio(rounds: int, act: Callable, bare: Callable, calls: int = REQUESTS_A_ROUND) -> float:
    """Return the processor time of a call to that of the bare one, the median of rounds.

    Each round measures both, one after the other: a processor is not as fast at every time.
    """
    act()
    return median(seconds(act, calls) / seconds(bare) for _ in range(rounds))


def seconds(act: Callable, calls: int = REQUESTS_A_ROUND) -> float:
    """Return the processor time of one call, in seconds."""
    began = time.process_time()
    for _ in range(calls):
        act()
    return (time.process_time() - began) / calls


if __name__ == "__main__":
    main()
