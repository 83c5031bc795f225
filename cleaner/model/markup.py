"""What a page's markup tells of its lines, as numbers: where a line stands in the tree, what stands beside it there, what names
its elements have, and what other readings of the page keep.

Names of classes are weighed by a table that is fitted with the networks; the measure of where the text is
follows Readability's (a paragraph speaks for its parent, and half as much for that one's).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.markup import SECTIONS, Element, Marked, MarkedLine, Markup
from cleaner.model.characters import Floats, Truths
from cleaner.model.features import NAMES

READINGS = ("trafilatura", "resiliparse", "linked data")
"""Other readings of a page that are looked at."""

LEVELS = (0, 1, 2, 4, 6)
"""How far above a line the elements stand that it is measured within."""

RADII = (1, 3, 10)
_CHAIN = 8
_TAGS = (
    ("p",),
    ("li",),
    ("h1",),
    ("h2",),
    ("h3", "h4", "h5", "h6"),
    ("td", "th", "tr", "caption"),
    ("dt", "dd"),
    ("pre", "listing"),
    ("blockquote",),
    ("figcaption",),
    ("div", "section", "article", "main", "body", "center"),
    ("button", "summary", "legend", "fieldset", "form"),
    ("footer", "header", "nav", "aside"),
)
_HEADLINES = {"h1": 0.3, "h2": 0.1}
"""How much more a line is worth as the page's headline for being set as one."""

FARTHEST = 24
"""How many elements up the one is looked for that holds both a line and the headline."""

_WORDS = re.compile(r"\w+")
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")

Columns = dict[str, npt.NDArray[Any]]
Scores = Mapping[str, float]


@lru_cache(maxsize=20_000)
def class_words(text: str) -> tuple[str, ...]:
    """The words of an element's class and id.

    >>> class_words("postContent related-posts_3 w-50")
    ('post', 'content', 'related', 'posts')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


class Groups(NamedTuple):
    """Which lines of a page stand together.

    parents  for each element the one that it stands in, -1 for the outermost
    at       for each line its element
    kind     for each line the number of the make of its element (see `_kinds`)
    """

    parents: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]


def groups_of(markup: Markup) -> Groups:
    """Which lines of a page stand together."""
    elements = markup.marked.elements
    at = np.array([line.element for line in markup.marked.lines])
    return Groups(np.array([element.parent for element in elements]), at, _kinds(elements)[at])


def shared_thoughts(groups: Groups, thought: Floats, weight: Floats) -> Floats:
    """What the first look thought of the lines that stand with each: in the elements around it, and in elements of its make."""
    parents, at, kind = groups
    totals = _sums(parents, at, np.stack((weight * thought, weight, np.minimum(thought * 2, 1)), axis=1))
    columns = []
    place, step = at, 0
    for level in LEVELS:
        while step < level:
            place, step = np.where(parents[place] >= 0, parents[place], place), step + 1
        columns += [totals[place, 0] / np.maximum(totals[place, 1], 1e-6), totals[place, 0] / max(totals[0, 0], 1e-6)]
    size = np.bincount(kind, weights=weight)
    columns.append((np.bincount(kind, weights=weight * thought) / np.maximum(size, 1e-6))[kind])
    count = np.bincount(kind)
    columns.append((np.bincount(kind, weights=thought) / np.maximum(count, 1))[kind])
    return np.stack(columns, axis=1).astype(np.float32)


def described(markup: Markup, groups: Groups, features: Floats, scores: Scores) -> Floats:
    """`describe_markup`, with what it asks for taken from the lines' other features."""
    return describe_markup(markup, groups, np.exp2(features[:, NAMES.index("logw")]), features[:, NAMES.index("prose")], scores)


def describe_markup(markup: Markup, groups: Groups, weight: Floats, prose: Floats, scores: Scores) -> Floats:
    """The features of every line of a page, one row a line; `MARKUP_NAMES` names the columns.

    groups  which lines stand together (`groups_of`)
    weight  of each line (`characters.shapes`); prose  how much each is running text, 0 to 1
    scores  of class words, above 0 where they speak for the article
    """
    columns = _columns(markup, groups, weight, prose, scores)
    return np.stack([column.astype(np.float32) for column in columns.values()], axis=1)


def _columns(markup: Markup, groups: Groups, weight: Floats, prose: Floats, scores: Scores) -> Columns:
    lines, elements = markup.marked.lines, markup.marked.elements
    parents, at, kind = groups
    linked = np.array([line.linked for line in lines], np.float32)
    sections = _bits(elements)[at]
    named = _named(markup, parents, at, scores)
    kept = {f"kept by {name}": np.array(markup.kept.get(name) or [-1.0] * len(lines), np.float32) for name in READINGS}
    columns: Columns = {
        **{f"tag_{names[0]}": np.isin(_tags(elements), names)[at] for names in _TAGS},
        **{f"in_{name}": sections[:, place] for place, name in enumerate(SECTIONS)},
        "linked": linked,
        "strong": np.array([line.strong for line in lines]),
        "gap": np.array([line.gap for line in lines]),
        **named,
        **_within(parents, at, weight, prose, linked),
        **_alike(kind, weight, prose, linked),
        **_near_title(markup, groups, weight * prose),
        **kept,
    }
    around = {name: columns[name] for name in ("linked", "class", "class_chain", "in_heading", "top", *kept)}
    columns |= _means(around)
    columns |= {f"page {name}": np.full(len(lines), _share(values, weight)) for name, values in kept.items()}
    columns["page linked"] = np.full(len(lines), _share(linked, weight))
    columns["readings agree"] = np.full(len(lines), _agreement(list(kept.values()), weight))
    return columns


