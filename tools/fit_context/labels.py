"""How much of each line is wanted, told from gold text, or from wanted and unwanted passages and what extractors agree on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Shares = npt.NDArray[np.float64]
WORD = re.compile(r"\w+")
LONG = 25
"""Lines with this many letters and digits are told by what they say; shorter ones by where they stand, too."""
NEAR = 400
"""How far from what stands around it in the gold text a short line may be looked for, in letters."""


def key(text: str) -> str:
    """Letters and digits only."""
    return "".join(WORD.findall(text.lower())).replace("_", "")


def from_gold(texts: Sequence[str], gold: str) -> Shares:
    """The share of each line that is in the gold text: 1 where all of it is, in order.

    >>> from_gold(["Menu", "It rained all day in the old town.", "Share"], "It rained all day in the old town.").tolist()
    [0.0, 1.0, 0.0]
    """
    whole, keys = key(gold), [key(text) for text in texts]
    shares = np.zeros(len(texts))
    spans = _long_spans(keys, whole)
    grams = _Grams(gold)
    for index in spans:
        shares[index] = 1
    for index, text in enumerate(texts):
        if len(keys[index]) >= LONG and index not in spans:
            shares[index] = grams.share(text)
    _mark_short(keys, whole, spans, shares)
    return shares


def _long_spans(keys: Sequence[str], whole: str) -> dict[int, tuple[int, int]]:
    """Where long lines stand in the gold text."""
    spans, at = {}, 0
    for index, text in enumerate(keys):
        if len(text) >= LONG:
            place = whole.find(text, at)
            place = place if place >= 0 else whole.find(text)
            if place >= 0:
                spans[index] = place, place + len(text)
                at = place + len(text) if place >= at else at
    return spans


def _mark_short(keys: Sequence[str], whole: str, spans: dict[int, tuple[int, int]], shares: Shares) -> None:
    """Short lines are wanted where the gold text has them between what stands before and behind them."""
    following, nexts = len(whole), [0] * len(keys)
    for index in range(len(keys) - 1, -1, -1):
        nexts[index] = following
        if index in spans and spans[index][0] <= following:
            following = spans[index][0]
    at = 0
    for index, text in enumerate(keys):
        if index in spans:
            at = max(at, spans[index][1]) if spans[index][0] >= at - 5 else at
        elif 0 < len(text) < LONG and nexts[index] >= at:
            end = _short_end(text, whole, at, nexts[index])
            shares[index] = end is not None
            at = end if end and end > at and whole.find(text, at, min(nexts[index], at + NEAR)) >= 0 else at


def _short_end(text: str, whole: str, at: int, limit: int) -> int | None:
    """Where a short line ends in the gold text between two places, near one of them; None where it is not."""
    place = whole.find(text, at, min(limit, at + NEAR))
    if place >= 0 and (len(text) >= 4 or place == at):
        return place + len(text)
    place = whole.rfind(text, max(at, limit - NEAR), limit)
    if place >= 0 and limit < len(whole) and (len(text) >= 4 or place + len(text) == limit):
        return place + len(text)
    return None


class _Grams:
    """The runs of words (or of characters, where words are not parted) that a gold text is made of."""

    def __init__(self, gold: str) -> None:
        start = gold[:2000]
        self.dense = sum(ord(char) > 0x2E80 for char in start) > 0.3 * len(start)
        self.length = 6 if self.dense else 4
        tokens = self._tokens(gold)
        self.known = {tuple(tokens[at : at + self.length]) for at in range(len(tokens) - self.length + 1)}

    def _tokens(self, text: str) -> list[str]:
        return list(key(text)) if self.dense else WORD.findall(text.lower())

    def share(self, text: str) -> float:
        """How many of a line's tokens stand in a run that the gold text has."""
        tokens = self._tokens(text)
        covered = np.zeros(len(tokens), bool)
        for at in range(len(tokens) - self.length + 1):
            if tuple(tokens[at : at + self.length]) in self.known:
                covered[at : at + self.length] = True
        return float(covered.mean()) if len(tokens) >= self.length else 0.0


def from_passages(texts: Sequence[str], record: dict[str, Any], extracted: Sequence[str]) -> Shares:
    """1 for lines with wanted passages or that four of five extractors keep, 0 for unwanted ones or that none keeps, else NaN."""
    wanted = [key(passage) for passage in record["with"] or () if key(passage)]
    unwanted = [key(passage) for passage in record["without"] or () if key(passage)]
    kept = [key(text) for text in extracted]
    shares = np.full(len(texts), np.nan)
    for index, text in enumerate(map(key, texts)):
        if len(text) < 2:
            continue
        if any(passage in text or (len(text) >= 12 and text in passage) for passage in wanted):
            shares[index] = 1
        elif any((passage in text and len(passage) > 0.3 * len(text)) or (len(text) >= 8 and text in passage) for passage in unwanted):
            shares[index] = 0
        else:
            votes = sum(text in other for other in kept)
            shares[index] = 0 if votes == 0 else 1 if votes >= 4 and len(text) >= 12 else np.nan
    return shares
