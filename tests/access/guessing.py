"""Who guesses passwords: sixteen connections, as a process beside the tests."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

GUESSERS = 16
TOKEN = "a" * 32


def sign_in(connected, password, **headers):
    body = urlencode({"username": "ana", "password": password, "csrfmiddlewaretoken": TOKEN})
    form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={TOKEN}"}
    connected.request("POST", "/admin/login/", body=body, headers=form | headers)
    answer = connected.getresponse()
    answer.read()
    return answer.status


def guess(port, times, pause=0.0):
    """Guess so many times over one connection; return the statuses."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connected:
        statuses = []
        for _ in range(times):
            statuses.append(sign_in(connected, "guess", **{"X-Forwarded-For": "192.0.2.1"}))
            time.sleep(pause)
        return statuses


def main():
    """Guess ten times a second each, and print the statuses."""
    with ThreadPoolExecutor(GUESSERS) as pool:
        done = pool.map(lambda _: guess(int(sys.argv[1]), 120, 0.1), range(GUESSERS))
        print(*(status for statuses in done for status in statuses))


if __name__ == "__main__":
    main()
