"""Numbers, dates and times as a sheet shows them by a cell's format (ECMA-376, 18.8.30).

Used in messages only: names of months and days are English, and formats that follow the reader's
country are those of the United States. Nothing is returned for formats that are not known here.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

TOKEN = re.compile(
    r'"(?P<words>[^"]*)"|\\(?P<escaped>.)|_.|\*.|(?P<section>;)'
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<span>h+|m+|s+)\]|(?P<condition>\[[<>=][^\]]*\])"
    r"|\[[^\]]*\]|(?P<noon>AM/PM|A/P)|(?P<general>General|@)"
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*,*)?(?:E[+-]0+)?|\.[#0?]+)"
    r"|(?P<date>y+|m+|d+|h+|s+|e+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
# Without a format, larger and smaller numbers are shown with an exponent.
LARGEST_IN_DIGITS = 10**11
SMALLEST_IN_DIGITS = Decimal("0.0001")
Token = tuple[str, str]


def sections_of(code: str) -> list[list[Token]]:
    """Return the sections of a format, each as its tokens: kind and text."""
    found: list[list[Token]] = [[]]
    for match in TOKEN.finditer(code):
        if match.lastgroup == "section":
            found.append([])
        elif match.lastgroup:
            found[-1].append((match.lastgroup, match[match.lastgroup]))
    return found


def shown_number(value: float, code: str) -> str:
    """Return a number as shown, or nothing where the format is not known here."""
    sections = sections_of(code)
    index = 1 if value < 0 else 2 if value == 0 else 0
    tokens = sections[index] if index < len(sections) else sections[0]
    kinds = [kind for kind, _ in tokens]
    if "condition" in kinds or kinds.count("digits") + kinds.count("general") > 1:
        return ""
    is_signed = value < 0 and tokens is sections[0]
    size = abs(Decimal(repr(value))) * 100 ** tokens.count(("other", "%"))
    pieces = [piece_of_number(size, *token) for token in tokens]
    return f"{'-' if is_signed else ''}{''.join(pieces)}".strip()


def piece_of_number(size: Decimal, kind: str, text: str) -> str:
    """Return what one token of a format shows of a number."""
    if kind == "general":
        return general_text(size)
    return digits_text(size, text) if kind == "digits" else text


def general_text(size: Decimal) -> str:
    """Return a number as shown without a format (“General”)."""
    if size and not SMALLEST_IN_DIGITS <= size < LARGEST_IN_DIGITS:
        head, _, exponent = f"{size:.5E}".partition("E")
        return f"{head.rstrip('0').rstrip('.')}E{int(exponent):+03d}"
    whole = len(str(int(size)))
    return without_zeros(f"{size:.{max(0, 10 - whole)}f}")


def without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def digits_text(size: Decimal, spec: str) -> str:
    """Return a number in digits by a pattern such as ``#,##0.00``."""
    spec, _, exponent = spec.upper().partition("E")
    thousands = len(spec) - len(spec.rstrip(","))
    whole, point, decimals = spec.rstrip(",").partition(".")
    if exponent:
        head, _, power = f"{size:.{len(decimals)}E}".partition("E")
        sign = "-" if int(power) < 0 else "+" if exponent[0] == "+" else ""
        return f"{head}E{sign}{abs(int(power)):0{len(exponent) - 1}d}"
    rounded = (size / 1000**thousands).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    units, _, rest = f"{rounded:f}".partition(".")
    units = units.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole and units:
        units = f"{int(units):0{len(units)},}"
    while len(rest) > decimals.count("0") and rest.endswith("0"):
        rest = rest[:-1]
    return f"{units}{point}{rest}"


def shown_time(value: float, when: datetime | None, code: str) -> str:
    """Return a date or time as shown: ``when``, or else a length of ``value`` days."""
    try:
        moment = when or datetime.min + timedelta(seconds=round(abs(value) * 86_400, 3))
    except OverflowError:
        return ""
    tokens = sections_of(code)[0]
    is_half_day = any(kind == "noon" for kind, _ in tokens)
    pieces = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "span":
            length = abs(value) * {"h": 24, "m": 1440, "s": 86400}[text[0].lower()]
            pieces.append(f"{int(length + 1e-6):0{len(text)}d}")
        elif kind == "noon":
            pieces.append(f"{moment:%p}")
        elif kind == "date":
            letter = "minute" if is_minute(tokens, index) else text[0].lower()
            pieces.append(piece_of_date(moment, letter, len(text), is_half_day=is_half_day))
        elif kind != "digits":
            pieces.append(text)
    return "".join(pieces).strip()


def is_minute(tokens: list[Token], index: int) -> bool:
    """Return whether an ``m`` stands for minutes: after hours, or before seconds."""
    letters = [text[0].lower() if kind in {"date", "span"} else "" for kind, text in tokens]
    before = [letter for letter in letters[:index] if letter]
    after = [letter for letter in letters[index + 1 :] if letter]
    return letters[index] == "m" and (before[-1:] == ["h"] or after[:1] == ["s"])


def piece_of_date(moment: datetime, letter: str, length: int, *, is_half_day: bool) -> str:
    """Return what letters of a format show of a moment, such as “Jul” for ``mmm``."""
    names = {("m", 3): "%b", ("m", 4): "%B", ("d", 3): "%a", ("d", 4): "%A"}
    if length > 2 and (letter, length) in names:
        return moment.strftime(names[letter, length])
    if letter in {"y", "e"}:
        return f"{moment.year % 100:02d}" if length < 3 and letter == "y" else str(moment.year)
    if letter == "m" and length == 5:
        return f"{moment:%B}"[0]
    hour = (moment.hour - 1) % 12 + 1 if is_half_day else moment.hour
    numbers = {"m": moment.month, "d": moment.day, "h": hour, "minute": moment.minute}
    return f"{numbers.get(letter, moment.second):0{min(length, 2)}d}"
