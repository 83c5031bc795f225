"""Judge a page's lines: two small networks, the second of which sees what the first thought of the lines around, and a gate.

The gate says whether the page is one to clean at all, or text that is clean enough already. Everything is numpy; the weights
are `weights.npz`, fitted by `python -m tools.fit_context` (see CARD.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from cleaner.model.characters import Floats
from cleaner.model.features import NAMES
from cleaner.model.markup import Groups, shared_thoughts

WEIGHTS, MARKUP_WEIGHTS = "weights.npz", "markup_weights.npz"
KEEP = 0.45
"""Lines that are less likely than this to be the article's are removed."""

SURE, BARS = 0.3, (0.15, 0.6)
"""Of a page with its markup: lines that tell how likely its text is are more likely than this; and the bounds of what it asks for."""

ROWS = 8
"""How many lines are multiplied at a time: few enough that BLAS uses one thread."""

REACHES = (2, 5, 12, 30)
"""How far the second look's neighbourhoods reach, in lines."""

_LOGW, _WORDS, _GONE = NAMES.index("logw"), NAMES.index("words"), NAMES.index("gone")
_BASE, _WHOLE = NAMES.index("logw_above1"), NAMES.index("page_prose")
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
    gate     tells pages that need cleaning from text that is clean enough; None where all do: pages with their markup
    words    of such pages' classes: how much each speaks for the article
    """

    lines: Network
    context: Network
    gate: Network | None
    words: Mapping[str, float] = {}


class Verdict(NamedTuple):
    """keep    how likely each line is the article's
    unclean  how likely the page is one to clean
    """

    keep: Floats
    unclean: float


def judge(features: Floats, model: Model, more: Floats | None = None, groups: Groups | None = None) -> Verdict:
    """Judge the lines of a page.

    features  as `features.describe` gives them
    more      as `markup.describe_markup` gives them, for a model that was fitted with them; and
    groups    which lines stand together in the page's tree
    """
    keep = model.context(second_look(features, model.lines(first_look(features, more)), more, groups))
    return Verdict(keep, float(model.gate(of_page(features, keep))[0]) if model.gate else 1.0)


def bar(features: Floats, keep: Floats, share: float) -> float:
    """How likely a line must be the article's, on a page that came with its markup: a share of how likely its text is as a whole.

    Where the article stands out, lines that are half as likely are something else; on a page of cards or posts, nothing is sure.
    """
    weight = np.exp2(features[:, _LOGW]) * _live(features, keep) * (keep > SURE)
    return float(np.clip(share * (weight * keep).sum() / max(float(weight.sum()), 1e-6), *BARS))


def first_look(features: Floats, more: Floats | None = None) -> Floats:
    """What the first look sees."""
    return features if more is None else np.hstack((features, more))


def second_look(features: Floats, thought: Floats, more: Floats | None = None, groups: Groups | None = None) -> Floats:
    """What the second look sees: what the first thought of each line, of the lines around it, and of those beside it in the tree."""
    around = in_context(features, thought)
    if more is None or groups is None:
        return around
    return np.hstack((around, more, shared_thoughts(groups, _live(features, thought), np.exp2(features[:, _LOGW]))))


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
    live = _live(features, thought)
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


def _live(features: Floats, thought: Floats) -> Floats:
    """What was thought of the lines that are still there."""
    return np.where(features[:, _GONE] > 0, 0, thought).astype(np.float32)


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
    if model.words:
        arrays["words"] = np.array("\n".join(model.words).encode())
        arrays["scores"] = np.array(list(model.words.values()), np.float32)
    for name, network in (("lines", model.lines), ("context", model.context), ("gate", model.gate)):
        if network is None:
            continue
        arrays[f"{name}.mean"], arrays[f"{name}.deviation"] = network.mean, network.deviation
        for number, layers in enumerate(network.members):
            for depth, (weights, bias) in enumerate(layers):
                arrays[f"{name}.{number}.{depth}.weights"] = weights.astype(np.float16)
                arrays[f"{name}.{number}.{depth}.bias"] = bias.astype(np.float16)
    return arrays


def unpack(arrays: Mapping[str, npt.NDArray[Any]]) -> Model:
    """The model that `pack` packed."""
    gate = _network(arrays, "gate") if "gate.mean" in arrays else None
    words = bytes(arrays["words"][()]).decode().split("\n") if "words" in arrays else []
    return Model(
        _network(arrays, "lines"),
        _network(arrays, "context"),
        gate,
        dict(zip(words, arrays["scores"].tolist(), strict=True)) if words else {},
    )


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
def load(path: str = "", markup: bool = False) -> Model:
    """The packaged model, or the one of another file; read on first use. Raises ValueError where the file is no such model.

    markup  whether to give the model that sees the markup, too
    """
    place = Path(path) if path else files(__package__) / (MARKUP_WEIGHTS if markup else WEIGHTS)
    try:
        with place.open("rb") as file, np.load(file) as arrays:
            model = unpack({name: arrays[name] for name in arrays.files})
        if (model.gate is None) != markup or (not markup and len(model.lines.mean) != len(NAMES)):
            raise ValueError(f"fitted for {len(model.lines.mean)} features a line")
    except (OSError, KeyError, IndexError, ValueError, BadZipFile) as error:
        raise ValueError(f"{place}: no weights of this rule ({error}): fit them with python -m tools.fit_context") from error
    return model
