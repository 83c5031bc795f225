"""The command: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from zlib import crc32

import numpy as np
from threadpoolctl import threadpool_limits

import cleaner
from cleaner.model import UNCLEAN, scorer
from cleaner.model.characters import Floats
from cleaner.model.features import describe
from cleaner.model.scorer import KEEP, Model, Network
from tools.fit_context import pages, train
from tools.fit_context.examples import Example, alone, among_chrome, of_corpus, transplanted
from tools.fit_context.pages import FOLDS, fold_of
from tools.fit_context.train import Text

TRANSPLANTED = 0.6
"""The share of whole pages that are fitted on again with the article of another site in the place of their own."""

MODEL = Path(cleaner.__file__).parent / "model"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fit_context", description="Fit the scored rule's model.")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"), help="folder of the corpora")
    parser.add_argument("--cache", type=Path, help="keep the texts made of the pages here: making them takes a quarter of an hour")
    parser.add_argument("--out", type=Path, default=MODEL, help="where weights and figures go")
    parser.add_argument("--folds", type=Path, help="write the folds' weights here, for `benchmarks.accuracy --folds`")
    parser.add_argument("--every", type=int, default=3, help="measure the folds on one page in so many (default: 3)")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    examples = [example for corpus in pages.FITTED for example in of_corpus(arguments.corpora, corpus, arguments.cache)]
    texts = [Text(example, describe(example.page), weight) for example, weight in _weighed(examples)]
    tell(f"{len(texts)} texts to fit on")
    _TEXTS.extend(texts)
    with Pool(processes=2) as workers:  # each sees the texts as they are here; one thread each, so that sums come out the same
        whole, *networks = workers.map(_fit_without, (None, *range(FOLDS)), chunksize=1)
    judged: list[tuple[Text, Floats]] = []
    for fold, pair in enumerate(networks):
        judged += [(text, train.keeps(*pair, text.features)) for text in texts if fold_of(text.example.host) == fold]
    tell("lines fitted")
    gates = [train.fit_gate([pair for pair in judged if fold_of(pair[0].example.host) != fold]) for fold in range(FOLDS)]
    models = [Model(*pair, gate) for pair, gate in zip(networks, gates, strict=True)]
    if arguments.folds:
        arguments.folds.mkdir(parents=True, exist_ok=True)
        for fold, model in enumerate(models):
            np.savez(arguments.folds / f"{fold}.npz", **scorer.pack(model))  # type: ignore[arg-type]
    np.savez(arguments.out / scorer.WEIGHTS, **scorer.pack(Model(*whole, train.fit_gate(judged))))  # type: ignore[arg-type]
    tell("weights written")
    some = [example for example in examples if crc32(example.page_id.encode()) % arguments.every == 0]
    figures = {corpus: _figures([example for example in some if example.corpus == corpus], models) for corpus in pages.FITTED}
    print(json.dumps(figures, indent=1))
    (arguments.out / "folds.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


_TEXTS: list[Text] = []


def _fit_without(fold: int | None) -> tuple[Network, Network]:
    """The networks that judge lines, fitted on the pages of all other folds, or on all pages."""
    with threadpool_limits(1):
        return train.fit_lines([text for text in _TEXTS if fold is None or fold_of(text.example.host) != fold])


def tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _weighed(examples: list[Example]) -> list[tuple[Example, float]]:
    """The texts to fit on, with their weights."""
    by_page: dict[tuple[str, str], dict[str, Example]] = defaultdict(dict)
    for example in examples:
        by_page[example.corpus, example.page_id][example.variant] = example
    found: list[tuple[Example, float]] = []
    for (corpus, page_id), variants in by_page.items():
        for variant, weight in pages.sample(list(variants), page_id):
            example = variants[variant]
            other = corpus == "wcxb-dev" and example.kind != "article"
            weighed = weight * train.CORPUS_WEIGHTS[corpus] * (train.OTHER_KINDS if other else 1)
            found.append((example, weighed))
            found += [(made, weighed / 2) for made in _derived(example, variants)]
    return [*found, *_transplanted(examples)]


def _transplanted(examples: list[Example]) -> Iterator[tuple[Example, float]]:
    """Whole pages of articles with other articles in them; those of other folds are kept apart."""
    alike: dict[tuple[object, ...], list[Example]] = defaultdict(list)
    for example in examples:
        if example.variant in pages.FLATTENERS and (example.corpus != "wcxb-dev" or example.kind == "article"):
            kind = example.kind if example.corpus == "news-dev" else ""  # of one country, so of one language
            halves = fold_of(example.host), fold_of(example.host, 2, "inner")
            alike[example.corpus, kind, example.variant, halves].append(example)
    chance = random.Random(7)
    for group in alike.values():
        for whole in group:
            if chance.random() < TRANSPLANTED and len(group) > 1:
                donor = chance.choice(group)
                if donor.host != whole.host and (made := transplanted(whole, donor)):
                    yield made, train.CORPUS_WEIGHTS[whole.corpus] / 2


def _derived(example: Example, variants: dict[str, Example]) -> Iterator[Example]:
    """The same text with other things known of it: without what rules removed, or as all that rules left."""
    if any(example.page.gone) and not all(example.page.gone):
        yield alone(example)
    if example.variant.startswith("gold") and "html_text" in variants and any(variants["html_text"].page.gone):
        yield among_chrome(example, variants["html_text"])


def _figures(examples: list[Example], models: list[Model]) -> dict[str, dict[str, float]]:
    """What models fitted on other hosts' pages score: means by variant, of F1 from the shares of lines that are wanted."""
    rows: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        if all(example.page.gone):
            continue
        for name, score in _scores(example, models[fold_of(example.host)]).items():
            rows[example.variant][name].append(score)
            if example.kind == "article":
                rows[example.variant + ", articles"][name].append(score)
    return {variant: {name: round(statistics.mean(found), 4) for name, found in names.items()} for variant, names in sorted(rows.items())}


def _scores(example: Example, model: Model) -> dict[str, float]:
    """Scores of one text, removing lines as the rule does: where both the page and what the rules left of it ask for that."""
    verdict = scorer.judge(describe(example.page), model)
    by_itself = scorer.judge(describe(alone(example).page), model)
    unclean = min(verdict.unclean, by_itself.unclean) >= UNCLEAN
    live = ~np.isnan(example.wanted) & ~np.array(example.page.gone, bool)
    words, wanted = example.words[live], np.nan_to_num(example.wanted[live])
    everything = np.ones(len(words), bool)
    likely = verdict.keep[live] >= KEEP
    kept = likely if unclean else everything
    return {
        "rules only": train.f1(words, wanted, everything),
        "without the gate": train.f1(words, wanted, likely),
        "with it": train.f1(words, wanted, kept),
        "words kept": float(words[kept].sum() / max(words.sum(), 1)),
        "unchanged": float(kept.all()),
    }


if __name__ == "__main__":
    sys.exit(main())
