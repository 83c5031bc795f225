"""The seed documents: ours, and the real five where they are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import cleaner

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "seeds", ROOT.parent / "shared" / "seeds")
STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\xa0": " "})


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def documents() -> list[Any]:
    cases = []
    for folder in FOLDERS:
        if not (folder / "gold.json").exists():
            cases.append(pytest.param(folder / "gold.json", {}, marks=pytest.mark.skip(reason=f"{folder} is not here")))
            continue
        for name, gold in json.loads((folder / "gold.json").read_text(encoding="utf-8")).items():
            cases.append(pytest.param(folder / name, gold, id=f"{folder.parent.name}/{name}"))
    return cases


@pytest.mark.parametrize(("path", "gold"), documents())
def test_seed(path: Path, gold: dict[str, Any]) -> None:
    result = cleaner.clean(path.read_text(encoding="utf-8"))
    assert [squeeze(line) for line in result.text.splitlines() if line.strip()] == [squeeze(line) for line in gold["body"]]
    for key, value in gold["metadata"].items():
        found = getattr(result.metadata, key)
        assert (list(found) if isinstance(found, tuple) else found) == (value.translate(STRAIGHT) if isinstance(value, str) else value)
    assert "title" in gold["metadata"] or result.metadata.title is None
    assert cleaner.clean(result.text).text == result.text
    again = cleaner.clean(result.render())
    assert again.render() == result.render()


@pytest.mark.parametrize(("path", "gold"), documents())
def test_every_line_is_accounted_for(path: Path, gold: dict[str, Any]) -> None:
    """What the ledger says of each line is what the gold says the line is: body kept, all else removed or moved."""
    from cleaner.explain import fates

    for fate in fates(cleaner.clean(path.read_text(encoding="utf-8"))):
        label = gold["lines"].get(str(fate.number))
        if label:
            assert (fate.verdict in ("kept", "changed")) == (label == "body"), fate
