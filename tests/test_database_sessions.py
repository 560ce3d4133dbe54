"""The tests' database can be copied and dropped, whatever is connected to it."""

import asyncio
import threading

import pytest
from django.db import connection

from .database_sessions import end_sessions


def connect():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.usefixtures("committed_db")
def test_thread_goes_on_when_its_sessions_inside_and_outside_an_event_loop_were_ended(
    monkeypatch,
):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    faults = []

    async def inside():
        connect()
        end_sessions()
        connect()
        connection.close()

    def work():
        try:
            connect()
            asyncio.run(inside())
            end_sessions()
            connect()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    connection.close()
    other = threading.Thread(target=work)
    other.start()
    other.join()

    assert faults == []
