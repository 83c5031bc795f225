"""Why the model thinks little of a line, in words: what it would think if it did not know one thing or another.

Each group of features is hidden in turn (set to what is usual); the groups that hold most against the line give the reason
(occlusion, as in Zeiler and Fergus 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.model.characters import Floats
from cleaner.model.features import NAMES
from cleaner.model.markup import MARKUP_NAMES
from cleaner.model.scorer import Network

_AT = {name: at for at, name in enumerate(NAMES)}
MOST = 3
"""How many reasons are given."""


class _Group(NamedTuple):
    """What is hidden together: columns that are named so, or whose names start or end so."""

    columns: npt.NDArray[np.int64]
    words: tuple[tuple[str, str, float, str], ...]


def _group(starts: tuple[str, ...], *words: tuple[str, str, float, str]) -> _Group:
    """Columns by how their names start; what to say: a column, how it compares with a bound, and the words."""
    return _Group(np.array([at for at, name in enumerate(NAMES) if name.startswith(starts) and not _is_around(name)]), words)


def _is_around(name: str) -> bool:
    return name[-1].isdigit() and ("_above" in name or "_below" in name) and not name.startswith("cluster")


_GROUPS = (
    _group(
        ("logw", "usual", "rank", "words", "share", "word_length"),
        ("logw", "<", 5.3, "short"),
        ("usual", "<", -1.5, "short for this page"),
    ),
    _group(("stop", "sentences", "prose", "commas", "ends_", "quotes"), ("stop", "<", 0.5, "no sentence")),
    _group(("common", "about"), ("common", "<", 0.2, "few of the page's common words"), ("about", "<", 0.35, "not what the page is about")),
    _group(("label", "said"), ("label", ">", 0.5, "a known label"), ("said", ">", 0.4, "speaks as chrome does")),
    _group(("copies", "period"), ("copies", ">", 1.5, "stands there more than once"), ("period1", ">", 0.5, "in a list of lines alike")),
    _group(
        ("capitals", "upper", "digits", "marks", "brackets", "dashes", "starts_"),
        ("digits", ">", 0.3, "mostly digits"),
        ("marks", ">", 0.2, "many marks"),
        ("capitals", ">", 0.7, "capitals"),
    ),
    _group(
        ("prose_", "mass_", "lines_", "from_", "to_", "cluster", "in_main", "title_overlap", "has_headline"),
        ("to_main8", "<", -0.5, "before the main text"),
        ("to_main8", ">", 0.5, "behind the main text"),
        ("cluster8", "<", 0.5, "apart from the main text"),
    ),
    _Group(
        np.array([at for at, name in enumerate(NAMES) if _is_around(name)]),
        (
            ("gone_above3", ">", 0.3, "behind chrome"),
            ("gone_below3", ">", 0.3, "before chrome"),
            ("logw_above3", "<", 5.3, "among short lines"),
            ("prose_below3", "<", 0.4, "among lines that are no text"),
        ),
    ),
)


_MARKUP_WORDS = (
    ("in_hidden", ">", 0.5, "hidden"),
    ("in_nav", ">", 0.5, "in the navigation"),
    ("in_footer", ">", 0.5, "in a footer"),
    ("in_aside", ">", 0.5, "in an aside"),
    ("in_header", ">", 0.5, "in a header"),
    ("in_dialog", ">", 0.5, "in a dialog"),
    ("in_form", ">", 0.5, "in a form"),
    ("in_button", ">", 0.5, "a button"),
    ("class_worst", "<", -1.0, "named as chrome is"),
    ("linked", ">", 0.8, "a link"),
    ("links_within2", ">", 0.6, "among links"),
    ("top", "<", 0.5, "outside the main text"),
)
_MARKUP = [(MARKUP_NAMES.index(column), sign, bound, words) for column, sign, bound, words in _MARKUP_WORDS]


def reasons(features: Floats, lines: Network) -> list[str]:
    """One reason for each row, at least one word long."""
    lines = lines._replace(members=lines.members[:1])  # one of them tells as much
    plain = lines(features)
    weights = []
    for group in _GROUPS:
        hidden = features.copy()
        hidden[:, group.columns] = lines.mean[group.columns]
        weights.append(lines(hidden) - plain)
    order = np.argsort(-np.stack(weights, axis=1), axis=1)
    return [
        ", ".join(list(_told(row.tolist(), order[number].tolist()))[:MOST]) or "like chrome, all told"
        for number, row in enumerate(features)
    ]


def markup_reasons(features: Floats, markup: Floats) -> list[str]:
    """One reason for each row of a page that came with its markup: what is known of it, the plainest first."""
    told = [[words for column, sign, bound, words in _MARKUP if _holds(row[column], sign, bound)][:MOST] for row in markup.tolist()]
    told = [[*words, *_told(row, range(len(_GROUPS)))] for words, row in zip(told, features.tolist(), strict=True)]
    return [", ".join(words[:MOST]) or "like chrome, all told" for words in told]


def _holds(value: float, sign: str, bound: float) -> bool:
    return value < bound if sign == "<" else value > bound


def _told(row: Sequence[float], order: Sequence[int]) -> Iterator[str]:
    for number in order:
        for column, sign, bound, words in _GROUPS[number].words:
            value = row[_AT[column]]
            if _holds(value, sign, bound):
                yield words
                break
