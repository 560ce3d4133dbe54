"""Walking through the steps of an import as a browser does."""

import csv
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from meetings.importing import worker
from meetings.models import Import
from tests.importing.helpers import reaction

FORM = {"note": "From the press office.", "kind": "addition"}


def url(name, imported=None):
    args = [imported.pk] if imported else []
    return reverse(f"admin:meetings_import_{name}", args=args)


def csv_text(*rows):
    """Return rows as the text of a CSV file."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def reactions(number, **cells):
    """Return the text of a file of reactions that can be imported."""
    return csv_text(*(reaction(slug=f"kallas-{i}", **cells) for i in range(number)))


def choose(client, content, table="reactions", name="reactions.csv"):
    """Take the first step; return the import, or None if the form was refused."""
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    response = client.post(url("choose"), {"table": table, "file": file})
    return Import.objects.latest("pk") if response.status_code == 302 else None


def plan(client, content, **options):
    """Take the steps up to the preview; return the import."""
    imported = choose(client, content, **options)
    client.post(url("match", imported))
    imported.refresh_from_db()
    return imported


def confirm(client, imported, **data):
    """Take the last step; return the answer."""
    response = client.post(url("confirm", imported), FORM | data)
    imported.refresh_from_db()
    return response


def page(client, name, imported, query=""):
    """Return the text of a page of an import."""
    response = client.get(url(name, imported) + query)
    assert response.status_code == 200, response
    return response.content.decode()


@dataclass
class Walk:
    """A file taken through the steps of the desk, as far as they go."""

    client: Client
    path: Path
    answers: list = field(default_factory=list)
    imported: Import | None = None

    def __post_init__(self):
        file = SimpleUploadedFile(self.path.name, self.path.read_bytes())
        if self.send("choose", {"table": "several", "file": file}):
            self.imported = Import.objects.latest("pk")
            if self.imported.state == Import.State.LOOKING:
                worker.run_next()
            if self.send("match"):
                self.answers.append(self.client.get(url("preview", self.imported)))
            self.send("confirm", FORM)
            self.imported.refresh_from_db()

    def send(self, step, data=None) -> bool:
        """Send the form of a step; return whether it redirects to the next."""
        self.answers.append(self.client.post(url(step, self.imported), data))
        return self.answers[-1].status_code == 302

    @property
    def state(self) -> str:
        return self.imported.state if self.imported else ""

    @property
    def is_smooth(self) -> bool:
        return {answer.status_code for answer in self.answers} <= {200, 302}

    def says(self, *words) -> bool:
        """Return whether some page says all of it."""
        pages = [unescape(answer.content.decode()) for answer in self.answers]
        return any(all(word in page for word in words) for page in pages)

    def report(self) -> str:
        answer = self.client.get(url("problems", self.imported))
        return answer.getvalue().decode("utf-8-sig")
