"""Digests of all that the site answers, kept to show that moving code changed none of it.

The record is invented (``benchmarks.sample``) and the clock stands still: no edit of the content,
and no other day, changes an answer. With ``--content`` it is the content of ``fixtures/``; with
``--few`` one address of each kind is asked for.

python -m tests.digests [--few | --content] [--keep] [--addresses FILE]
"""

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
KEPT = Path(__file__).parent / "data"
FIXTURE = Path(__file__).parent.parent / "fixtures" / "record.json"
TOKEN = re.compile(rb'(name="(?:csrfmiddlewaretoken|_typed_by)" value=)"[\w:-]+"')
DESK = "/admin/"
# The words of a search are weighed by each database in its own way.
OF_ONE_DATABASE = "/search"


def answers(is_few: bool) -> Iterator[tuple[str, bytes]]:
    """Yield what every public address and every page of the desk answers; or a few."""
    from django.test import Client

    from .addresses import addresses, details
    from .factories import make_editor

    visitor = Client()
    cards = ["/card.png", *(f"{path}card.png" for path in details() if path != "/")]
    asked = [*addresses(), *cards]
    if is_few:
        asked = list({kind(address): address for address in asked}.values())
    for address in asked:
        yield address, body(visitor.get(address))
    user = make_editor(is_superuser=True)
    user.password, user.date_joined = "!", NOW
    user.save()
    editor = Client()
    editor.force_login(user)
    yield from desk(editor)


def desk(editor) -> Iterator[tuple[str, bytes]]:
    """Yield the desk's lists, its forms for a new row and for one there is, and what sent ones do.

    A new row is sent empty, and so refused; one there is as it stands.
    """
    from django.contrib import admin
    from django.urls import reverse

    from .admin.helpers import form_data

    yield DESK, body(editor.get(DESK))
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from pages(editor, reverse(f"{name}_changelist"))
        row = model._default_manager.order_by("pk").first()
        if row is None:
            continue
        change = reverse(f"{name}_change", args=[row.pk])
        yield from pages(editor, change)
        add = editor.post(reverse(f"{name}_add"), {})
        yield f"{change} empty", body(add)
        sent = form_data(editor.get(change)) | {"_continue": "1"}
        yield f"{change} sent", body(editor.post(change, sent, follow=True))


def pages(editor, address: str) -> Iterator[tuple[str, bytes]]:
    """Yield a page of the desk, and those below it that it leads to."""
    page = body(editor.get(address))
    yield address, page
    below = address.removesuffix("change/").encode()
    for link in sorted(set(re.findall(rb'href="([^"#?]+)"', page))):
        if link.startswith(below) and link != address.encode():
            yield link.decode(), body(editor.get(link.decode()))


def body(response) -> bytes:
    """Return the status and the bytes of an answer, without the token and the mark of its form."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.status_code} ".encode() + TOKEN.sub(rb"\1", content)


def kind(address: str) -> str:
    """Return the section of an address, and the form in which it answers."""
    path = address.partition("?")[0]
    if path.startswith(DESK):
        return "/".join(path.split("/")[:4])
    folder, _, name = path.rpartition("/")
    return f"/{folder.split('/')[1] if '/' in folder else ''} {name.partition('.')[2]}".rstrip()


def digest(text: bytes) -> str:
    return sha256(text).hexdigest()[:16]


def together(found: dict[str, str]) -> dict[str, str]:
    """Return one digest for each kind of address."""
    kinds: dict[str, list[str]] = {}
    for address, each in sorted(found.items()):
        if not address.startswith(OF_ONE_DATABASE):
            kinds.setdefault(kind(address), []).append(f"{address} {each}")
    return {name: digest("\n".join(lines).encode()) for name, lines in sorted(kinds.items())}


def write_record(is_content: bool) -> None:
    """Write the record into the empty database: the content, or the invented one."""
    from benchmarks.sample.record import make_sample_record
    from meetings.editing.revisions import record_loaded

    from .content import load

    if is_content:
        load()
    else:
        make_sample_record(number=3, seed=1)
        record_loaded()


def read(is_content: bool, is_few: bool) -> dict[str, str]:
    """Return the digest of each address, of a record in a database that is made and taken away."""
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with patch("django.utils.timezone.now", lambda: NOW):
            write_record(is_content)
            return {address: digest(text) for address, text in answers(is_few)}
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def differing(kept: dict[str, str], found: dict[str, str]) -> list[str]:
    """Return the kinds of address that answer otherwise than was kept, come or gone ones too."""
    return sorted(name for name in kept.keys() | found if kept.get(name) != found.get(name))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.digests", description=__doc__)
    parser.add_argument("--content", action="store_true", help="read the content of fixtures/")
    parser.add_argument("--few", action="store_true", help="ask for one address of each kind")
    parser.add_argument("--keep", action="store_true", help="keep what is found")
    parser.add_argument("--addresses", type=Path, help="write the digest of each address there")
    given = parser.parse_args()
    django.setup()
    # What the desk refuses is said in its answers.
    logging.disable(logging.ERROR)
    found = read(given.content, given.few)
    if given.addresses:
        given.addresses.write_text(json.dumps(found, indent=1, sort_keys=True))
    word = "-content" if given.content else "-few" if given.few else ""
    file = KEPT / f"digests{word}.json"
    kinds = together(found)
    if given.content:
        kinds = {"fixture": digest(FIXTURE.read_bytes())} | kinds
    if given.keep:
        file.write_text(json.dumps(kinds, indent=1) + "\n")
    elif changed := differing(json.loads(file.read_text()), kinds):
        sys.exit(
            f"Answers that changed: {', '.join(changed)}\n"
            "If that is meant: python -m tests.digests --keep, also with --few and --content."
        )
    print(f"{len(found):,} answers, {len(kinds)} kinds.")


if __name__ == "__main__":
    main()
