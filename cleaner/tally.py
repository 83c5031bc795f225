"""What a run did, counted in bounded memory: documents, characters, by rule with a few samples, the slowest."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.document import Edit, Result

SAMPLES = 5
REVIEWED = 20
SLOWEST = 10
REASONS = 200
"""Reasons are counted by their words; past this many different ones, all others are counted as one."""

_WIDTH = 80


class Removed(NamedTuple):
    """What one rule took from one document: lines that are not blank, characters, and the start of its first passage."""

    lines: int
    characters: int
    sample: str


class Summary(NamedTuple):
    """What is counted of one document that was cleaned.

    changed  whether the text differs from the source's body
    read     characters of the source; removed: of them, those that rules removed or moved
    review   why a person should look at it, or ""
    seconds  processor time
    rules    what each rule took
    """

    changed: bool
    read: int
    removed: int
    review: str
    seconds: float
    rules: Mapping[str, Removed]


def summarise(result: Result, changed: bool, seconds: float) -> Summary:
    taken = [edit for edit in result.edits if edit.kind != "normalize"]
    removed = sum(edit.end - edit.start for edit in taken)
    return Summary(changed, len(result.source), removed, result.review, seconds, _by_rule(result.source, taken))


def _by_rule(source: str, taken: Iterable[Edit]) -> dict[str, Removed]:
    rules: dict[str, Removed] = {}
    for edit in taken:
        passage = source[edit.start : edit.end]
        lines = sum(1 for line in passage.split("\n") if line and not line.isspace())
        before = rules.get(edit.rule)
        if before is None:
            rules[edit.rule] = Removed(lines, len(passage), " ".join(passage[: 4 * _WIDTH].split())[:_WIDTH])
        else:
            rules[edit.rule] = Removed(before.lines + lines, before.characters + len(passage), before.sample)
    return rules


@dataclass
class RuleTally:
    """What one rule took in a run; samples as (place, passage)."""

    documents: int = 0
    lines: int = 0
    characters: int = 0
    samples: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, removed: Removed) -> None:
        self.documents += 1
        self.lines += removed.lines
        self.characters += removed.characters
        if len(self.samples) < SAMPLES and removed.sample:
            self.samples.append((place, removed.sample))


@dataclass
class Tally:
    """What a run did.

    cleaned   documents cleaned, those of an earlier part of a resumed run included; kept: of them, those of the earlier part
    changed   of them, those whose body differs from their source
    removed   characters that rules removed or moved; read: characters read
    failed    documents that could not be cleaned; reasons: how many for which reason
    review    documents that a person should look at; reviewed: the first of them, as (place, why)
    rules     by name
    slowest   (seconds, place, characters), the slowest first once `slow()` gives them
    """

    cleaned: int = 0
    kept: int = 0
    changed: int = 0
    removed: int = 0
    read: int = 0
    failed: int = 0
    review: int = 0
    seconds: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    reviewed: list[tuple[str, str]] = field(default_factory=list)
    rules: dict[str, RuleTally] = field(default_factory=dict)
    slowest: list[tuple[float, str, int]] = field(default_factory=list)

    def add(self, place: str, summary: Summary) -> None:
        self.cleaned += 1
        self.changed += summary.changed
        self.read += summary.read
        self.removed += summary.removed
        self.seconds += summary.seconds
        if summary.review:
            self.review += 1
            if len(self.reviewed) < REVIEWED:
                self.reviewed.append((place, summary.review))
        for name, removed in summary.rules.items():
            self.rules.setdefault(name, RuleTally()).add(place, removed)
        slow = heapq.heappush if len(self.slowest) < SLOWEST else heapq.heappushpop
        slow(self.slowest, (summary.seconds, place, summary.read))

    def fail(self, reason: str) -> None:
        self.failed += 1
        known = reason if reason in self.reasons or len(self.reasons) < REASONS else "other reasons"
        self.reasons[known] = self.reasons.get(known, 0) + 1

    @property
    def done(self) -> int:
        return self.cleaned + self.failed

    @property
    def share(self) -> float:
        return self.removed / self.read if self.read else 0.0

    def slow(self) -> list[tuple[float, str, int]]:
        return sorted(self.slowest, reverse=True)

    def summary(self) -> str:
        """One line for people.

        >>> Tally(cleaned=3, read=200, removed=50, failed=1).summary()
        '3 cleaned, 25.0% of their characters removed, 1 failed'
        """
        review = f", {self.review} to review" if self.review else ""
        return f"{self.cleaned} cleaned, {self.share:.1%} of their characters removed, {self.failed} failed{review}"

    def report(self) -> dict[str, Any]:
        """All of it as plain data; docs/running.md tells the keys."""
        return {
            "documents": {"cleaned": self.cleaned, "changed": self.changed, "failed": self.failed, "from_earlier_run": self.kept},
            "characters": {"read": self.read, "removed": self.removed, "share": round(self.share, 4)},
            "rules": {
                name: {
                    "documents": rule.documents,
                    "lines": rule.lines,
                    "characters": rule.characters,
                    "samples": [{"place": place, "text": text} for place, text in rule.samples],
                }
                for name, rule in sorted(self.rules.items(), key=lambda item: (-item[1].characters, item[0]))
            },
            "review": {"documents": self.review, "samples": [{"place": place, "why": why} for place, why in self.reviewed]},
            "reasons": dict(sorted(self.reasons.items(), key=lambda item: (-item[1], item[0]))),
            "slowest": [{"place": place, "seconds": round(seconds, 4), "characters": size} for seconds, place, size in self.slow()],
        }
