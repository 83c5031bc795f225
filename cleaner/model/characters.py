"""What the characters of a page's lines tell: their kinds, counted in one pass over the page, and weights that compare languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

Floats = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]

(SPACE, LOWER, UPPER, CASELESS, DENSE, DIGIT, STOP, COMMA, COLON, QUOTE, BRACKET, DASH, MARK, OTHER, BREAK) = range(15)
KINDS = 16
DENSE_WEIGHT = 2.5
"""How many letters of an alphabet a Chinese, Japanese or Korean character is worth."""

_CHARACTERS = {
    STOP: ".。．｡।۔։።!?！？؟…",
    COMMA: ",;，、；،؛､",
    COLON: ":：",
    QUOTE: "\"'“”‘’„«»「」『』‹›",
    BRACKET: "()[]{}（）【】《》〈〉",
    DASH: "-–—‐−",
    MARK: "|/\\>→←•·▪●■◆★☆#+@©®™*&=_~^<%$€£¥",
}
_LETTERS = regex.compile(r"[\p{L}\p{M}]")
_DENSE_LETTERS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")


class Shapes(NamedTuple):
    """What the characters of each line tell: counts by kind, and columns made of them."""

    counts: Floats
    weight: Floats
    words: Floats
    capitals: Floats
    sentences: Floats
    first: npt.NDArray[np.uint8]
    last: npt.NDArray[np.uint8]


@cache
def _kind_of_character() -> npt.NDArray[np.uint8]:
    """The kind of each character of the basic plane."""
    table = np.full(65536, OTHER, np.uint8)
    for code in range(65536):
        char = chr(code)
        if char.isspace():
            table[code] = SPACE
        elif char.islower():
            table[code] = LOWER
        elif char.isupper():
            table[code] = UPPER
        elif char.isdigit():
            table[code] = DIGIT
    plane = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    letters = np.array([ord(char) for char in _LETTERS.findall(plane)])
    table[letters[table[letters] == OTHER]] = CASELESS
    table[[ord(char) for char in _DENSE_LETTERS.findall(plane)]] = DENSE
    for kind, characters in _CHARACTERS.items():
        table[[ord(char) for char in characters]] = kind
    table[ord("\n")] = BREAK
    return table


def _kinds(text: str) -> npt.NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kind_of_character()[np.minimum(codes, 0xFFFF)]
    if codes.size and codes.max() > 0xFFFF:
        kinds[codes > 0xFFFF] = MARK
        kinds[codes >= 0x20000] = DENSE
    return kinds


def _shifted(kinds: npt.NDArray[np.uint8], by: int) -> npt.NDArray[np.uint8]:
    """What stands `by` characters before each character."""
    return np.concatenate((np.full(by, BREAK, np.uint8), kinds[:-by]))[: len(kinds)]


def shapes(texts: Sequence[str]) -> Shapes:
    """Count the characters of each line by kind, in one pass over the page."""
    kinds = _kinds("\n".join(texts) + "\n")
    count, ends = len(texts), np.flatnonzero(kinds == BREAK)
    starts = np.concatenate(([0], ends[:-1] + 1))
    line = np.repeat(np.arange(count), ends - starts + 1)
    counts = np.bincount(line * KINDS + kinds, minlength=count * KINDS).reshape(count, KINDS).astype(np.float32)
    opening = _openings(kinds)
    words = np.bincount(line[opening], minlength=count).astype(np.float32) + counts[:, DENSE] * np.float32(0.6)
    capitals = np.bincount(line[opening & (kinds == UPPER)], minlength=count).astype(np.float32)
    after = np.concatenate((kinds[1:], [BREAK]))
    inner = (kinds == STOP) & ((after == SPACE) | (after == DENSE))
    sentences = np.bincount(line[inner], minlength=count).astype(np.float32)
    weight = (ends - starts).astype(np.float32) + counts[:, DENSE] * np.float32(DENSE_WEIGHT - 1)
    last = kinds[np.maximum(ends - 1, 0)]
    closing = (last == QUOTE) | (last == BRACKET)
    last = np.where(closing, kinds[np.maximum(ends - 2, 0)], last)
    return Shapes(counts, np.maximum(weight, 1), np.maximum(words, 1), capitals, sentences, kinds[starts], last)


def _openings(kinds: npt.NDArray[np.uint8]) -> Truths:
    """Where words start: at a letter or digit behind none, an apostrophe between letters being part of the word."""
    before, earlier = _shifted(kinds, 1), _shifted(kinds, 2)
    wordly = (kinds >= LOWER) & (kinds <= DIGIT)
    after_letter = (before >= LOWER) & (before <= DIGIT)
    after_apostrophe = (before == QUOTE) & (earlier >= LOWER) & (earlier < DIGIT)
    opening: Truths = wordly & ~(after_letter | after_apostrophe)
    return opening
