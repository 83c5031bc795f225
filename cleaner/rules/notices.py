"""How a notice is told from prose: shared by the rules whose chrome is sentences and buttons.

A sentence is a notice's where it holds a `says` phrase of the lexicon, or an `about` and an `asks` phrase. A line is a
notice where such sentences make up most of it. Prose *about* the same thing is told by three marks: the phrase stands in
quotation marks, most of the line's sentences are of another kind, or the document speaks of the thing all along.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from cleaner.lexicon import Hit
from cleaner.lines import Document, ends_sentence, sentences
from cleaner.rules.labels import says_enough, tiles

TOPICAL = 3
"""This many paragraphs that mention a thing in passing make an article about it."""

MAX_WRAPPED = 12
"""A paragraph broken over more lines than this is not put together."""

NEAR = 2
"""A button stands within this many lines of its notice."""

CLEAR_COVERAGE = 0.35
"""A line of whose characters this share lies in phrases of the lexicon says little else."""

SHORT = 45
"""So does a line this short, in characters (dense scripts count double)."""

EARLY = 32
"""A notice comes to its point: inside the body, a sentence's first phrase starts within this many characters."""

TAIL_SHARE = 0.3
"""Behind the body this share is enough: what else stands there is chrome too."""

_QUOTED = regex.compile(r'"[^"]*+"')
_LETTER = regex.compile(r"\p{L}")


class Finding(NamedTuple):
    """What speaks for a line, or a paragraph wrapped over several, being a notice.

    lines     first and last line
    share     share of its characters in sentences that are a notice's
    says      how many `says` phrases it holds
    coverage  share of its characters inside phrases of the lexicon
    reason    in words
    """

    lines: tuple[int, int]
    share: float
    says: int
    coverage: float
    reason: str


def find_notices(
    document: Document, rule: str, min_share: float = 0.5, edge_only: bool = False, short_labels: bool = False, min_coverage: float = 0.0
) -> Iterator[tuple[int, str]]:
    """Yield the lines that are a notice of this rule, sentences and buttons, each with its reason.

    min_share     a line is a notice where at least this share of it is
    edge_only     only before the first and after the last running text; in between, a line must be a notice nearly whole
    min_coverage  a single phrase must make up this share of the line
    short_labels  whether labels of a single word are chrome wherever they stand

    What speaks less clearly (an `about` with an `asks`, one phrase in a longer line between paragraphs, a label there)
    counts only in a document that had other chrome: a clean text comes back as it was.
    """
    found: dict[int, str] = {}
    findings = list(_findings(document, rule))
    labels = dict(_labels_of(document, rule))
    if not findings and not labels:
        return
    topical = _is_topical(document, rule)
    for clear in (True, False):
        for finding in findings:
            first, last = finding.lines
            if _is_clear(document, finding) == clear and (clear or found or document.removed):
                least = min(min_share, TAIL_SHARE) if document.in_tail(first) else min_share
                inside = edge_only and not document.at_edge(first)
                if finding.says == 1 and finding.coverage < min_coverage:
                    continue
                if inside and not (document.gaps[first] or document.gaps[last + 1]):
                    continue
                if _is_notice(finding, least, topical, inside):
                    found.update(dict.fromkeys(range(first, last + 1), finding.reason))
    found.update(_buttons(document, labels, found, edge_only or topical, short_labels and not topical))
    yield from sorted(found.items())


def _is_clear(document: Document, finding: Finding) -> bool:
    """Whether a finding stands on its own: it says it, and says it twice, or says little else, or stands behind the body."""
    first, last = finding.lines
    short = first == last and document.weights[first] <= SHORT
    return bool(finding.says) and (finding.says > 1 or short or finding.coverage >= CLEAR_COVERAGE or document.in_tail(first))


def _is_notice(finding: Finding, min_share: float, topical: bool, inside: bool) -> bool:
    if inside:
        return finding.share >= 0.9 and finding.coverage >= 0.5
    if topical:
        return finding.share >= 0.9
    return finding.share >= (min_share if finding.says else max(min_share, 0.66))


def _findings(document: Document, rule: str) -> Iterator[Finding]:
    done = -1
    for index in document.lines_by_rule.get(rule, ()):
        if index <= done:
            continue
        first, last = _wrapped(document, index)
        done = last
        finding = _judge(document, rule, first, last)
        if finding:
            yield finding


def _wrapped(document: Document, index: int) -> tuple[int, int]:
    """The lines of a paragraph that was broken over several, around `index`."""
    first = last = index
    while last - first < MAX_WRAPPED and last + 1 < len(document) and _runs_on(document, last):
        last += 1
    while last - first < MAX_WRAPPED and first > 0 and _runs_on(document, first - 1):
        first -= 1
    return first, last


def _runs_on(document: Document, index: int) -> bool:
    """Whether a sentence runs on from this line into the next."""
    line, following = document.lines[index].text, document.lines[index + 1]
    return not following.after_blank and following.text[0].islower() and len(line) >= 30 and not ends_sentence(line)


