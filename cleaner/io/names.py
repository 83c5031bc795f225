"""The names of results in a mirrored tree: one for each document, none of which leads anywhere else."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

COMPRESSED_SUFFIXES = frozenset({".gz", ".zst", ".bz2", ".xz"})
PLAIN_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown"})
PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".mhtml", ".mht"})

RESERVED = ".cleaner"
"""How names of files begin that are ours: temporary ones, and what a run keeps to go on from."""

MAX_COMPONENT = 255
"""The most bytes that file systems allow in one part of a path."""

_MAX_NAME = 1000
_ODD = re.compile("[\x00-\x1f\x7f]")
_BITS = 1 << 26


def tree_names(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The path in the output folder of each file that was found, by the file's own path.

    found  (path, path relative to the folder that it was found under)

    A result has the path of its file, pages as `.txt` and without the suffix of a compression. Where two would share one, those
    whose name was changed keep their suffix ("a.html.txt"), whatever their order; what still clashes (the same file name given
    from two folders) is numbered by the order of the paths.

    >>> tree_names([("in/a.html", "a.html"), ("in/a.txt", "a.txt"), ("in/b.htm.gz", "b.htm.gz")])
    {'in/a.html': 'a.html.txt', 'in/a.txt': 'a.txt', 'in/b.htm.gz': 'b.txt'}
    """
    relatives = dict(found)
    plain = {path: as_text(relative) for path, relative in relatives.items()}
    shared = {name for name, count in Counter(plain.values()).items() if count > 1}
    names: dict[str, str] = {}
    used: set[str] = set()
    for path in sorted(relatives):
        name = plain[path]
        if name in shared and name != relatives[path]:
            name = relatives[path] + ".txt"
        names[path] = numbered(name, used)
        used.add(names[path])
    return names


def numbered(name: str, used: Iterable[str] | SeenNames) -> str:
    """A name, or with the first number from 2 on that makes it one that is not in use."""
    stem, number = PurePosixPath(name), 2
    while name in used:
        name, number = str(stem.with_name(f"{stem.stem}-{number}{stem.suffix}")), number + 1
    return name


def as_text(relative: str) -> str:
    """The path of a document's result: `.txt` for a page, without the suffix of a compression for a document.

    >>> as_text("a/b.html.gz"), as_text("a/b.md.zst"), as_text("news.jsonl.gz")
    ('a/b.txt', 'a/b.md', 'news.jsonl.gz')
    """
    path = PurePosixPath(relative)
    if path.suffix.lower() in COMPRESSED_SUFFIXES and PurePosixPath(path.stem).suffix.lower() in PLAIN_SUFFIXES | PAGE_SUFFIXES:
        path = path.with_suffix("")
        relative = str(path)
    return str(path.with_suffix(".txt")) if path.suffix.lower() in PAGE_SUFFIXES else relative


def safe_name(name: str) -> str | None:
    """The name of an archive's member as a relative path that stays where it is put, or None where it leads up.

    Absolute names lose their root; control characters become `_`; what is too long is cut and marked by a hash; a name that is
    reserved gets a `_` before it.

    >>> safe_name("/etc//motd"), safe_name("a/../../b"), safe_name("C:\\\\a.txt"), safe_name(".cleaner/x")
    ('etc/motd', None, 'C:/a.txt', '_.cleaner/x')
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts:
        return None
    safe = "/".join(safe_component(part) for part in parts)
    return safe if len(os.fsencode(_encodable(safe))) <= _MAX_NAME else _shortened(safe, MAX_COMPONENT)


def safe_component(part: str) -> str:
    """One part of a path, from whatever an input holds: no separator, no control character, no reserved name, at most 255 bytes.

    >>> safe_component("http://a/b?c"), safe_component(".."), len(safe_component("x" * 1000))
    ('http:__a_b?c', '_..', 255)
    """
    part = _encodable(_ODD.sub("_", part.replace("/", "_").replace("\\", "_")))
    if part in ("", ".", "..") or part.startswith(RESERVED):
        part = "_" + part
    return part if len(os.fsencode(part)) <= MAX_COMPONENT else _shortened(part, MAX_COMPONENT)


def _encodable(text: str) -> str:
    """Text that can name a file: surrogates that stand for no byte of a name become `_`."""
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udbff\ud800-\udc7f\udd00-\udfff]", "_", text)
    return text


def _shortened(name: str, room: int) -> str:
    """A name cut to so many bytes, its suffix kept, with a hash of the whole so that two long ones stay two."""
    suffix = PurePosixPath(name).suffix if len(PurePosixPath(name).suffix) < 12 else ""
    mark = "-" + hashlib.sha256(os.fsencode(name)).hexdigest()[:16] + suffix
    kept = os.fsencode(name.replace("/", "_"))[: room - len(os.fsencode(mark))]
    return kept.decode("utf-8", "ignore") + mark


class SeenNames:
    """Which names have been given, in 8 MiB whatever their number: a Bloom filter.

    It never forgets a name. It takes a new one for seen twice in a million names, or 4 in 100 of ten million: such a
    one gets a number that it would not need, the same one in every run.

    >>> seen = SeenNames()
    >>> seen.fresh("a.txt"), seen.fresh("a.txt"), seen.fresh("b/a.txt")
    ('a.txt', 'a-2.txt', 'b/a.txt')
    """

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def __contains__(self, name: object) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in _places(str(name)))

    def add(self, name: str) -> None:
        for place in _places(name):
            self._bits[place >> 3] |= 1 << (place & 7)

    def fresh(self, name: str) -> str:
        """The name, or numbered where it has been given before; it counts as given from now on."""
        fresh = numbered(name, self)
        self.add(fresh)
        return fresh


def _places(name: str) -> Iterable[int]:
    digest = hashlib.blake2b(os.fsencode(name), digest_size=20).digest()
    return (int.from_bytes(digest[at : at + 4], "little") % _BITS for at in range(0, 20, 4))
