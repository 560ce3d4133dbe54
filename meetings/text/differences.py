"""Differences of two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Longer texts are not compared word by word, but shown whole, old and new.
MOST_COMPARED_WORDS = 2_000
# Number of unchanged words and spaces shown before and after a change.
CONTEXT_WORDS = 12


@dataclass(frozen=True)
class Piece:
    """A piece of a text: ``removed``, ``added`` or, with an empty kind, unchanged."""

    text: str
    kind: str = ""


def differences(old: str, new: str) -> list[Piece]:
    """Return the differences of two texts: word by word if they are similar, otherwise whole."""
    before, after = (re.findall(r"\s+|\S+", text) for text in (old, new))
    whole = [Piece(old, "removed")] * bool(old) + [Piece(new, "added")] * bool(new)
    if not old or not new or max(len(before), len(after)) > MOST_COMPARED_WORDS:
        return whole
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.5:
        return whole
    pieces = []
    for name, start, end, new_start, new_end in matcher.get_opcodes():
        if name == "equal":
            pieces.append(Piece(shortened(before[start:end])))
            continue
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        pieces += [Piece(removed, "removed")] * bool(removed)
        pieces += [Piece(added, "added")] * bool(added)
    return pieces


def shortened(words: list[str]) -> str:
    """Return unchanged words as text, without those in the middle of very many."""
    if len(words) <= 3 * CONTEXT_WORDS:
        return "".join(words)
    return "".join([*words[:CONTEXT_WORDS], " … ", *words[-CONTEXT_WORDS:]])
