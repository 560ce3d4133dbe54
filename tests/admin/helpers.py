"""Reading the desk's forms as a browser does: a page's form becomes the data that it would send."""

import re
from html.parser import HTMLParser

from django.urls import reverse

from meetings.editing.revisions import record_loaded
from meetings.models import Revision


class FormReader(HTMLParser):
    """Collects the names and values of a form's controls, buttons and hidden templates apart."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id = form_id
        self.data = {}
        self.is_inside = False
        self.select = self.textarea = None
        self.text = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.is_inside = not self.form_id or attributes.get("id") == self.form_id
        elif self.is_inside:
            self.read(tag, attributes)

    def read(self, tag, attributes):
        name = attributes.get("name", "")
        kind = attributes.get("type")
        if tag == "input" and kind not in {"submit", "checkbox", "radio"}:
            self.hold(name, attributes.get("value", ""))
        elif tag == "input" and kind in {"checkbox", "radio"} and "checked" in attributes:
            self.hold(name, attributes.get("value", "on"))
        elif tag == "select":
            self.select = (name, "multiple" in attributes)
            if not self.select[1]:
                self.hold(name, "")
        elif tag == "option" and self.select and "selected" in attributes:
            self.choose(attributes.get("value", ""))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def choose(self, value):
        name, is_multiple = self.select
        if is_multiple and "__prefix__" not in name:
            self.data.setdefault(name, []).append(value)
        else:
            self.hold(name, value)

    def handle_data(self, data):
        if self.textarea is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea is not None:
            # The first line break after the tag is not part of the text.
            self.hold(self.textarea, self.text.removeprefix("\n"))
            self.textarea = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.is_inside = False

    def hold(self, name, value):
        if name and "__prefix__" not in name:
            self.data[name] = value


def form_data(response, form_id=None):
    """Return what the form on a page would send; of a change form by the id of its model."""
    reader = FormReader(form_id)
    reader.feed(response.content.decode())
    return reader.data


def address(row, name="change"):
    args = [] if name in {"add", "changelist"} else [row.pk]
    return reverse(f"admin:meetings_{row._meta.model_name}_{name}", args=args)


def open_form(client, row):
    """Return what the change form of a row would send if nothing were typed."""
    response = client.get(address(row))
    assert response.status_code == 200, response
    return form_data(response, f"{row._meta.model_name}_form")


def send(client, row, data, button="_continue"):
    """Send a change form and return the answer."""
    return client.post(address(row), data | {button: "Save"})


def choosing(response, side):
    """Return what a refused form sends once "yours" or "theirs" is chosen for each conflict."""
    page = response.content.decode()
    chosen = re.findall(rf'type="radio" name="([^"]+)" value="({side}:[^"]+)"', page)
    assert chosen
    return form_data(response, "meeting_form") | dict(chosen)


def add_row(data, prefix, **cells):
    """Type a new part at the end of an inline."""
    index = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
    data |= {f"{prefix}-{index}-id": "", f"{prefix}-{index}-was": ""}
    for name, value in cells.items():
        data[f"{prefix}-{index}-{name}"] = value


def errors(response):
    """Return the form's errors above its fields, or why it was refused; None if it was accepted."""
    if response.status_code != 200:
        return None
    refusal = response.context.get("refusal")
    above = response.context["adminform"].form.non_field_errors()
    return refusal.problems if refusal and not above else above


def revisions_of(row):
    """Return the acts on a row, the first one first."""
    return list(Revision.objects.of(row).order_by("number").values_list("act", flat=True))


def recorded(row):
    """Make the first revisions of what was made; return the row as it is then."""
    record_loaded()
    row.refresh_from_db()
    return row
