"""Judge a page's lines: two small networks, the second of which sees what the first thought of the lines around, and a gate.

The gate says whether the page is one to clean at all, or text that is clean enough already. Everything is numpy; the weights
are `weights.npz`, fitted by `python -m tools.fit_context` (see CARD.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.model.characters import Floats
from cleaner.model.features import NAMES

WEIGHTS = "weights.npz"
KEEP = 0.45
"""Lines that are less likely than this to be the article's are removed."""

ROWS = 8
"""How many lines are multiplied at a time: few enough that BLAS uses one thread."""

REACHES = (2, 5, 12, 30)
"""How far the second look's neighbourhoods reach, in lines."""

_LOGW, _WORDS, _GONE = NAMES.index("logw"), NAMES.index("words"), NAMES.index("gone")
_BASE, _WHOLE = NAMES.index("next_lower") + 1 + 9, NAMES.index("page_prose")
_LIMIT = 4.0
"""How many standard deviations a feature may lie from its mean: what lies further is no more telling."""

Layer = tuple[Floats, Floats]


class Network(NamedTuple):
    """Networks of the same shape, fitted from different starts: their mean is surer than each.

    mean, deviation  of the features it was fitted on
    members          for each network its layers, as (weights, bias)
    """

    mean: Floats
    deviation: Floats
    members: Sequence[Sequence[Layer]]

    def __call__(self, features: Floats) -> Floats:
        """A probability for each row."""
        scaled = np.clip((features - self.mean) / self.deviation, -_LIMIT, _LIMIT).astype(np.float32)
        total = np.zeros(len(features), np.float32)
        for layers in self.members:
            values = scaled
            for weights, bias in layers[:-1]:
                values = np.maximum(_product(values, weights) + bias, 0)
            weights, bias = layers[-1]
            total += 1 / (1 + np.exp(-(_product(values, weights) + bias)[:, 0]))
        return (total / len(self.members)).astype(np.float32)


class Model(NamedTuple):
    """lines    judges lines by their features
    context  judges them again, with what `lines` thought of their neighbours
    gate     tells pages that need cleaning from text that is clean enough
    """

    lines: Network
    context: Network
    gate: Network


class Verdict(NamedTuple):
    """keep    how likely each line is the article's
    unclean  how likely the page is one to clean
    """

    keep: Floats
    unclean: float


def judge(features: Floats, model: Model) -> Verdict:
    """Judge the lines of a page by their features."""
    keep = model.context(in_context(features, model.lines(features)))
    return Verdict(keep, float(model.gate(of_page(features, keep))[0]))


def _product(rows: Floats, weights: Floats) -> Floats:
    """`rows @ weights`, a few rows at a time.

    Whole, numpy's BLAS starts threads that spin for many times what the product takes; and what a line scores would hang on
    how many lines there are.
    """
    count, width = rows.shape
    padded = np.zeros((-(-count // ROWS) * ROWS, width), np.float32)
    padded[:count] = rows
    product: Floats = (padded.reshape(-1, ROWS, width) @ weights).reshape(len(padded), -1)[:count]
    return product


def in_context(features: Floats, thought: Floats) -> Floats:
    """Features for the second look: the first look's thoughts of the lines around, and what the line itself is like."""
    live = np.where(features[:, _GONE] > 0, 0, thought).astype(np.float32)
    weight = np.exp2(features[:, _LOGW])
    count, at = len(live), np.arange(len(live))
    columns: list[npt.NDArray[Any]] = [live]
    for step in (1, 2, 3):
        columns += _moved(live, step), _moved(live[::-1], step)[::-1]
    total, mass, heavy = (np.concatenate(([0.0], np.cumsum(part, dtype=np.float64))) for part in (live, live * weight, weight))
    for reach in REACHES:
        low, high = np.maximum(at - reach, 0), np.minimum(at + 1 + reach, count)
        columns.append((total[at] - total[low]) / np.maximum(at - low, 1))
        columns.append((total[high] - total[at + 1]) / np.maximum(high - at - 1, 1))
        columns.append((mass[high] - mass[low]) / (heavy[high] - heavy[low]))
    whole = max(float(mass[-1]), 1e-6)
    columns += mass[:-1] / whole, (whole - mass[1:]) / whole
    sure = float((live * live * weight).sum()) / whole
    columns += [np.full(count, value) for value in (mass[-1] / heavy[-1], total[-1] / count, sure)]
    return np.concatenate((np.stack(columns, axis=1).astype(np.float32), features[:, :_BASE], features[:, _WHOLE:]), axis=1)


def of_page(features: Floats, keep: Floats) -> Floats:
    """One row: what the second look thought of the page's text as a whole, in shares of its words."""
    live = features[:, _GONE] == 0
    words = np.exp2(features[:, _WORDS]) * live
    total = max(float(words.sum()), 1e-6)
    wanted = float((words * keep).sum())
    kept = float((words * (keep >= KEEP)).sum())
    gain = _expected_f(float((words * keep * (keep >= KEEP)).sum()), kept, wanted) - _expected_f(wanted, total, wanted)
    values = (
        wanted / total,
        *(float((words * (keep < bound)).sum()) / total for bound in (0.15, 0.3, KEEP, 0.6, 0.8)),
        *(float((live & (keep < bound)).sum()) / max(int(live.sum()), 1) for bound in (0.15, 0.3, KEEP, 0.6)),
        gain,
        *features[0, _WHOLE:].tolist(),
    )
    return np.array([values], np.float32)


def _expected_f(right: float, kept: float, wanted: float) -> float:
    return 2 * right / max(kept + wanted, 1e-6)


def _moved(values: Floats, step: int) -> Floats:
    """Each line's value moved down, -1 where there is none."""
    return np.concatenate((np.full(min(step, len(values)), -1, np.float32), values[:-step] if len(values) > step else values[:0]))


def pack(model: Model) -> dict[str, npt.NDArray[Any]]:
    """A model as named arrays, at half precision."""
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, network in zip(Model._fields, model, strict=True):
        arrays[f"{name}.mean"], arrays[f"{name}.deviation"] = network.mean, network.deviation
        for number, layers in enumerate(network.members):
            for depth, (weights, bias) in enumerate(layers):
                arrays[f"{name}.{number}.{depth}.weights"] = weights.astype(np.float16)
                arrays[f"{name}.{number}.{depth}.bias"] = bias.astype(np.float16)
    return arrays


def unpack(arrays: Mapping[str, npt.NDArray[Any]]) -> Model:
    """The model that `pack` packed."""
    return Model(*(_network(arrays, name) for name in Model._fields))


def _network(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Network:
    members: dict[int, dict[int, Layer]] = {}
    for key in arrays:
        parts = key.split(".")
        if parts[0] == name and parts[-1] == "weights":
            stem = key.removesuffix("weights")
            layer = arrays[key].astype(np.float32), arrays[stem + "bias"].astype(np.float32)
            members.setdefault(int(parts[1]), {})[int(parts[2])] = layer
    ordered = [[layers[depth] for depth in sorted(layers)] for _, layers in sorted(members.items())]
    return Network(arrays[f"{name}.mean"], arrays[f"{name}.deviation"], ordered)


@cache
def load() -> Model:
    """The packaged model, read on first use."""
    with (files(__package__) / WEIGHTS).open("rb") as file, np.load(file) as arrays:
        return unpack({name: arrays[name] for name in arrays.files})
