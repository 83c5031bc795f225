"""What readers of archives share: which members are read, and where their results go."""

from __future__ import annotations

from pathlib import PurePosixPath

from cleaner.io.files import InputError, is_sidecar
from cleaner.io.formats import is_input_name
from cleaner.io.names import SeenNames, as_text, safe_name
from cleaner.io.streams import Place, Source

MAX_DEPTH = 3
"""How many archives may lie in one another."""


def is_read(name: str) -> bool:
    """Whether a member is read, by its name: as files of a folder are, hidden ones and sidecars are not."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    hidden = any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)
    return bool(parts) and not hidden and not is_sidecar(parts[-1]) and is_input_name(parts[-1])


def member_place(source: Source, name: str, seen: SeenNames) -> Place | InputError:
    """Where a member of an archive stands, or what is wrong with its name."""
    told = f"{source.place.told}/{name}"
    safe = safe_name(name)
    if safe is None:
        return InputError(told, "its name leads out of the archive: not read; pack it under another name")
    result = seen.fresh(f"{source.place.name}/{as_text(safe)}")
    return Place(told, result, safe, source.place.depth + 1)
