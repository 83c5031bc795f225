"""Texts to fit on and to measure on: their lines as the scored rule sees them, each with the share that is wanted."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from cleaner import chain
from cleaner.decode import settle
from cleaner.lexicon import load as lexicon
from cleaner.lines import Document
from cleaner.model.features import Page
from cleaner.normalize import normalize
from cleaner.rules import DEFAULT_RULES
from cleaner.rules.context import page_of
from tools.fit_context import labels, pages


class Example(NamedTuple):
    """One text of one page.

    wanted  the share of each line that the article has; NaN where nobody knows
    words   how many words each line has
    """

    corpus: str
    page_id: str
    kind: str
    host: str
    variant: str
    page: Page
    wanted: npt.NDArray[np.float32]
    words: npt.NDArray[np.float32]


def of_corpus(folder: Path, corpus: str, cache: Path | None) -> list[Example]:
    """Every text of a corpus, from the cache if it has them."""
    kept = cache / f"{corpus}.pickle" if cache else None
    if kept and kept.exists():
        return list(pickle.loads(kept.read_bytes()))
    with Pool() as workers:
        records = pages.load(folder, corpus)
        found = [example for some in workers.imap(_of_record, [(corpus, record) for record in records], chunksize=4) for example in some]
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def _of_record(given: tuple[str, pages.Record]) -> list[Example]:
    corpus, record = given
    made = pages.texts(record)
    return list(_examples(corpus, record, made))


def _examples(corpus: str, record: pages.Record, made: dict[str, str]) -> Iterator[Example]:
    host = urlsplit(record["url"] or "").netloc.removeprefix("www.") or record["id"]
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


def read(text: str) -> Page | None:
    """A text's lines as the scored rule sees them when the other rules have run; None where there are none."""
    body = settle(text)
    lines = chain.split_lines(body, list(normalize(body)))
    if not lines:
        return None
    rules = [rule for rule in DEFAULT_RULES if rule.name != "context"]
    left, _ = chain.run_rules(Document(lines, lexicon()), rules)
    return page_of(left, with_removed=True)
