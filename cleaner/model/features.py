"""What a line looks like, by itself and among its neighbours, as numbers that mean the same in every language.

No words are looked at but those of the lexicon: which words are common, and what the page is about, is told by the page's own
long lines. Lengths are weights (a character of a script without spaces says what two or three letters do), given as they are
and against what is usual on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import regex

Floats = npt.NDArray[np.float32]


class Page(NamedTuple):
    """A page's lines and what is known of each.

    texts   as they stand
    folded  folded for comparison
    blank   whether a blank line stands before it
    label   whether the lexicon knows the whole line
    said    how many of the lexicon's wordings of chrome it holds
    dated   whether it holds a digit and is short enough to be a date
    gone    whether a confident rule has removed it
    """

    texts: Sequence[str]
    folded: Sequence[str]
    blank: Sequence[bool]
    label: Sequence[bool]
    said: Sequence[int]
    gone: Sequence[bool]


(SPACE, LOWER, UPPER, CASELESS, DENSE, DIGIT, STOP, COMMA, COLON, QUOTE, BRACKET, DASH, MARK, OTHER, BREAK) = range(15)
KINDS = 16
DENSE_WEIGHT = 2.5
"""How many letters of an alphabet a Chinese, Japanese or Korean character is worth."""

COMMON = 40
"""How many of a page's words count as its common ones."""

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


@cache
def _table() -> npt.NDArray[np.uint8]:
    """The kind of each character of the basic plane; those above it are told apart by their block."""
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
    plane = "".join(map(chr, range(0xD800))) + "".join(map(chr, range(0xE000, 0x10000)))
    letters = np.array([ord(char) for char in _LETTERS.findall(plane)])
    table[letters[table[letters] == OTHER]] = CASELESS
    table[[ord(char) for char in _DENSE_LETTERS.findall(plane)]] = DENSE
    for kind, characters in _CHARACTERS.items():
        table[[ord(char) for char in characters]] = kind
    table[ord("\n")] = BREAK
    return table


def _kinds(text: str) -> npt.NDArray[np.uint8]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _table()[np.minimum(codes, 0xFFFF)]
    if codes.size and codes.max() > 0xFFFF:
        kinds[codes > 0xFFFF] = MARK
        kinds[codes >= 0x20000] = DENSE
    return kinds


class Shapes(NamedTuple):
    """What the characters tell: counts by kind for each line, and the rest as columns."""

    counts: Floats
    weight: Floats
    words: Floats
    capitals: Floats
    sentences: Floats
    first: npt.NDArray[np.uint8]
    last: npt.NDArray[np.uint8]


def shapes(texts: Sequence[str]) -> Shapes:
    """Count the characters of each line by kind, in one pass over the page."""
    kinds = _kinds("\n".join(texts) + "\n")
    ends = np.flatnonzero(kinds == BREAK)
    starts = np.concatenate(([0], ends[:-1] + 1))
    line = np.zeros(len(kinds), np.int64)
    line[ends[:-1] + 1] = 1
    line = np.cumsum(line)
    count = len(texts)
    counts = np.bincount(line * KINDS + kinds, minlength=count * KINDS).reshape(count, KINDS).astype(np.float32)
    before = np.concatenate(([BREAK], kinds[:-1]))
    wordly = (kinds >= LOWER) & (kinds <= DIGIT)
    opening = wordly & ~((before >= LOWER) & (before <= DIGIT) | (before == QUOTE) & (np.concatenate(([BREAK, BREAK], kinds[:-2])) < DIGIT) & (np.concatenate(([BREAK, BREAK], kinds[:-2])) > SPACE))
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


def _tokens(folded: str, dense: bool) -> list[str]:
    if not dense:
        return folded.split()
    return [folded[at : at + 2] for at in range(0, len(folded) - 1)]


