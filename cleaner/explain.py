"""Say what became of each line of a source: kept, changed, moved or removed, by which rule and why."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from cleaner.document import Edit, Result


class Fate(NamedTuple):
    """What became of one source line.

    number   its number, from 1
    text     the line
    verdict  "kept", "changed", "moved", "removed" or "blank"
    rule     the rule that took it, or ""
    reason   why, or ""
    """

    number: int
    text: str
    verdict: str
    rule: str
    reason: str


def fates(result: Result) -> Iterator[Fate]:
    """What became of each line of a result's source, in order."""
    edits = iter(result.edits)
    current = next(edits, None)
    at = 0
    for number, text in enumerate(result.source.split("\n"), 1):
        end = at + len(text)
        while current and current.end <= at and current.end < len(result.source):
            current = next(edits, None)
        inside: list[Edit] = []
        while current and current.start < max(end, at + 1):
            inside.append(current)
            if current.end > end + 1:
                break
            current = next(edits, None)
        yield _fate(number, text, inside)
        at = end + 1


def _fate(number: int, text: str, inside: list[Edit]) -> Fate:
    if not text.strip():
        return Fate(number, text, "blank", "", "")
    for edit in inside:
        if edit.kind in ("remove", "move"):
            fields = "; ".join(f"{name}: {value}" for name, value in edit.fields)
            reason = f"{edit.reason} ({fields})" if fields else edit.reason
            return Fate(number, text, "moved" if edit.kind == "move" else "removed", edit.rule, reason)
    spelling = [edit for edit in inside if edit.rule == "normalize"]
    if spelling:
        return Fate(number, text, "changed", "normalize", ", ".join(dict.fromkeys(edit.reason for edit in spelling)))
    return Fate(number, text, "kept", "", "")


def explanation(result: Result, width: int = 72) -> Iterator[str]:
    """The lines that `cleaner explain` prints: number, verdict, rule, the line's start, the reason."""
    for fate in fates(result):
        if fate.verdict == "blank":
            continue
        text = fate.text.strip()
        shown = text if len(text) <= width else text[: width - 1] + "…"
        line = f"{fate.number:>5} {fate.verdict:<8} {fate.rule:<20} {_printable(shown)}"
        yield f"{line}\n{'':>15}{'':<20}  ^ {_printable(fate.reason)}" if fate.reason else line
    if result.review:
        yield f"review: {_printable(result.review)}"


def _printable(text: str) -> str:
    """Text that cannot steer a terminal: control characters as their escapes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def diff(result: Result, name: str) -> Iterator[str]:
    """A unified diff from a result's source to its text."""
    before, after = result.source.splitlines(), result.text.splitlines()
    yield from difflib.unified_diff(before, after, f"{name} (source)", f"{name} (clean)", lineterm="")
