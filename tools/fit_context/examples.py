"""Texts to fit on and to measure on: their lines as the scored rule sees them, each with the share that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner import chain
from cleaner.decode import settle
from cleaner.lexicon import load as lexicon
from cleaner.lines import Document
from cleaner.markup import Markup
from cleaner.model.features import Page
from cleaner.normalize import normalize
from cleaner.rules import DEFAULT_RULES
from cleaner.rules.context import page_of
from tools.fit_context import labels, pages


class Example(NamedTuple):
    """One text of one page.

    wanted  the share of each line that the article has; NaN where nobody knows
    words   how many words each line has
    markup  what the page's markup says of its lines, where it came with it
    """

    corpus: str
    page_id: str
    kind: str
    host: str
    variant: str
    page: Page
    wanted: npt.NDArray[np.float32]
    words: npt.NDArray[np.float32]
    markup: Markup | None = None


def of_corpus(folder: Path, corpus: str, cache: Path | None) -> list[Example]:
    """Every text of a corpus."""
    with Pool() as workers:
        given = ((corpus, record, made) for record, made in pages.made(folder, corpus, cache))
        return [example for some in workers.imap(_of_page, given, chunksize=4) for example in some]


def _of_page(given: tuple[str, pages.Record, dict[str, str]]) -> list[Example]:
    return list(_examples(*given))


def _examples(corpus: str, record: pages.Record, made: dict[str, str]) -> Iterator[Example]:
    host = pages.host_of(record)
    for variant, text in pages.layouts(record, made).items():
        page = read(text)
        if page is None:
            continue
        if variant.startswith("gold"):
            wanted = np.ones(len(page.texts))
        elif record["gold"]:
            wanted = labels.from_gold(page.texts, record["gold"])
        else:
            wanted = labels.from_passages(page.texts, record, [made[name] for name in pages.EXTRACTORS])
        words = np.array([max(len(labels.WORD.findall(line)), 1) for line in page.texts], np.float32)
        yield Example(corpus, record["id"], record["kind"], host, variant, page, wanted.astype(np.float32), words)


def alone(example: Example) -> Example:
    """The text without what the rules have removed: what a second cleaning sees."""
    live = [index for index, gone in enumerate(example.page.gone) if not gone]
    page = _lines(example.page, live)._replace(blank=_blank_before(example.page, live))
    return example._replace(variant=f"{example.variant}, alone", page=page, wanted=example.wanted[live], words=example.words[live])


def _lines(page: Page, indices: list[int]) -> Page:
    """Some of a page's lines."""
    columns: list[list[Any]] = [[column[index] for index in indices] for column in page]
    return Page(*columns)


def _joined(parts: list[Page]) -> Page:
    """The lines of several pages as one page's."""
    columns: list[list[Any]] = [[value for column in alike for value in column] for alike in zip(*parts, strict=True)]
    return Page(*columns)


def _blank_before(page: Page, live: list[int]) -> list[bool]:
    """For each line that stays, whether a blank line stands between it and the one before that stays."""
    return [any(page.blank[last + 1 : index + 1]) for last, index in zip([-1, *live], live, strict=False)]


def among_chrome(gold: Example, whole: Example) -> Example:
    """Gold text as it is when rules have removed all of a page's chrome: clean, though there was much."""
    gone = [index for index, is_gone in enumerate(whole.page.gone) if is_gone]
    wanted = np.flatnonzero(np.nan_to_num(whole.wanted) >= 0.5)
    middle = int(wanted[0]) if wanted.size else 0
    before, behind = [index for index in gone if index < middle], [index for index in gone if index >= middle]
    page = _joined([_lines(whole.page, before), gold.page, _lines(whole.page, behind)])

    def around(own: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return np.concatenate((other[before], own, other[behind]))

    return gold._replace(
        variant=f"{gold.variant}, among chrome",
        page=page,
        wanted=around(gold.wanted, whole.wanted),
        words=around(gold.words, whole.words),
    )


def transplanted(whole: Example, donor: Example) -> Example | None:
    """A page with the article of another in the place of its own: chrome and article that were never seen together before."""
    own, given = _body(whole), _body(donor)
    if own is None or given is None or own[0] == 0 or given[0] == 0:
        return None
    behind = list(range(own[1], len(whole.words)))
    parts = [(donor, [0]), (whole, list(range(1, own[0]))), (donor, list(range(*given))), (whole, behind)]
    return whole._replace(
        variant=f"{whole.variant}, transplanted",
        page=_joined([_lines(example.page, lines) for example, lines in parts]),
        wanted=np.concatenate([example.wanted[lines] for example, lines in parts]),
        words=np.concatenate([example.words[lines] for example, lines in parts]),
    )


def _body(example: Example) -> tuple[int, int] | None:
    """From the first to behind the last line of some length that is wanted."""
    places = np.flatnonzero((np.nan_to_num(example.wanted) >= 0.5) & (example.words >= 8) & ~np.array(example.page.gone, bool))
    return (int(places[0]), int(places[-1]) + 1) if places.size else None


def read(text: str) -> Page | None:
    """A text's lines as the scored rule sees them when the other rules have run; None where there are none."""
    body = settle(text)
    lines = chain.split_lines(body, list(normalize(body)))
    if not lines:
        return None
    rules = [rule for rule in DEFAULT_RULES if rule.name != "context"]
    left, _ = chain.run_rules(Document(lines, lexicon()), rules)
    return page_of(left, with_removed=True)