def vocabulary(page: Page, weight: Floats, dense: npt.NDArray[np.bool_]) -> Floats:
    """For each line: the share of its words that are the page's common ones, and of the others those that long lines share."""
    tokens = [_tokens(text, bool(is_dense)) for text, is_dense in zip(page.folded, dense, strict=True)]
    alive = ~np.array(page.gone, bool)
    long = set(_heavy_half(np.where(alive, weight, 0)).tolist())
    counted: Counter[str] = Counter()
    for index in long:
        counted.update(tokens[index])
    common = {token for token, times in counted.most_common(COMMON) if times > 1}
    rows = np.zeros((len(tokens), 2), np.float32)
    for index, words in enumerate(tokens):
        if not words:
            continue
        own = 2 if index in long else 1  # a long line's words are counted once by itself
        shared = known = rest = 0
        for word in words:
            if word in common:
                shared += 1
            elif len(word) > 3 or dense[index]:
                rest += 1
                known += counted[word] >= own
        rows[index] = shared / len(words), known / rest if rest else 0.5
    return rows


def _heavy_half(weight: Floats) -> npt.NDArray[np.int64]:
    """The longest lines, which together hold half of the page."""
    order = np.argsort(-weight, kind="stable")
    total = np.cumsum(weight[order])
    return order[: int(np.searchsorted(total, total[-1] / 2)) + 1]


def _usual(weight: Floats) -> float:
    """The weight of the line that the middle of the page's text stands in."""
    order = np.sort(weight)
    total = np.cumsum(order)
    return float(order[int(np.searchsorted(total, total[-1] / 2))])


def _window(values: Floats, radius: int) -> tuple[Floats, Floats]:
    """The means of each column over the lines before and behind, as far as there are any."""
    count = len(values)
    total = np.concatenate((np.zeros((1, values.shape[1]), np.float64), np.cumsum(values, axis=0, dtype=np.float64)))
    at = np.arange(count)
    low, high = np.maximum(at - radius, 0), np.minimum(at + 1 + radius, count)
    above = (total[at] - total[low]) / np.maximum(at - low, 1)[:, None]
    below = (total[high] - total[at + 1]) / np.maximum(high - at - 1, 1)[:, None]
    return above.astype(np.float32), below.astype(np.float32)


def _repeats(keys: npt.NDArray[np.int64]) -> Floats:
    """How regular the neighbourhood is: how often a line's shape comes again one, two, three or four lines on."""
    count = len(keys)
    columns = []
    for step in (1, 2, 3, 4):
        same = np.zeros(count, np.float32)
        if count > step:
            equal = (keys[step:] == keys[:-step]).astype(np.float32)
            same[step:] += equal
            same[:-step] += equal
        above, below = _window(same[:, None], 3)
        columns.append((above[:, 0] + below[:, 0] + same) / 6)
    return np.stack(columns, axis=1)


def _distance(is_there: npt.NDArray[np.bool_]) -> Floats:
    """How many lines back the last such line stands (the line itself does not count); the line's number where there is none."""
    at = np.arange(len(is_there))
    last = np.maximum.accumulate(np.where(is_there, at, -1))
    before = np.concatenate(([-1], last[:-1]))
    return (at - before).astype(np.float32)


def _clusters(is_prose: npt.NDArray[np.bool_], live: Floats, reach: int) -> dict[str, Floats]:
    """Prose lines that stand close together are one body of text: how large the line's is against the largest, and where that is."""
    count = len(live)
    at = np.flatnonzero(is_prose)
    if not at.size:
        return {f"{name}{reach}": np.zeros(count, np.float32) for name in ("cluster_above", "cluster_below", "cluster", "to_main", "in_main")}
    number = np.concatenate(([0], np.cumsum(np.diff(at) > reach)))
    mass = np.bincount(number, weights=live[at])
    share = mass / mass.max()
    main = at[number == int(mass.argmax())]
    above = np.searchsorted(at, np.arange(count), side="right") - 1  # the last prose line at or before each line
    below = np.searchsorted(at, np.arange(count), side="left")
    shares_above = np.where(above >= 0, share[number[np.maximum(above, 0)]], 0)
    shares_below = np.where(below < at.size, share[number[np.minimum(below, at.size - 1)]], 0)
    same = (above >= 0) & (below < at.size) & (number[np.maximum(above, 0)] == number[np.minimum(below, at.size - 1)])
    lines = np.arange(count)
    outside = np.where(lines < main[0], lines - main[0], np.where(lines > main[-1], lines - main[-1], 0))
    return {
        f"cluster_above{reach}": shares_above,
        f"cluster_below{reach}": shares_below,
        f"cluster{reach}": np.where(same, shares_above, 0),
        f"to_main{reach}": np.sign(outside) * np.log2(np.abs(outside) + 1),
        f"in_main{reach}": (outside == 0).astype(np.float32),
    }


