"""How much each word in the classes of elements speaks for the article: counted over hosts, so that no site speaks for itself."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cleaner.markup import Element
from cleaner.model.markup import class_words
from tools.fit_context.examples import Example

Shares = dict[str, tuple[float, float]]
"""For each word, the shares of the page's wanted and unwanted words that stand under it."""

LEAST = 5
"""Words of fewer hosts are names of those hosts' own."""

PRIOR = 1.0
"""As many hosts are thought to have had a word on either side before any was seen."""


class Table(NamedTuple):
    """Shares summed over hosts, each host's own, and how many hosts have a word."""

    total: Shares
    by_host: dict[str, Shares]
    hosts: Counter[str]


def shares(example: Example) -> Shares:
    """What stands under each class word of a page."""
    assert example.markup
    known = ~np.isnan(example.wanted)
    wanted = example.words * np.nan_to_num(example.wanted) * known
    unwanted = example.words * known - wanted
    under = _under(example.markup.marked.elements)
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for line, good, bad in zip(example.markup.marked.lines, wanted / max(wanted.sum(), 1), unwanted / max(unwanted.sum(), 1), strict=True):
        for word in under[line.element] | set(class_words(line.words)):
            found[word][0] += float(good)
            found[word][1] += float(bad)
    return {word: (good, bad) for word, (good, bad) in found.items()}


def _under(elements: Sequence[Element]) -> list[frozenset[str]]:
    """For each element, the class words of itself and of all that it stands in."""
    found: list[frozenset[str]] = []
    for element in elements:
        above = found[element.parent] if element.parent >= 0 else frozenset()
        own = frozenset(class_words(element.words))
        found.append(above if own <= above else above | own)
    return found


def table(pages: Sequence[tuple[str, Shares]]) -> Table:
    """Sum the shares of pages, each with its host: every host weighs the same."""
    count = Counter(host for host, _ in pages)
    by_host: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    for host, found in pages:
        for word, (good, bad) in found.items():
            by_host[host][word][0] += good / count[host]
            by_host[host][word][1] += bad / count[host]
    total: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for words in by_host.values():
        for word, (good, bad) in words.items():
            total[word][0] += good
            total[word][1] += bad
    plain = {host: {word: (good, bad) for word, (good, bad) in words.items()} for host, words in by_host.items()}
    return Table(
        {word: (good, bad) for word, (good, bad) in total.items()}, plain, Counter(word for words in by_host.values() for word in words)
    )


def scores(counted: Table, without: str = "") -> dict[str, float]:
    """The logarithm of the odds of each word that enough hosts have; `without` one host, for that host's own pages."""
    own = counted.by_host.get(without, {})
    found = {}
    for word, (good, bad) in sorted(counted.total.items()):
        less_good, less_bad = own.get(word, (0.0, 0.0))
        if counted.hosts[word] - (word in own) >= LEAST:
            found[word] = round(math.log((good - less_good + PRIOR) / (bad - less_bad + PRIOR)), 3)
    return found
