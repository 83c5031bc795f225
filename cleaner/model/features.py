"""What a line looks like, by itself and among its neighbours, as numbers that mean the same in every language.

No words are looked at but those of the lexicon: which words are common, and what the page is about, is told by the page's own
long lines. Lengths are weights (a character of a script without spaces says what two or three letters do), given as they are
and against what is usual on the page. What is known of the page as a whole is given as shares, never as sizes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import regex

from cleaner.model.characters import (
    BRACKET,
    COLON,
    COMMA,
    DASH,
    DENSE,
    DIGIT,
    LOWER,
    MARK,
    OTHER,
    QUOTE,
    SPACE,
    STOP,
    UPPER,
    Floats,
    Shapes,
    Truths,
    shapes,
)  # fmt: skip

Columns = dict[str, npt.NDArray[Any]]


class Page(NamedTuple):
    """A page's lines and what is known of each.

    texts    as they stand
    folded   folded for comparison
    blank    whether a blank line stands before it
    label    whether it is made of the lexicon's labels
    said     how many of the lexicon's wordings of chrome it holds; a half where it only speaks of such things
    gone     whether a rule has removed it
    talk     whether it announces readers' comments: 0, a half or 1
    heading  whether it is the heading of a list of other articles
    dated    whether it is short and holds a date or a time
    """

    texts: Sequence[str]
    folded: Sequence[str]
    blank: Sequence[bool]
    label: Sequence[bool]
    said: Sequence[float]
    gone: Sequence[bool]
    talk: Sequence[float]
    heading: Sequence[bool]
    dated: Sequence[bool]


COMMON = 40
"""How many of a page's words count as its common ones."""

RADII = (1, 3, 10, 30)
"""How far neighbourhoods reach, in lines to either side."""

LONGEST_TITLE, LONGEST_LOOK = 500, 2000
"""How much of a title is looked for, and in how much of each line, in characters: hostile pages have long ones of both."""

SOME_PROSE = 0.1
"""Comments come behind the text that they are on: behind this share of the page's prose at least."""

GAPS = (3, 8)
"""How far apart, in lines, prose may stand and be one body of text."""

_TITLE_PARTS = regex.compile(r"\s++[|\-–—»«›·:•]++\s++|\s*+[|»›]\s*+")


def describe(page: Page) -> Floats:
    """The features of every line, one row a line; `NAMES` names the columns.

    >>> no = [False, False]
    >>> page = Page(["Menu", "It rained."], ["menu", "it rained."], no, [True, False], [0, 0], no, [0, 0], no, no)
    >>> describe(page).shape == (2, len(NAMES))
    True
    """
    return np.concatenate([part for _, part in _parts(page)], axis=1)


def _parts(page: Page) -> list[tuple[list[str], Floats]]:
    """The features in groups, each with the names of its columns."""
    shape = shapes(page.texts)
    gone = np.array(page.gone, bool)
    live = shape.weight if gone.all() else np.where(gone, np.float32(0), shape.weight)
    letters = np.maximum(shape.counts[:, LOWER : DENSE + 1].sum(axis=1), 1)
    dense = shape.counts[:, DENSE] * 3 > letters
    base = _table(_base(page, shape, gone, dense))
    prose = base[1][:, base[0].index("prose")]
    own = _table(_own(page, shape, live, letters, dense))
    place = _table(_place(page, live, prose, dense))
    return [base, own, place, _around(*base), _shape_again(shape), _table(_whole(page, shape, live, prose, letters))]


def _table(columns: Mapping[str, npt.NDArray[Any]]) -> tuple[list[str], Floats]:
    return list(columns), np.stack([column.astype(np.float32) for column in columns.values()], axis=1)