def _tags(elements: Sequence[Element]) -> npt.NDArray[Any]:
    return np.array([element.tag for element in elements])


def _bits(elements: Sequence[Element]) -> Truths:
    bits = np.array([element.sections for element in elements])
    return (bits[:, None] >> np.arange(len(SECTIONS)) & 1).astype(bool)


def _named(markup: Markup, parents: npt.NDArray[np.int64], at: npt.NDArray[np.int64], scores: Scores) -> Columns:
    """What the names of the elements around a line say: of its own, and of those that it stands in."""
    own = np.array([_score(element.words, scores) for element in markup.marked.elements], np.float32)
    levels = []
    place = at
    for _ in range(_CHAIN):
        levels.append(np.where(place >= 0, own[place], 0))
        place = np.where(place >= 0, parents[place], -1)
    chain = np.stack(levels, axis=1)
    near = np.array([_score(line.words, scores) for line in markup.marked.lines], np.float32)
    return {
        "class": chain[:, 0],
        "class_parent": chain[:, 1],
        "class_grandparent": chain[:, 2],
        "class_chain": chain.sum(axis=1),
        "class_best": chain.max(axis=1),
        "class_worst": chain.min(axis=1),
        "class_inner": near,
        "depth": np.log2(1 + np.array([element.depth for element in markup.marked.elements]))[at],
    }


@lru_cache(maxsize=20_000)
def _known(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(class_words(words)))


def _score(words: str, scores: Scores) -> float:
    if not words:
        return 0.0
    found = [scores[word] for word in _known(words) if word in scores]
    return sum(found) / len(found) ** 0.5 if found else 0.0


def _sums(parents: npt.NDArray[np.int64], at: npt.NDArray[np.int64], values: Floats) -> npt.NDArray[np.float64]:
    """For each element, the sums of its lines' values, those of the elements in it among them."""
    totals = np.zeros((len(parents), values.shape[1]))
    np.add.at(totals, at, values)
    for level in _levels(parents)[:0:-1]:
        np.add.at(totals, parents[level], totals[level])
    return totals


