"""The corpora that benchmarks measure on: read from `../shared/corpora`, or the folder that CLEANER_CORPORA names."""

from __future__ import annotations

import json
import lzma
import os
import random
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("CLEANER_CORPORA", ROOT.parent / "shared" / "corpora"))
LANGUAGES = {
    "Chinese": "zh", "English": "en", "Greek": "el", "Polish": "pl", "Russian": "ru",
    "article": "en", "uk": "en", "us": "en", "za": "en", "ca": "en", "ie": "en", "in": "en", "ng": "en", "au": "en",
    "at": "de", "ch": "de", "li": "de", "jp": "ja", "tw": "zh", "cn": "zh", "kr": "ko", "br": "pt", "mx": "es", "cl": "es", "be": "nl",
    "se": "sv", "dk": "da", "no": "nb", "gl": "da",
}  # fmt: skip


def available() -> bool:
    return FOLDER.is_dir()


def load(name: str, sample: int | None = None, seed: int = 1) -> list[dict[str, Any]]:
    """The records of a corpus ("wcxb-dev"), or a seeded sample of them."""
    with lzma.open(FOLDER / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return random.Random(seed).sample(records, min(sample, len(records))) if sample else records


def language(record: dict[str, Any]) -> str:
    """The language of a record, by its kind; news-dev's kinds are countries."""
    kind = str(record["kind"])
    return LANGUAGES.get(kind, kind)