def _base(page: Page, shape: Shapes, gone: Truths, dense: Truths) -> Columns:
    """What is told of neighbours too."""
    chars = np.maximum(shape.counts.sum(axis=1) - 1, 1)
    stop = shape.last == STOP
    same = Counter(page.folded)
    common = _vocabulary(page, shape.weight, dense)
    return {
        "logw": np.log2(shape.weight),
        "prose": np.minimum(shape.weight / 100, 1) * np.where(stop, 1.0, 0.3) * ~gone,
        "stop": stop,
        "sentences": np.minimum(shape.sentences, 6),
        "common": common[:, 0],
        "about": common[:, 1],
        "capitals": shape.capitals / shape.words,
        "digits": shape.counts[:, DIGIT] / chars,
        "marks": (shape.counts[:, MARK] + shape.counts[:, OTHER]) / chars,
        "commas": np.minimum(shape.counts[:, COMMA], 8) / shape.words,
        "label": np.array(page.label),
        "said": np.minimum(np.array(page.said, np.float32), 3),
        "blank": np.array(page.blank),
        "gone": gone,
        "lower_first": (shape.first == LOWER) | (shape.first == COMMA),
        "copies": np.array([min(same[text], 5) for text in page.folded]),
        "talk": np.array(page.talk, np.float32),
        "heading": np.array(page.heading),
        "dated": np.array(page.dated),
    }


def _own(page: Page, shape: Shapes, live: Floats, letters: Floats, dense: Truths) -> Columns:
    """What is told of the line itself only."""
    chars = np.maximum(shape.counts.sum(axis=1) - 1, 1)
    order = np.argsort(shape.weight, kind="stable")
    rank = np.empty(len(live), np.float32)
    rank[order] = np.cumsum(live[order]) / max(float(live.sum()), 1)
    lower_first = (shape.first == LOWER) | (shape.first == COMMA)
    return {
        "usual": np.log2(shape.weight) - np.log2(_usual(live)),
        "rank": rank,
        "words": np.log2(shape.words),
        "word_length": (chars - shape.counts[:, SPACE]) / shape.words,
        "upper": shape.counts[:, UPPER] / letters,
        "quotes": np.minimum(shape.counts[:, QUOTE], 4),
        "brackets": np.minimum(shape.counts[:, BRACKET], 4),
        "dashes": shape.counts[:, DASH] / chars,
        "ends_colon": shape.last == COLON,
        "ends_comma": shape.last == COMMA,
        "starts_digit": shape.first == DIGIT,
        "starts_upper": shape.first == UPPER,
        "starts_mark": (shape.first == MARK) | (shape.first == OTHER),
        "starts_dash": shape.first == DASH,
        "starts_quote": shape.first == QUOTE,
        "dense": dense,
        "next_blank": np.append(np.array(page.blank, bool)[1:], True),
        "next_lower": np.append(lower_first[1:], False),
    }


def _place(page: Page, live: Floats, prose: Floats, dense: Truths) -> Columns:
    """Where the line stands: on the page, against its prose and against its headline."""
    is_prose = prose > 0.5
    heavy = np.where(is_prose, live, 0)
    mass, total = np.cumsum(heavy), max(float(live.sum()), 1)
    whole = max(float(mass[-1]), 1.0)
    big = live >= 0.5 * _usual(live)
    return {
        "prose_above": (mass - heavy) / whole,
        "prose_below": (whole - mass) / whole,
        "mass_above": (np.cumsum(live) - live) / total,
        "lines_above": np.arange(len(live)) / len(live),
        "from_prose": np.log2(_distance(is_prose)),
        "to_prose": np.log2(_distance(is_prose[::-1])[::-1]),
        "from_big": np.log2(_distance(big)),
        "to_big": np.log2(_distance(big[::-1])[::-1]),
        "share": live / total,
        **_clusters(is_prose, live, GAPS[0]),
        **_clusters(is_prose, live, GAPS[1]),
        **_titles(page, dense),
        **_comments(np.array(page.talk) > 0, ((mass - heavy) / whole).astype(np.float32)),
        "from_heading": np.log2(_distance(np.array(page.heading, bool))),
    }