def _levels(parents: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The elements by how deep they stand, the outermost first."""
    depth = np.zeros(len(parents), np.int64)
    for number, parent in enumerate(parents.tolist()):
        if parent >= 0:
            depth[number] = depth[parent] + 1
    order = np.argsort(depth, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(depth[order])) + 1)


def _within(parents: npt.NDArray[np.int64], at: npt.NDArray[np.int64], weight: Floats, prose: Floats, linked: Floats) -> Columns:
    """What the elements hold that a line stands in, at some levels above it; and whether it stands where the text is."""
    text = weight * prose
    totals = _sums(parents, at, np.stack((weight, text, weight * linked, np.ones_like(weight), prose), axis=1))
    whole = np.maximum(totals[0], 1e-6)
    columns: Columns = {}
    place, step = at, 0
    for level in LEVELS:
        while step < level:
            place, step = np.where(parents[place] >= 0, parents[place], place), step + 1
        held = totals[place]
        size = np.maximum(held[:, 0], 1e-6)
        columns |= {
            f"text_share{level}": held[:, 1] / whole[1],
            f"text_density{level}": held[:, 1] / size,
            f"links_within{level}": held[:, 2] / size,
            f"lines_within{level}": np.log2(1 + held[:, 3]),
        }
    return columns | _top(parents, at, totals, text)


def _top(parents: npt.NDArray[np.int64], at: npt.NDArray[np.int64], totals: npt.NDArray[np.float64], text: Floats) -> Columns:
    """The element that most text speaks for, links held against it; how far above a line it stands, and how much of it there is."""
    own = np.zeros(len(parents))
    np.add.at(own, at, text)
    points = np.zeros(len(parents))
    parent = np.maximum(parents, 0)
    np.add.at(points, parent, own)
    np.add.at(points, parent[parent], own / 2)
    points *= 1 - totals[:, 2] / np.maximum(totals[:, 0], 1e-6)
    best = int(points.argmax())
    steps = np.full(len(at), -1.0)
    place = at.copy()
    for step in range(2 * _CHAIN):
        steps = np.where((place == best) & (steps < 0), step, steps)
        place = np.where(place >= 0, parents[place], -1)
    above = int(parents[best]) if parents[best] >= 0 else best
    near, place = np.zeros(len(at), bool), at
    for _ in range(2 * _CHAIN):
        near |= place == above
        place = np.where(place >= 0, parents[place], -1)
    return {
        "top": steps >= 0,
        "top_steps": steps,
        "top_near": near,
        "top_share": np.full(len(at), totals[best, 1] / max(totals[0, 1], 1e-6)),
    }


def _alike(kind: npt.NDArray[np.int64], weight: Floats, prose: Floats, linked: Floats) -> Columns:
    """How many lines of the page stand in elements of the same make, and what those are like: menus, cards, comments."""
    count = np.bincount(kind)
    size = np.maximum(np.bincount(kind, weights=weight), 1e-6)
    text = np.bincount(kind, weights=weight * prose)
    links = np.bincount(kind, weights=weight * linked)
    return {
        "alike": np.log2(np.maximum(count, 1))[kind],
        "alike_text": (text / max(float(text.sum()), 1e-6))[kind],
        "alike_density": (text / size)[kind],
        "alike_links": (links / size)[kind],
    }


def _kinds(elements: Sequence[Element]) -> npt.NDArray[np.int64]:
    """For each element, the number of its make: its name and class, and those of the one that it stands in."""
    kinds: dict[tuple[object, ...], int] = {}
    own = np.zeros(len(elements), np.int64)
    for number, element in enumerate(elements):
        outer = elements[element.parent] if element.parent >= 0 else element
        own[number] = kinds.setdefault((element.tag, element.words, outer.tag, outer.words), len(kinds))
    return own


def _near_title(markup: Markup, groups: Groups, text: Floats) -> Columns:
    """Where a line stands against the page's headline, in the order of the page and in its tree."""
    overlap = _title_overlap(markup)
    tags = [markup.marked.elements[line.element].tag for line in markup.marked.lines]
    start = int(np.argmax(overlap + np.array([_HEADLINES.get(tag, 0) for tag in tags])))
    distance = np.arange(len(tags)) - start
    parents, at, _ = groups
    steps_down = np.full(len(parents), -1)
    element, step = int(at[start]), 0
    while element >= 0:
        steps_down[element] = step
        element, step = int(parents[element]), step + 1
    place, up = at, np.zeros(len(at))
    for _ in range(FARTHEST):
        outside = (steps_down[place] < 0) & (parents[place] >= 0)
        place, up = np.where(outside, parents[place], place), up + outside
    totals = _sums(parents, at, np.stack((text, np.ones_like(text)), axis=1))
    return {
        "title_words": overlap,
        "from_headline": np.sign(distance) * np.log2(1 + np.abs(distance)),
        "headline_told": np.full(len(tags), overlap[start]),
        "up_to_headline": np.log2(1 + up),
        "down_to_headline": np.log2(1 + np.maximum(steps_down[place], 0)),
        "text_with_headline": totals[place, 0] / max(totals[0, 0], 1e-6),
        "lines_with_headline": totals[place, 1] / len(at),
        "h1s": np.full(len(tags), min(tags.count("h1"), 3)),
    }


def _title_overlap(markup: Markup) -> Floats:
    """How far each line is what the page's head calls it, in words: their Dice coefficient."""
    title = set(_WORDS.findall(markup.marked.title.lower()))
    words = [set(_WORDS.findall(line.text[:300].lower())) for line in markup.marked.lines]
    return np.array([2 * len(own & title) / max(len(own) + len(title), 1) for own in words], np.float32)


def _means(columns: Columns) -> Columns:
    """The means of columns over the lines before and behind."""
    values = np.stack([column.astype(np.float32) for column in columns.values()], axis=1)
    count, at = len(values), np.arange(len(values))
    total = np.concatenate((np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)))
    found: Columns = {}
    for radius in RADII:
        low, high = np.maximum(at - radius, 0), np.minimum(at + 1 + radius, count)
        above = (total[at] - total[low]) / np.maximum(at - low, 1)[:, None]
        below = (total[high] - total[at + 1]) / np.maximum(high - at - 1, 1)[:, None]
        found |= {f"{name} above{radius}": above[:, place] for place, name in enumerate(columns)}
        found |= {f"{name} below{radius}": below[:, place] for place, name in enumerate(columns)}
    return found


def _share(values: npt.NDArray[Any], weight: Floats) -> float:
    return float((values * weight).sum()) / max(float(weight.sum()), 1e-6)


def _agreement(readings: list[Floats], weight: Floats) -> float:
    """The share of the page's text on which the first two readings are of one mind."""
    return _share(np.abs(readings[0] - readings[1]) < 0.5, weight)


def _names() -> tuple[str, ...]:
    page = Markup(Marked([MarkedLine("a", 0, 0, 0, "", 2)], [Element(-1, "body", "", 0, 0)]), {})
    return tuple(_columns(page, groups_of(page), np.ones(1, np.float32), np.zeros(1, np.float32), {}))


MARKUP_NAMES = _names()
"""The names of the columns of `describe_markup`."""
