"""How much of each line of a page another reading of it keeps: an extractor's output, or the article's text in linked data."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"\w+")

LONG = 25
"""Lines with this many letters and digits are looked for anywhere in the other text; shorter ones as lines of it."""

RUN = 4
"""A longer line of which only parts are kept is told by its runs of so many words."""


def kept(lines: Sequence[str], text: str) -> list[float]:
    """For each line, the share of it that a text has, 0 to 1.

    >>> kept(["Menu", "The ferry sailed at noon from the old harbour.", "Share"], "The ferry sailed at noon from the old harbour.\\nShare")
    [0.0, 1.0, 1.0]
    """
    parts = {_key(part) for line in text.split("\n") for part in (line, *line.split(" | "))}
    whole = _key(text)
    runs: set[tuple[str, ...]] = set()
    shares = []
    for line in lines:
        key = _key(line)
        if key in parts or (len(key) >= LONG and key in whole):
            shares.append(1.0 if key else 0.0)
        elif len(key) < LONG:
            shares.append(0.0)
        else:
            runs = runs or set(_runs(text))
            shares.append(_share(line, runs))
    return shares


def _key(text: str) -> str:
    """Letters and digits only."""
    return "".join(_WORD.findall(text.lower()))


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return list(zip(*(words[start:] for start in range(RUN)), strict=False))


def _share(line: str, runs: set[tuple[str, ...]]) -> float:
    own = _runs(line)
    return sum(run in runs for run in own) / len(own) if own else 0.0
