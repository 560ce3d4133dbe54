"""Words by which a text judges rather than tells, outside of what it quotes.

They stand in ``judging_words.txt``, one a line, for English, in which a record is written.
"""

import re
from pathlib import Path

from . import markdown

WORDS = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split()
JUDGING = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, WORDS))})(?![\w-])", re.IGNORECASE)
# What is not the record's own words: quotations of any form, markers, and addresses of links.
# None reaches over another opening sign, so that many of these cost no more than their length.
NOT_OWN_WORDS = re.compile(
    r"“[^“”]*”|\"[^\"]*\"|«[^«»]*»|„[^„“”]*[“”]|^ {0,3}>.*$"
    r"|(?<!\w)‘[^‘’\n]*(?:’(?=\w)[^‘’\n]*)*’(?!\w)"
    rf"|{markdown.MARKER.pattern}|\]\([^()\n]*\)",
    re.MULTILINE,
)


@markdown.cached
def judging_words(text: str) -> tuple[str, ...]:
    """Return the words that judge in a text, each once, in small letters, in their order."""
    if not JUDGING.search(text):
        return ()
    found = JUDGING.findall(NOT_OWN_WORDS.sub(" ", text))
    return tuple(dict.fromkeys(word.lower() for word in found))