def _comments(talk: Truths, prose_above: Floats) -> Columns:
    """Where the line stands against what announces readers' comments: what matters is whether there is prose above that."""
    first = np.flatnonzero(talk & (prose_above >= SOME_PROSE))
    lines = np.arange(len(talk))
    start = int(first[0]) if first.size else len(talk)
    return {
        "from_talk": np.log2(_distance(talk)),
        "talks_above": np.log2(1 + np.cumsum(talk) - talk),
        "below_talk": lines > start,
        "prose_above_talk": np.where(lines > start, prose_above[min(start, len(talk) - 1)], 0),
    }


def _whole(page: Page, shape: Shapes, live: Floats, prose: Floats, letters: Floats) -> Columns:
    """What is told of the page, the same for each of its lines."""
    heavy, total = np.where(prose > 0.5, live, 0), max(float(live.sum()), 1)
    cased = float(shape.counts[:, LOWER : UPPER + 1].sum()) > 0.5 * float(letters.sum())
    stop = shape.last == STOP
    values = {
        "page_prose": (heavy > 0).mean(),
        "page_prose_weight": heavy.sum() / total,
        "page_gone": np.mean(page.gone),
        "page_labels": np.mean(page.label),
        "page_talk": np.mean(np.array(page.talk) > 0),
        "page_dated": np.mean(page.dated),
        "page_cased": cased,
        "page_stop": (stop * live).sum() / total,
    }
    return {name: np.full(len(live), value, np.float32) for name, value in values.items()}


def _tokens(folded: str, dense: bool) -> list[str]:
    """Words, or pairs of characters where there is no space between words."""
    return [folded[at : at + 2] for at in range(len(folded) - 1)] if dense else folded.split()


def _vocabulary(page: Page, weight: Floats, dense: Truths) -> Floats:
    """For each line: the share of its words that are the page's common ones, and of the others those that long lines share."""
    tokens = [_tokens(text, is_dense) for text, is_dense in zip(page.folded, dense.tolist(), strict=True)]
    long = set(_heavy_half(np.where(np.array(page.gone, bool), 0, weight)).tolist())
    counted: Counter[str] = Counter()
    for index in long:
        counted.update(tokens[index])
    common = {token for token, times in counted.most_common(COMMON) if times > 1}
    rows = np.zeros((len(tokens), 2), np.float32)
    for index, words in enumerate(tokens):
        if words:
            least = 2 if index in long else 1  # a long line's words are counted once by itself
            rest = [word for word in words if word not in common]
            told = rest if dense[index] else [word for word in rest if len(word) > 3]
            known = len([word for word in told if counted.get(word, 0) >= least])
            rows[index] = 1 - len(rest) / len(words), known / len(told) if told else 0.5
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


def _around(names: list[str], values: Floats) -> tuple[list[str], Floats]:
    """The means of each column over the lines before and behind, as far as there are any."""
    count = len(values)
    total = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)))
    at = np.arange(count)
    wider: list[str] = []
    columns: list[Floats] = []
    for radius in RADII:
        low, high = np.maximum(at - radius, 0), np.minimum(at + 1 + radius, count)
        columns.append(((total[at] - total[low]) / np.maximum(at - low, 1)[:, None]).astype(np.float32))
        columns.append(((total[high] - total[at + 1]) / np.maximum(high - at - 1, 1)[:, None]).astype(np.float32))
        wider += [f"{name}_above{radius}" for name in names] + [f"{name}_below{radius}" for name in names]
    return wider, np.concatenate(columns, axis=1)


