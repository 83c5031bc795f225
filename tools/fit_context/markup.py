"""Fit the model that sees a page's markup: `python -m tools.fit_context.markup`."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from cleaner import chain
from cleaner.decode import settle
from cleaner.extract import extract_page
from cleaner.lexicon import load as lexicon
from cleaner.lines import Document
from cleaner.markup import of_source
from cleaner.model import SHARE, scorer
from cleaner.model.characters import Floats
from cleaner.model.features import describe
from cleaner.model.markup import Scores, described, groups_of
from cleaner.model.scorer import Model, first_look, second_look
from cleaner.normalize import normalize
from cleaner.rules import DEFAULT_RULES
from cleaner.rules.context import page_of
from tools.fit_context import class_words, labels, pages, train
from tools.fit_context.__main__ import MODEL, tell
from tools.fit_context.examples import Example
from tools.fit_context.pages import MARKUP_FOLDS, fold_of

LINES, CONTEXT, SEEDS = (96, 32), (64, 24), (1, 2, 3, 4)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fit_context.markup", description=__doc__)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"), help="folder of the corpora")
    parser.add_argument("--cache", type=Path, help="keep the texts made of the pages here, for this and tools.fit_context")
    parser.add_argument("--out", type=Path, default=MODEL, help="where weights and figures go")
    parser.add_argument("--folds", type=Path, help="write the folds' weights here, for `benchmarks.accuracy --folds`")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    _EXAMPLES.extend(example for corpus in pages.FITTED for example in of_corpus(arguments.corpora, corpus, arguments.cache))
    with Pool(processes=2) as workers:
        _SHARES.extend(workers.map(class_words.shares, _EXAMPLES, chunksize=16))
    tell(f"{len(_EXAMPLES)} pages to fit on")
    with Pool(processes=2) as workers:
        model, *folds = workers.map(_fit_without, (None, *range(MARKUP_FOLDS)), chunksize=1)
    np.savez(arguments.out / scorer.MARKUP_WEIGHTS, **scorer.pack(model))  # type: ignore[arg-type]
    if arguments.folds:
        arguments.folds.mkdir(parents=True, exist_ok=True)
        for fold, other in enumerate(folds):
            np.savez(arguments.folds / f"markup-{fold}.npz", **scorer.pack(other))  # type: ignore[arg-type]
    figures = _figures(folds)
    print(json.dumps(figures, indent=1))
    (arguments.out / "markup_folds.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


_EXAMPLES: list[Example] = []
_SHARES: list[class_words.Shares] = []


def of_corpus(folder: Path, corpus: str, cache: Path | None) -> list[Example]:
    """Every page of a corpus that has text."""
    with Pool(processes=2) as workers:
        made = pages.made(folder, corpus, cache)
        return [example for example in workers.imap(partial(_example, corpus), made, chunksize=4) if example]


def _example(corpus: str, given: tuple[pages.Record, dict[str, str]]) -> Example | None:
    """A page as the scored rule sees it, with what is wanted of it."""
    record, made = given
    found = extract_page(record["html"], record["url"])
    if found.markup is None:
        return None
    body = settle(found.text)
    lines = chain.split_lines(body, list(normalize(body)))
    document = Document(lines, lexicon(), found.pairs, url=record["url"], markup=of_source(found.markup, body, lines))
    left, _ = chain.run_rules(document, [rule for rule in DEFAULT_RULES if rule.name != "context"])
    page = page_of(left, with_removed=True)
    if record["gold"]:
        wanted = labels.from_gold(page.texts, record["gold"])
    else:
        wanted = labels.from_passages(page.texts, record, [made[name] for name in pages.EXTRACTORS])
    words = np.array([max(len(labels.WORD.findall(line)), 1) for line in page.texts], np.float32)
    host = pages.host_of(record)
    return Example(corpus, record["id"], record["kind"], host, "html", page, wanted.astype(np.float32), words, left.markup)


def _fit_without(fold: int | None) -> Model:
    """The model with its table of class words, from the pages of all other folds, or of all."""
    chosen = [place for place, example in enumerate(_EXAMPLES) if fold is None or fold_of(example.host, MARKUP_FOLDS) != fold]
    counted = class_words.table([(_EXAMPLES[place].host, _SHARES[place]) for place in chosen])
    examples = [_EXAMPLES[place] for place in chosen]
    tables = {host: class_words.scores(counted, host) for host in {example.host for example in examples}}
    seen = [_seen(example, tables[example.host]) for example in examples]
    with threadpool_limits(1):
        return _fit(examples, seen)._replace(words=class_words.scores(counted))


def _seen(example: Example, scores: Scores) -> tuple[Floats, Floats]:
    assert example.markup
    features = describe(example.page)
    return features, described(example.markup, groups_of(example.markup), features, scores)


def _fit(examples: Sequence[Example], seen: Sequence[tuple[Floats, Floats]]) -> Model:
    """Both looks; the second is fitted on what the first thinks of hosts that it has not seen."""
    every = range(len(examples))
    firsts = [first_look(*pair) for pair in seen]
    thoughts: dict[int, Floats] = {}
    for half in (0, 1):
        inside = [place for place in every if fold_of(examples[place].host, 2, "inner") == half]
        others = [place for place in every if fold_of(examples[place].host, 2, "inner") != half]
        network = _network(examples, others, firsts.__getitem__, LINES, SEEDS[:2])
        thoughts |= {place: network(firsts[place]) for place in inside}
    lines = _network(examples, every, firsts.__getitem__, LINES, SEEDS)

    def second(place: int) -> Floats:
        features, more = seen[place]
        markup = examples[place].markup
        assert markup
        return second_look(features, thoughts[place], more, groups_of(markup))

    return Model(lines, _network(examples, every, second, CONTEXT, SEEDS), None)


def _network(
    examples: Sequence[Example], places: Sequence[int], look: Callable[[int], Floats], layers: tuple[int, ...], seeds: Sequence[int]
) -> scorer.Network:
    chosen = {id(examples[place]): place for place in places}
    texts = [train.Text(examples[place], np.zeros(0, np.float32), train.CORPUS_WEIGHTS[examples[place].corpus]) for place in places]
    return train.fit(texts, lambda text: look(chosen[id(text.example)]), layers, seeds)


def _figures(folds: Sequence[Model]) -> dict[str, dict[str, float]]:
    """F1 by corpus and kind of page, from the shares of lines that are wanted, by the models that have not seen the host."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for example in _EXAMPLES:
        score = _score(example, folds[fold_of(example.host, MARKUP_FOLDS)])
        for kind in ("all", *([example.kind] if example.corpus == "wcxb-dev" else [])):
            found[example.corpus][kind].append(score)
    return {corpus: {kind: round(statistics.mean(scores), 4) for kind, scores in kinds.items()} for corpus, kinds in found.items()}


def _score(example: Example, model: Model) -> float:
    assert example.markup
    features, more = _seen(example, model.words)
    keep = scorer.judge(features, model, more, groups_of(example.markup)).keep
    known = ~np.isnan(example.wanted)
    stays = (keep >= scorer.bar(features, keep, SHARE)) & ~np.array(example.page.gone, bool)
    return train.f1(example.words[known], example.wanted[known], stays[known])


if __name__ == "__main__":
    sys.exit(main())
