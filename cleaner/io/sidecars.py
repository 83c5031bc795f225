"""What is known of a document beside it: `NAME.meta.json` or `NAME.meta.yaml`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from cleaner.header import read_yaml
from cleaner.io.files import SIDECAR_SUFFIXES, InputError, read_bytes


def read_sidecar(path: Path) -> dict[str, Any]:
    """The values of `NAME.meta.json` or `NAME.meta.yaml` beside a document, NAME with or without its suffix; {} without one.

    Raises InputError where there is one that cannot be read.
    """
    for stem in dict.fromkeys((str(path), str(path.parent / path.stem))):
        for suffix in SIDECAR_SUFFIXES:
            if os.path.isfile(stem + suffix):  # noqa: PTH113 - six paths for every document: strings are far cheaper
                return _parse_sidecar(Path(stem + suffix))
    return {}


def _parse_sidecar(path: Path) -> dict[str, Any]:
    text = read_bytes(path).decode("utf-8", "replace")
    try:
        values = json.loads(text) if path.suffix == ".json" else read_yaml(text)
    except (ValueError, RecursionError) as error:
        raise InputError(str(path), f"the sidecar cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(values, dict):
        raise InputError(str(path), "the sidecar is no mapping of names to scalars and lists of scalars")
    return {str(key): _plain(value) for key, value in values.items()}


def _plain(value: object) -> object:
    """Values as the header can hold them: scalars and lists of scalars; what is nested deeper is left out."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, (list, dict))]
    return None if isinstance(value, dict) else value
