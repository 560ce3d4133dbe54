"""The rules of typography for every text that readers see: quotation marks and dashes."""

import re

RULES = {
    "write ‘ ’ “ ” for straight quotation marks and apostrophes": re.compile("['\"]"),
    "write – for a hyphen between spaces": re.compile(r"(?<=\S) - (?=\S)"),
    "write – for two hyphens": re.compile(r"(?<!-)--(?!-)"),
    "write – between the ends of a range": re.compile(r"(?<![\w.-])\d{1,4}-\d{1,4}(?![\w-])"),
    "write … for three dots": re.compile(r"\.\.\."),
}
# What is no prose: citation markers, the addresses of links, code.
NOT_PROSE = re.compile(r"\[@[^\]]*\]|\]\([^)]*\)|`[^`]*`|https?://\S+")


def faults(text: str) -> list[str]:
    """Return what is wrong in a text, each with the words around it."""
    prose = NOT_PROSE.sub(" ", text)
    return [
        f"{rule}: …{prose[max(0, found.start() - 30) : found.end() + 30]}…"
        for rule, pattern in RULES.items()
        for found in pattern.finditer(prose)
    ]
