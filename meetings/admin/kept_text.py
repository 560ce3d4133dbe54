"""What was typed in a form of the desk, read from a request that could not be carried out.

Only a form of our own pages counts: sent from our own origin, with a signed mark of the account
that it was made for. Nothing is stored: the answer carries the fields along, and sends them again.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError

TYPED_BY = "_typed_by"
ENTRY = "_entry"
# Sent by the page of somebody who was signed out: with their password, or once they signed in
# elsewhere.
SIGN_IN = "_sign_in"
GO_ON = "_go_on"
# Sent by the script alone: put the text back into its form, typed at this time; the form's number.
RESUME = "_resume"
TYPED_AT = "_typed_at"
FORM_NUMBER = "_form_number"

NEVER_KEPT = (
    *("csrfmiddlewaretoken", "username", "password", "sign_in_code", "next", SIGN_IN, GO_ON),
)
# A form that is sent again has a few fields more, such as those of signing in.
ROOM_BYTES = 2_000
ROOM_FIELDS = 10
NAMES_OF_ENTRIES = ("title", "name", "venue", "note")


@dataclass(frozen=True)
class KeptText:
    """The fields of a form, the name of the entry that it is about, and the account it is of."""

    account: str
    entry: str
    fields: QueryDict

    def not_resumed(self) -> "KeptText":
        """Return the text without the script's wish to have it shown and not saved."""
        return replace(self, fields=without(self.fields, RESUME, TYPED_AT))

    @property
    def rows(self) -> list["KeptField"]:
        return [KeptField(name, value) for name, values in self.fields.lists() for value in values]


@dataclass(frozen=True)
class KeptField:
    name: str
    value: str

    @property
    def is_prose(self) -> bool:
        """Whether it is text to read, and not a number, a key or a choice."""
        return not self.name.startswith("_") and len(self.value.split()) > 1

    @property
    def after_line_break(self) -> str:
        """The value as a ``textarea`` holds it, of which a browser drops the first line break."""
        return f"\n{self.value}"

    @property
    def label(self) -> str:
        """The field's name in words: “Outcomes 2: text” for ``outcomes-1-text``."""
        words = self.name.replace("_", " ").capitalize()
        part, _, rest = words.partition("-")
        index, _, cell = rest.partition("-")
        return f"{part} {int(index) + 1}: {cell}" if cell and index.isdecimal() else words


def account_mark(user) -> str:
    """Return the mark of a form made for a user; empty for a visitor."""
    return signer().sign(str(user.pk)) if user.is_authenticated else ""


def signer() -> Signer:
    return Signer(salt="meetings.admin.kept_text")


def read(request: HttpRequest) -> KeptText | None:
    """Return what was typed, or None where it is not a form of ours or is over the form's limit."""
    if request.method != "POST":
        return None
    try:
        if not is_own_origin(request) or not is_within_limit(request):
            return None
        account = signer().unsign(request.POST.get(TYPED_BY, ""))
    except (SuspiciousOperation, UnreadablePostError, BadSignature):
        return None
    return KeptText(account, entry_name(request.POST), without(request.POST, *NEVER_KEPT))


def without(fields: QueryDict, *names: str) -> QueryDict:
    left = fields.copy()
    for name in names:
        left.pop(name, None)
    return left


def is_own_origin(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site sent the form."""
    own = f"{request.scheme}://{request.get_host()}"
    headers = request.headers
    said = []
    if site := headers.get("Sec-Fetch-Site"):
        said.append(site == "same-origin")
    if origin := headers.get("Origin"):
        said.append(origin == own)
    if referer := headers.get("Referer"):
        said.append(origin_of(referer) == own)
    return bool(said) and all(said)


def origin_of(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def is_within_limit(request: HttpRequest) -> bool:
    """Return whether the form can be sent once more, with what signing in adds to it."""
    most_bytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    most_fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    number = sum(len(values) for _, values in request.POST.lists())
    return (most_bytes is None or size + ROOM_BYTES <= most_bytes) and (
        most_fields is None or number + ROOM_FIELDS <= most_fields
    )


def entry_name(data: QueryDict) -> str:
    """Return the name of the entry as the form was headed; of a new one, as it was typed."""
    names = (data.get(name, "").strip() for name in (ENTRY, *NAMES_OF_ENTRIES))
    return next(filter(None, names), "a new entry")


def is_sign_in(request: HttpRequest) -> bool:
    return SIGN_IN in request.POST and GO_ON not in request.POST


def is_resumed_by_script(request: HttpRequest) -> bool:
    return RESUME in request.POST


def typed_at(request: HttpRequest) -> str:
    """Return the time at which the script says that the text was typed, or an empty string."""
    time = request.POST.get(TYPED_AT, "")
    return time if re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}", time) else ""


def form_number(request: HttpRequest) -> str:
    """Return the script's number of the form that was sent, or an empty string."""
    number = request.POST.get(FORM_NUMBER, "")
    return number if re.fullmatch(r"[0-9]{1,20}", number) else ""