_TITLE_PARTS = regex.compile(r"\s+[|\-–—»«›·:•]+\s+|\s*[|»›]\s*")


def _headline(page: Page) -> tuple[int, str]:
    """The line that repeats the page's title (its first line, or a part of that), and the title; -1 where none does."""
    title = page.folded[0]
    parts = {part for part in (title, *_TITLE_PARTS.split(title)) if len(part) >= 12 or (len(part) >= 6 and not part.isascii())}
    for index in range(1, len(page.folded)):
        text = page.folded[index]
        if text in parts or (len(text) >= 20 and (text in title or title in text)):
            return index, text
    return -1, title


def _titles(page: Page, dense: npt.NDArray[np.bool_]) -> dict[str, Floats]:
    count = len(page.folded)
    index, title = _headline(page)
    is_dense = bool(dense[max(index, 0)])
    words = {word for word in _tokens(title, is_dense) if len(word) > 3 or is_dense}
    overlap = np.zeros(count, np.float32)
    if words:
        for line, text in enumerate(page.folded):
            overlap[line] = sum(word in text for word in words) / len(words)
    from_it = np.arange(count) - index
    return {
        "title_overlap": overlap,
        "from_headline": np.sign(from_it) * np.log2(np.abs(from_it) + 1) if index > 0 else np.full(count, -20.0),
        "has_headline": np.full(count, index > 0, np.float32),
    }


RADII = (3, 10, 30)