def _shape_again(shape: Shapes) -> tuple[list[str], Floats]:
    """How regular the neighbourhood is: how often a line's shape comes again one, two, three or four lines on."""
    keys = (np.minimum(np.log2(shape.weight), 10) * 1.5).astype(np.int64) * 256 + shape.last.astype(np.int64) * 16 + shape.first
    count, columns = len(keys), []
    at = np.arange(count)
    low, high = np.maximum(at - 3, 0), np.minimum(at + 4, count)
    for step in (1, 2, 3, 4):
        same = np.zeros(count, np.float32)
        if count > step:
            equal = (keys[step:] == keys[:-step]).astype(np.float32)
            same[step:] += equal
            same[:-step] += equal
        total = np.concatenate(([0], np.cumsum(same)))
        columns.append((total[high] - total[low]) / (high - low))
    return [f"period{step}" for step in (1, 2, 3, 4)], np.stack(columns, axis=1).astype(np.float32)


def _distance(is_there: Truths) -> Floats:
    """How many lines back the last such line stands (the line itself does not count); the line's number where there is none."""
    at = np.arange(len(is_there))
    last = np.maximum.accumulate(np.where(is_there, at, -1))
    return (at - np.concatenate(([-1], last[:-1]))).astype(np.float32)


def _signed_log(distance: npt.NDArray[Any]) -> npt.NDArray[Any]:
    logged: npt.NDArray[Any] = np.sign(distance) * np.log2(np.abs(distance) + 1)
    return logged


def _clusters(is_prose: Truths, live: Floats, gap: int) -> Columns:
    """Prose that stands close together is one body of text: how large the line's is against the largest, and where that is."""
    names = [f"{name}{gap}" for name in ("cluster_above", "cluster_below", "cluster", "to_main", "in_main")]
    lines, at = np.arange(len(live)), np.flatnonzero(is_prose)
    if not at.size:
        return {name: np.zeros(len(live), np.float32) for name in names}
    number = np.concatenate(([0], np.cumsum(np.diff(at) > gap)))
    mass = np.bincount(number, weights=live[at])
    share = (mass / mass.max())[number]
    main = at[number == int(mass.argmax())]
    above = np.searchsorted(at, lines, side="right") - 1  # the last prose line at or before each line
    below = np.searchsorted(at, lines, side="left")
    has_above, has_below = above >= 0, below < at.size
    above, below = np.maximum(above, 0), np.minimum(below, at.size - 1)
    within = has_above & has_below & (number[above] == number[below])
    outside = np.minimum(lines - main[0], 0) + np.maximum(lines - main[-1], 0)
    values = (
        np.where(has_above, share[above], 0),
        np.where(has_below, share[below], 0),
        np.where(within, share[above], 0),
        _signed_log(outside),
        outside == 0,
    )
    return dict(zip(names, values, strict=True))


def _headline(page: Page) -> tuple[int, str]:
    """The line that repeats the page's title (its first line, or a part of that), and the title; -1 where none does."""
    title = page.folded[0][:LONGEST_TITLE]
    parts = {part for part in (title, *_TITLE_PARTS.split(title)) if len(part) >= (12 if part.isascii() else 6)}
    for index, text in enumerate(page.folded):
        if index and (text in parts or (len(text) >= 20 and (text in title or title in text))):
            return index, text
    return -1, title


def _titles(page: Page, dense: Truths) -> Columns:
    index, title = _headline(page)
    is_dense = bool(dense[max(index, 0)])
    words = {word for word in _tokens(title, is_dense) if len(word) > 3 or is_dense}
    count = max(len(words), 1)
    from_it = np.arange(len(page.folded)) - index
    starts = [text[:LONGEST_LOOK] for text in page.folded]
    return {
        "title_overlap": np.array([len([word for word in words if word in text]) / count for text in starts]),
        "from_headline": _signed_log(from_it) if index > 0 else np.full(len(page.folded), -20.0),
        "has_headline": np.full(len(page.folded), index > 0),
    }


def _names() -> tuple[str, ...]:
    no = [False, False]
    page = Page(["a", "b"], ["a", "b"], no, no, [0, 0], no, [0, 0], no, no)
    return tuple(name for names, _ in _parts(page) for name in names)


NAMES = _names()
"""The names of the columns of `describe`."""
