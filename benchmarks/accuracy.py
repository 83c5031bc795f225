"""How clean text comes out, beside doing nothing, the C4 rules and extractors that have the DOM: word F1 on the same pages.

    python -m benchmarks.accuracy [--corpus NAME ...] [--sample N] [--after] [--folds DIR] [--cache DIR]

Whole pages are flattened to text by three public tools and cleaned as text; the extractors get the HTML. Word F1 is counted as
WCXB does (Foley 2026: bags of lower-case words), segments-dev as trafilatura's evaluation does (Barbaresi 2021: wanted and
unwanted passages). With --after, also what cleaning makes of the extractors' output and of the gold text itself.

wcxb-dev, news-dev and segments-dev are what the models were fitted on: their rows "cleaner" flatter it, unless --folds names
the folder of weights that `tools.fit_context` and `tools.fit_context.markup` wrote with their --folds: then each page is cleaned
by a model that has seen no page of its host. Nothing was fitted on daniel-dev.
Prints one JSON object a row. Needs the extra `fit`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any, Literal

import cleaner
from benchmarks import corpora
from benchmarks.inserted import c4
from cleaner.rules.context import Context
from tools.fit_context import pages

WORD = re.compile(r"\w+")
Record = dict[str, Any]


def word_f1(text: str, gold: str) -> float:
    """
    >>> round(word_f1("one two three", "two three four"), 3)
    0.667
    """
    found, wanted = WORD.findall(text.lower()), WORD.findall(gold.lower())
    if not found or not wanted:
        return float(not found and not wanted)
    both = sum((Counter(found) & Counter(wanted)).values())
    return 2 * both / (len(found) + len(wanted))


def passages_f1(texts: Iterable[tuple[Record, str]]) -> float:
    """F1 over wanted and unwanted passages, all pages together."""
    right = missed = wrong = 0
    for record, text in texts:
        plain = _spaced(text)
        right += sum(_spaced(passage) in plain for passage in record["with"])
        missed += sum(_spaced(passage) not in plain for passage in record["with"])
        wrong += sum(_spaced(passage) in plain for passage in record["without"])
    return 2 * right / max(2 * right + missed + wrong, 1)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def outputs(page: tuple[Record, dict[str, str]], after: bool, folds: str) -> dict[str, list[str]]:
    """A page's text by each way of cleaning it; several texts where several flatteners come before."""
    record, made = page
    chosen = _cleaner(folds, pages.host_of(record))

    def clean(text: str, kind: Literal["text", "html"] = "text") -> str:
        return chosen.clean(text, kind, record["url"]).text if text.strip() else ""

    flat = [made[name] for name in pages.FLATTENERS]
    found = {"nothing": flat, "C4's rules": [c4(text) for text in flat], "cleaner": [clean(text) for text in flat]}
    found["cleaner, with the DOM"] = [clean(record["html"], "html")]
    found |= {f"{name}, with the DOM": [made[name]] for name in pages.EXTRACTORS}
    if after:
        found |= {f"{name}, then cleaner": [clean(made[name])] for name in pages.EXTRACTORS}
        if record["gold"]:
            found["the gold text, then cleaner"] = [clean(record["gold"])]
    return found


def _cleaner(folds: str, host: str) -> cleaner.Cleaner:
    """The cleaner, or one whose scored rule was fitted on other hosts."""
    if not folds:
        return _with_weights("", "")
    return _with_weights(f"{folds}/{pages.fold_of(host)}.npz", f"{folds}/markup-{pages.fold_of(host, pages.MARKUP_FOLDS)}.npz")


@cache
def _with_weights(weights: str, markup_weights: str) -> cleaner.Cleaner:
    scored = Context(weights=weights, markup_weights=markup_weights)
    return cleaner.Cleaner(tuple(scored if rule.name == scored.name else rule for rule in cleaner.DEFAULT_RULES))


def rows(records: list[Record], found: list[dict[str, list[str]]]) -> Iterable[dict[str, Any]]:
    for name in found[0] | found[-1]:
        pairs = [(record, texts[name]) for record, texts in zip(records, found, strict=True) if name in texts]
        if records[0]["kind"] == "segments":
            runs = zip(*(texts for _, texts in pairs), strict=True)
            score = statistics.mean(passages_f1(zip([record for record, _ in pairs], texts, strict=True)) for texts in runs)
            yield {"row": name, "pages": len(pairs), "f1": round(score, 4)}
            continue
        by_kind: dict[str, list[float]] = defaultdict(list)
        for record, texts in pairs:
            by_kind[record["kind"]].append(statistics.mean(word_f1(text, record["gold"] or "") for text in texts))
        every = [score for scores in by_kind.values() for score in scores]
        kinds = {kind: round(statistics.mean(scores), 3) for kind, scores in sorted(by_kind.items())}
        yield {"row": name, "pages": len(pairs), "f1": round(statistics.mean(every), 4), "by kind": kinds}
        if name.startswith("the gold"):
            yield {"row": name, **_kept(pairs)}


def _kept(pairs: list[tuple[Record, list[str]]]) -> dict[str, float]:
    """Of gold text: the share of all words that stay, and of documents that come back word for word."""
    had = sum(len(WORD.findall(record["gold"])) for record, _ in pairs)
    left = sum(len(WORD.findall(text)) for _, texts in pairs for text in texts)
    same = [WORD.findall(record["gold"].lower()) == WORD.findall(texts[0].lower()) for record, texts in pairs]
    return {"words kept": round(left / had, 4), "documents unchanged": round(statistics.mean(same), 4)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", action="append", help="only these corpora")
    parser.add_argument("--sample", type=int, help="at most this many pages of each corpus")
    parser.add_argument("--folds", default="", help="clean by the weights of the fold that lacks the page's host: from tools.fit_context")
    parser.add_argument("--after", action="store_true", help="clean the extractors' output and the gold text, too")
    parser.add_argument("--cache", type=Path, help="keep the pages' texts here, for this and tools.fit_context")
    arguments = parser.parse_args()
    for corpus in arguments.corpus or (*pages.FITTED, "daniel-dev"):
        every = list(pages.made(corpora.FOLDER, corpus, arguments.cache))
        if arguments.sample:
            every = random.Random(1).sample(every, min(arguments.sample, len(every)))
        with Pool() as workers:
            found = workers.map(partial(outputs, after=arguments.after, folds=arguments.folds), every, chunksize=4)
        for row in rows([record for record, _ in every], found):
            print(json.dumps({"corpus": corpus, **row}, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