def describe(page: Page) -> tuple[Floats, list[str]]:
    """The features of every line, one row a line, and their names."""
    count = len(page.texts)
    shape = shapes(page.texts)
    chars = np.maximum(shape.counts.sum(axis=1) - 1, 1)
    letters = np.maximum(shape.counts[:, LOWER : DENSE + 1].sum(axis=1), 1)
    dense = shape.counts[:, DENSE] * 3 > letters
    gone = np.array(page.gone, np.float32)
    weight = shape.weight
    live = np.where(gone > 0, 0, weight) if not all(page.gone) else weight
    usual = _usual(live)
    total = float(live.sum())
    common = vocabulary(page, weight, dense)
    logw = np.log2(weight)
    stop = (shape.last == STOP).astype(np.float32)
    order = np.argsort(weight, kind="stable")
    rank = np.empty(count, np.float32)
    rank[order] = np.cumsum(live[order]) / max(total, 1)
    cased = float(shape.counts[:, LOWER].sum() + shape.counts[:, UPPER].sum()) > 0.5 * float(letters.sum())
    same = Counter(page.folded)
    copies = np.array([min(same[text], 5) for text in page.folded], np.float32)
    prose = np.minimum(weight / 100, 1) * (0.3 + 0.7 * stop) * (1 - gone)
    label, said, blank = np.array(page.label, np.float32), np.minimum(np.array(page.said, np.float32), 3), np.array(page.blank, np.float32)
    lower_first = ((shape.first == LOWER) | (shape.first == COMMA)).astype(np.float32)
    base = {
        "logw": logw,
        "prose": prose,
        "stop": stop,
        "sentences": np.minimum(shape.sentences, 6) ,
        "common": common[:, 0],
        "about": common[:, 1],
        "capitals": shape.capitals / shape.words,
        "digits": shape.counts[:, DIGIT] / chars,
        "marks": (shape.counts[:, MARK] + shape.counts[:, OTHER]) / chars,
        "commas": np.minimum(shape.counts[:, COMMA], 8) / shape.words,
        "label": label,
        "said": said,
        "blank": blank,
        "gone": gone,
        "lower_first": lower_first,
        "copies": copies,
    }
    own = {
        "usual": logw - np.float32(np.log2(usual)),
        "rank": rank,
        "words": np.log2(shape.words),
        "word_length": (chars - shape.counts[:, SPACE]) / shape.words,
        "upper": shape.counts[:, UPPER] / letters,
        "quotes": np.minimum(shape.counts[:, QUOTE], 4),
        "brackets": np.minimum(shape.counts[:, BRACKET], 4),
        "dashes": shape.counts[:, DASH] / chars,
        "ends_colon": (shape.last == COLON).astype(np.float32),
        "ends_comma": (shape.last == COMMA).astype(np.float32),
        "starts_digit": (shape.first == DIGIT).astype(np.float32),
        "starts_upper": (shape.first == UPPER).astype(np.float32),
        "starts_mark": ((shape.first == MARK) | (shape.first == OTHER)).astype(np.float32),
        "starts_dash": (shape.first == DASH).astype(np.float32),
        "starts_quote": (shape.first == QUOTE).astype(np.float32),
        "dense": dense.astype(np.float32),
        "next_blank": np.concatenate((blank[1:], [1])).astype(np.float32),
        "next_lower": np.concatenate((lower_first[1:], [0])).astype(np.float32),
    }
    heavy = np.where(prose > 0.5, live, 0)
    mass = np.cumsum(heavy)
    whole = max(float(mass[-1]), 1.0)
    is_prose = prose > 0.5
    big = weight * (1 - gone) >= 0.5 * usual
    place = {
        "prose_above": (mass - heavy) / whole,
        "prose_below": (whole - mass) / whole,
        "mass_above": (np.cumsum(live) - live) / max(total, 1),
        "lines_above": np.arange(count) / count,
        "from_prose": np.log2(_distance(is_prose)),
        "to_prose": np.log2(_distance(is_prose[::-1])[::-1]),
        "from_big": np.log2(_distance(big)),
        "to_big": np.log2(_distance(big[::-1])[::-1]),
        "share": live / max(total, 1),
        **_clusters(is_prose, live, 3),
        **_clusters(is_prose, live, 8),
        **_titles(page, dense),
    }
    matrix = np.stack([column.astype(np.float32) for column in base.values()], axis=1)
    names = [*base, *own, *place]
    columns = [matrix, *(column.astype(np.float32)[:, None] for column in (*own.values(), *place.values()))]
    for radius in (1, *RADII):
        above, below = _window(matrix, radius)
        columns += above, below
        names += [f"{name}_above{radius}" for name in base] + [f"{name}_below{radius}" for name in base]
    key = (np.minimum(logw, 10) * 1.5).astype(np.int64) * 256 + shape.last.astype(np.int64) * 16 + shape.first
    columns.append(_repeats(key))
    names += ["period1", "period2", "period3", "period4"]
    document = {
        "page_lines": np.log2(count + 1),
        "page_weight": np.log2(total + 1),
        "page_usual": np.log2(usual),
        "page_prose": float((heavy > 0).sum() / count),
        "page_prose_weight": float(heavy.sum() / max(total, 1)),
        "page_gone": float(gone.mean()),
        "page_labels": float(label.mean()),
        "page_blank": float(blank.mean()),
        "page_cased": float(cased),
        "page_stop": float((stop * live).sum() / max(total, 1)),
        "page_repeats": float(columns[-1].max(axis=1).mean()),
    }
    columns.append(np.tile(np.array(list(document.values()), np.float32), (count, 1)))
    names += list(document)
    return np.concatenate(columns, axis=1), names