def _judge(document: Document, rule: str, first: int, last: int) -> Finding | None:
    text = " ".join(document.folded[first : last + 1])
    hits = _unquoted(text, _hits_between(document, rule, first, last))
    if _telling(hits) is None:
        return None  # nor does any sentence tell it: spared the parting into sentences
    in_tail = document.in_tail(first)
    told: Hit | None = None
    spoken = says = covered = 0
    for start, end in sentences(text):
        inside = [hit for hit in hits if start <= hit.start < end]
        early = bool(inside) and (in_tail or min(hit.start for hit in inside) - start <= EARLY)
        teller = _telling(inside) if early else None
        if teller:
            told = told or teller
            spoken += end - start
            says += _apart([hit for hit in inside if hit.group == "says"])
        covered += _length_of(inside)
    if told is None:
        return None
    reason = f'{"says" if told.group == "says" else "speaks of"} "{told.phrase}" ({told.language})'
    return Finding((first, last), spoken / len(text), says, covered / len(text), reason)


def _hits_between(document: Document, rule: str, first: int, last: int) -> list[Hit]:
    """The rule's hits in a run of lines, with offsets in those lines joined by spaces."""
    found, at = [], 0
    for index in range(first, last + 1):
        found += [hit._replace(start=hit.start + at, end=hit.end + at) for hit in document.hits.get(index, ()) if hit.rule == rule]
        at += len(document.folded[index]) + 1
    return found


def _unquoted(text: str, hits: list[Hit]) -> list[Hit]:
    """Hits that do not start inside quotation marks: a reporter quotes notices, a notice does not quote itself."""
    if '"' not in text:
        return hits
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    return [hit for hit in hits if not any(start < hit.start < end - 1 for start, end in quoted)]


def _telling(hits: list[Hit]) -> Hit | None:
    """The hit that makes a sentence a notice's: a `says`, or an `about` with an `asks` beside it."""
    for hit in hits:
        if hit.group == "says":
            return hit
    abouts = [hit for hit in hits if hit.group == "about"]
    if len(abouts) == len(hits):
        return None
    return next((about for about in abouts if any(_goes_with(asks, about) for asks in hits)), None)


def _goes_with(asks: Hit, about: Hit) -> bool:
    """Whether an `asks` of the same language stands beside an `about`, or around it."""
    apart = asks.end <= about.start or asks.start >= about.end
    around = asks.end - asks.start > about.end - about.start
    return asks.group == "asks" and not asks.languages.isdisjoint(about.languages) and (apart or around)


def _apart(hits: list[Hit]) -> int:
    """How many of these hits there are that do not overlap: languages and wordings may meet the same words."""
    count = reached = 0
    for hit in sorted(hits, key=lambda hit: hit.end):
        if hit.start >= reached:
            count, reached = count + 1, hit.end
    return count


def _length_of(hits: list[Hit]) -> int:
    """How many characters hits cover together."""
    total = reached = 0
    for hit in sorted(hits, key=lambda hit: hit.start):
        total += max(0, hit.end - max(hit.start, reached))
        reached = max(reached, hit.end)
    return total


def _is_topical(document: Document, rule: str) -> bool:
    """Whether the article itself is about the rule's thing: several paragraphs mention it among much else."""
    mentions = 0
    for index in document.lines_by_rule.get(rule, ()):
        hits = document.hits[index]
        if document.paragraphs[index] and any(hit.rule == rule and hit.group == "about" for hit in hits):
            finding = _judge(document, rule, index, index)
            mentions += finding is None or finding.share < 0.5
    return mentions >= TOPICAL


def _buttons(document: Document, labels: dict[int, str], found: dict[int, str], edge_only: bool, short: bool) -> dict[int, str]:
    """Labels of the rule: those that say enough alone, then shorter ones beside a notice or another label taken.

    labels  the lines that are labels, with their languages
    """
    chrome = bool(found or document.removed)
    taken = {i for i in labels if short or (says_enough(document.labels[i]) and (document.at_edge(i) or (chrome and not edge_only)))}
    taken |= {i for i in labels if i in (0, len(document) - 1) and document.at_edge(i)}
    waiting, known = sorted(labels.keys() - taken), set(found) | taken
    for index in (*waiting, *reversed(waiting)):  # forth and back: a row of buttons joins from either end
        if any(index + step in known for step in range(-NEAR, NEAR + 1)):
            known.add(index)
    taken = {index for index in labels if index in known}
    reasons = {index: f'the label "{document.labels[index]}" ({labels[index]})' for index in taken}
    for index in document.label_lines:
        if document.known_labels[index] and index not in known and (index - 1 in found or (index - 1 in reasons and index + 1 in known)):
            reasons[index] = f'the label "{document.labels[index]}" behind a notice'
            known.add(index)
    return reasons


def _labels_of(document: Document, rule: str) -> Iterator[tuple[int, str]]:
    """Lines that are a label of the rule, or a row of them, with the language."""
    section = f"{rule}.line"
    for index in document.label_lines:
        label = document.labels[index]
        if language := document.lexicon.line(section, label) if len(label) > 1 else None:
            yield index, language
        elif tiles(document, index, (section,)) > 1:
            yield index, "a row"
