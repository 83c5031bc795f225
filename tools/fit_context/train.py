"""Fit the networks of `cleaner.model.scorer`, with scikit-learn; the package itself needs numpy only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.neural_network import MLPClassifier

from cleaner.model.characters import Floats
from cleaner.model.scorer import KEEP, Network, in_context, of_page
from tools.fit_context.examples import Example
from tools.fit_context.pages import fold_of

MOST_ROWS = 200
"""A text gives at most this many lines to fit on, so that long pages do not outweigh short ones."""

CORPUS_WEIGHTS = {"news-dev": 6.0, "segments-dev": 2.25, "wcxb-dev": 1.0}
OTHER_KINDS = 0.5
"""wcxb-dev's pages that are no articles weigh this much: half of them are lists, whose chrome and text look alike."""

CLEAN = 10.0
"""For the gate, gold text weighs this much: text that is clean must stay as it is."""

SEEDS = (1, 2, 3, 4, 5, 6)
LINES, CONTEXT, GATE = (96, 32), (64, 24), (16,)


class Text(NamedTuple):
    """An example with its features, and its weight."""

    example: Example
    features: Floats
    weight: float


def fit_lines(texts: Sequence[Text]) -> tuple[Network, Network]:
    """The networks that judge lines: the second is fitted on what the first thinks of hosts that it has not seen."""
    thoughts: dict[int, Floats] = {}
    for half in (0, 1):
        others = [text for text in texts if fold_of(text.example.host, 2, "inner") != half]
        first = fit(others, lambda text: text.features, LINES, SEEDS[:3])
        thoughts |= {id(text): first(text.features) for text in texts if fold_of(text.example.host, 2, "inner") == half}
    lines = fit(texts, lambda text: text.features, LINES, SEEDS)
    context = fit(texts, lambda text: in_context(text.features, thoughts[id(text)]), CONTEXT, SEEDS)
    return lines, context


def keeps(lines: Network, context: Network, features: Floats) -> Floats:
    return context(in_context(features, lines(features)))


def fit_gate(judged: Sequence[tuple[Text, Floats]]) -> Network:
    """The network that tells whether removing lines makes a text better, from texts judged by networks fitted on others."""
    rows, better, weights = [], [], []
    for text, keep in judged:
        gained = gain(text.example, keep)
        if gained == 0:
            continue
        rows.append(of_page(text.features, keep))
        better.append(gained > 0.002)
        clean = text.example.variant.startswith("gold")
        weights.append((min(abs(gained), 0.3) + 0.01) * (CLEAN if clean else 1) * text.weight)
    return _network(np.concatenate(rows), np.array(better), np.array(weights, np.float32), GATE, SEEDS, rounds=60, batch=128)


def gain(example: Example, keep: Floats) -> float:
    """How much better the text's F1 gets by removing what is not likely wanted, from the shares of its lines."""
    known = ~np.isnan(example.wanted) & ~np.array(example.page.gone, bool)
    words, wanted = example.words[known], np.nan_to_num(example.wanted[known])
    return f1(words, wanted, keep[known] >= KEEP) - f1(words, wanted, np.ones(len(words), bool))


def f1(words: Floats, wanted: Floats, kept: Floats) -> float:
    right = float((words * wanted)[kept].sum())
    return 2 * right / max(float(words[kept].sum() + (words * wanted).sum()), 1e-6)


def fit(texts: Sequence[Text], features: Callable[[Text], Floats], layers: tuple[int, ...], seeds: Sequence[int]) -> Network:
    chance = np.random.default_rng(0)
    rows, wanted, weights = [], [], []
    for text in texts:
        chosen, weight = _rows(text, chance)
        if len(chosen):
            rows.append(features(text)[chosen])
            wanted.append(text.example.wanted[chosen])
            weights.append(weight)
    return _network(np.concatenate(rows), np.concatenate(wanted) >= 0.5, np.concatenate(weights), layers, seeds)


def _rows(text: Text, chance: np.random.Generator) -> tuple[npt.NDArray[np.int64], Floats]:
    """The lines of a text to fit on, and their weights: a text's lines weigh the same together, long ones more."""
    example = text.example
    weight = np.sqrt(example.words) / np.sqrt(example.words).sum() * text.weight
    chosen = np.flatnonzero(~np.isnan(example.wanted) & ~np.array(example.page.gone, bool))
    if len(chosen) <= MOST_ROWS:
        return chosen, weight[chosen]
    fewer = np.sort(chance.choice(chosen, MOST_ROWS, replace=False))
    return fewer, weight[fewer] * len(chosen) / MOST_ROWS


def _network(
    rows: Floats,
    wanted: npt.NDArray[np.bool_],
    weights: Floats,
    layers: tuple[int, ...],
    seeds: Sequence[int],
    rounds: int = 6,
    batch: int = 1024,
) -> Network:
    mean, deviation = rows.mean(axis=0).astype(np.float32), (rows.std(axis=0) + 1e-3).astype(np.float32)
    scaled = np.clip((rows - mean) / deviation, -4, 4).astype(np.float32)
    weights = np.minimum(weights * len(weights) / weights.sum(), 20)
    members = []
    for seed in seeds:
        net = MLPClassifier(layers, alpha=1e-2, batch_size=batch, learning_rate_init=2e-3, max_iter=rounds, random_state=seed)
        net.fit(scaled, wanted.astype(int), sample_weight=weights)
        members.append([(w.astype(np.float32), b.astype(np.float32)) for w, b in zip(net.coefs_, net.intercepts_, strict=True)])
    return Network(mean, deviation, members)
