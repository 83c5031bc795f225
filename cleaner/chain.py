"""Run the rules in order and apply what they ask for: the only place where text changes.

Rules run in rounds until a round asks for nothing, so that cleaning the output again gives the same output: a document that
changed nothing in its last round is what a second cleaning would see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import regex

from cleaner.document import Edit, Line, apply_edits
from cleaner.lines import Document
from cleaner.rules import Rule

MAX_ROUNDS = 8
"""Each round removes lines, so rounds end; this bounds what a hostile document can make of that."""


_SPACE = regex.compile(r"\s")
_SPACE_BEFORE_BREAK = regex.compile(r"\n(?<=[^\S\n]\n)")  # in this order, so that the search goes from break to break


class ChainError(ValueError):
    """A rule asked for something that the chain does not do; the message names the rule and the place."""


def split_lines(source: str, spelling: Sequence[Edit]) -> list[Line]:
    """The lines of a source that are not blank after the normaliser's edits."""
    normal = apply_edits(source, spelling) if spelling else source
    lines: list[Line] = []
    at, blank = 0, False
    for raw, text in zip(source.split("\n"), normal.split("\n"), strict=True):
        if stripped := text.strip():
            start = at + len(raw) - len(raw.lstrip())
            lines.append(Line(stripped, start, at + len(raw.rstrip()), blank))
            blank = False
        else:
            blank = True
        at += len(raw) + 1
    return lines


def run_rules(document: Document, rules: Iterable[Rule], protect: Sequence[regex.Pattern[str]] = ()) -> tuple[Document, list[Edit]]:
    """Run the chain to its end. Returns what is left of the document, and every edit that was taken, by place."""
    rules = tuple(rules)
    taken: list[Edit] = []
    for _ in range(MAX_ROUNDS):
        before = len(taken)
        for rule in rules:
            if not document.lines:
                break
            edits = list(rule.edits(document))
            if edits:
                gone, accepted = _accept(document, edits, protect)
                if gone:
                    document = document.without(gone, [pair for edit in accepted for pair in edit.fields])
                    taken += accepted
        if len(taken) == before:
            break
    return document, sorted(taken)


def doubts(document: Document, rules: Iterable[Rule]) -> str:
    """Why a person should look at a document that the chain is done with, as rules with a `review` tell; empty where none does."""
    told = (rule.review(document) for rule in rules if hasattr(rule, "review"))
    return "; ".join(reason for reason in told if reason)


def _accept(document: Document, edits: list[Edit], protect: Sequence[regex.Pattern[str]]) -> tuple[dict[int, str], list[Edit]]:
    """Which lines edits remove, and those edits; protected lines stay, and a line is removed once."""
    place = {line.start: index for index, line in enumerate(document.lines)}
    gone: dict[int, str] = {}
    accepted: list[Edit] = []
    for edit in edits:
        index = place.get(edit.start)
        if index is None or document.lines[index].end != edit.end or edit.replacement:
            raise ChainError(f"rule {edit.rule!r} asked for {edit.start}-{edit.end}, which is no line: rules remove whole lines")
        if index in gone or any(pattern.search(document.lines[index].text) for pattern in protect):
            continue
        gone[index] = edit.rule
        accepted.append(edit)
    return gone, accepted


def lay_out(source: str, kept: Sequence[Line], removed: Sequence[Edit], spelling: Sequence[Edit]) -> list[Edit]:
    """Every edit that leads from the source to the clean text: what rules removed, spelling, and blank lines.

    Kept lines stay as they stand; between them one blank line is left where there was any, none where there was none.
    """
    cuts = {edit.start: edit for edit in removed}
    if not removed and _is_tidy(source) and all(len(edit.replacement) == edit.end - edit.start for edit in spelling):
        return list(spelling)
    places = {line.start: line for line in kept}
    last = kept[-1].start if kept else -1
    edits = list(_walk_lines(source, places, cuts, last))
    covered = [(edit.start, edit.end) for edit in edits]
    return sorted((*edits, *_outside(spelling, covered)))


def _is_tidy(source: str) -> bool:
    """Whether the layout has nothing to settle: space at a line's end, more than one blank line, any at either end.

    >>> [_is_tidy(text) for text in ("a\\n\\nb", "a \\nb", "a\\n\\n\\nb", "a\\n")]
    [True, False, False, False]
    """
    at_ends = _SPACE.match(source) or _SPACE.match(source[-1:])
    return not at_ends and "\n\n\n" not in source and not _SPACE_BEFORE_BREAK.search(source)


def _walk_lines(source: str, places: dict[int, Line], cuts: dict[int, Edit], last: int) -> Iterator[Edit]:
    at, blank_done, done = 0, True, last < 0
    for raw in source.split("\n"):
        end = at + len(raw)
        following = min(end + 1, len(source))
        if not raw:
            if not (blank_done or done):
                blank_done = True
            elif at < following:
                yield _layout(at, following, "blank line")
            at = end + 1
            continue
        content = at + len(raw) - len(raw.lstrip())
        if content in cuts:
            cut = cuts[content]
            yield cut._replace(start=at, end=following)
        elif content in places and content < end:
            line = places[content]
            stop = following if content == last else end
            if line.end < stop:
                yield _layout(line.end, stop, "space at the line's end")
            blank_done, done = False, content == last
        elif blank_done or done:
            if at < following:
                yield _layout(at, following, "blank line")
        else:
            yield _layout(at, end, "space on a blank line")
            blank_done = True
        at = end + 1


def _layout(start: int, end: int, reason: str) -> Edit:
    return Edit(start, end, "", "layout", reason, "normalize")


def _outside(spelling: Sequence[Edit], covered: list[tuple[int, int]]) -> Iterator[Edit]:
    """The spelling edits that no other edit swallows; both lists are in order."""
    spans = iter(covered)
    span = next(spans, None)
    for edit in spelling:
        while span and span[1] <= edit.start:
            span = next(spans, None)
        if span and span[0] < edit.end:
            continue
        yield edit
