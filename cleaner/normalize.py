"""Spelling, not wording: mojibake repaired and quotes straightened, by ftfy. The only importer of ftfy.

Every option of ftfy is named: its defaults unescape entities (24 s on hostile text) and rewrite ligatures and full-width
forms, which is wrong for Chinese and Japanese. A line that ftfy cannot change is told by a gate that is many times faster
than ftfy: most text passes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

_PLAIN = re.compile(r"[\n\t\x20-\x7e‘’“”–—…]*")
_QUOTES = re.compile("[\u02bc\u2018-\u201b\u201c-\u201f\xa0]")
_CURLY = re.compile("[\u02bc\u2018-\u201b\u201c-\u201f]")
_STRAIGHT = {**dict.fromkeys("\u02bc\u2018\u2019\u201a\u201b", "'"), **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'), "\xa0": " "}
_CONTROLS = "\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u206a-\u206f\ufeff\ufff9-\ufffc"
_CONTROL = re.compile(f"[{_CONTROLS}]")
_MAX_LINE = 1_000_000
MAX_REPAIRS = 5
_REACH = 6
"""What ftfy calls bad is told by no more characters than this on either side of the one that the gate stops at."""


def normalize(source: str, quotes: str = "straight") -> Iterator[Edit]:
    """Yield the edits that repair `source`, in order: ftfy's repairs, quotes ("straight", or "keep"), no-break spaces.

    >>> [(e.start, e.replacement) for e in normalize("It’s “here”")]
    [(2, "'"), (5, '"'), (10, '"')]
    """
    if _PLAIN.fullmatch(source):
        yield from _simple_edits(source, 0, len(source), quotes)
        return
    at = 0
    for start, end in _suspect_lines(source):
        repair = _repair(source[start:end], start, quotes)
        if repair is None:
            continue
        yield from _simple_edits(source, at, start, quotes)
        yield from repair
        at = end
    yield from _simple_edits(source, at, len(source), quotes)


def _simple_edits(source: str, start: int, end: int, quotes: str) -> Iterator[Edit]:
    if quotes == "straight":
        for match in _QUOTES.finditer(source, start, end):
            char = match[0]
            reason = "no-break space" if char == "\xa0" else "curly quote"
            yield Edit(match.start(), match.end(), _STRAIGHT[char], "normalize", reason, "normalize")
    else:
        for match in re.compile("\xa0").finditer(source, start, end):
            yield Edit(match.start(), match.end(), " ", "normalize", "no-break space", "normalize")


def _suspect_lines(source: str) -> Iterator[tuple[int, int]]:
    """The lines that ftfy may change, as offsets."""
    normal = unicodedata.is_normalized("NFC", source)
    if normal and not _suspect().search(source):
        return
    start = 0
    for line in source.split("\n"):
        if not (normal or unicodedata.is_normalized("NFC", line)) or _looks_bad(line):
            yield start, start + len(line.rstrip())
        start += len(line) + 1


def _looks_bad(line: str) -> bool:
    """Whether a line holds a control character, or what ftfy takes for mojibake.

    ftfy's own test is slow: it is put to the places where the gate stops (two Polish letters, say), not to the whole line.
    Straightened quotes never make a place bad that was not, but a no-break space that became a space may; and a degree sign
    may be bad where the gate does not stop. Then ftfy itself decides.
    """
    from ftfy.badness import is_bad

    degrees = "°" in line
    for match in _suspect().finditer(line):
        around = line[max(0, match.start() - _REACH) : match.end() + _REACH]
        if _CONTROL.match(match[0]) or degrees or "\xa0" in around or is_bad(around):
            return True
    return False


@cache
def _suspect() -> re.Pattern[str]:
    """What a line must hold for ftfy to change more than its quotes.

    Read off ftfy's own test for mojibake (ftfy.badness, MIT, © Robyn Speer): each of its patterns needs a C1 control, one
    of a few telling letters, or two neighbours out of its classes that are not both plain Greek or Cyrillic letters.
    """
    from ftfy.badness import MOJIBAKE_CATEGORIES

    classes = MOJIBAKE_CATEGORIES

    letters = classes["lower_common"] + classes["upper_common"]
    odd = "".join(classes[name] for name in classes if name not in {"lower_common", "upper_common", "c1", "kaomoji", "common"})
    alone = _CONTROLS + "ŒœÃÂ"
    leads = odd + "×√≈ØÙÐÎāà"
    tail = odd + classes["common"] + classes["kaomoji"] + "Ÿþ†°±∂≠≤≥¥µø√≈"
    # One class first, so that the search runs over plain text at full speed; what it must stand beside, behind it.
    return re.compile(
        f"[{alone}{leads}Ђ°µ](?:(?<=[{alone}])|(?<=[{leads}])(?=[{tail}])|(?<=[{letters}][{classes['bad']}{classes['upper_accented']}])"
        f"|(?<=[ВГРСΒΓΞΟ][{odd}°µ])(?=[ВГРСΒΓΞΟ])|(?<=вЂ)|(?<=β€)|(?<=‚)(?=[Äâó]))"
    )


@cache
def _config(quotes: str) -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=True,
        fix_encoding=True,
        restore_byte_a0=True,
        replace_lossy_sequences=True,
        decode_inconsistent_utf8=True,
        fix_c1_controls=True,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=quotes == "straight",
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=True,
        normalization="NFC",
        max_decode_length=_MAX_LINE,
        explain=True,
    )


def _repair(line: str, offset: int, quotes: str) -> list[Edit] | None:
    """ftfy's repair of one line as one edit of what differs; None where it changes no more than quotes."""
    if len(line) > _MAX_LINE:
        return None
    from ftfy import fix_and_explain

    fixed, plan = fix_and_explain(line, _config(quotes))
    for _ in range(MAX_REPAIRS):  # what one repair lays bare may be mojibake again; a second cleaning must find none
        fixed = fixed.replace("\xa0", " ").replace("\n", " ").rstrip()
        again = fix_and_explain(fixed, _config(quotes)).text
        if again == fixed:
            break
        fixed = again
    if fixed == line or fixed == _straighten(line, quotes):
        return None
    head = _common_prefix(line, fixed)
    tail = _common_prefix(line[head:][::-1], fixed[head:][::-1])
    reason = "ftfy: " + ", ".join(f"{step.action} {step.parameter}" for step in plan or ()) if plan else "ftfy: Unicode NFC"
    start, end = offset + head, offset + len(line) - tail
    return [Edit(start, end, fixed[head : len(fixed) - tail], "normalize", reason, "normalize")]


def _straighten(line: str, quotes: str) -> str:
    line = line.replace("\xa0", " ")
    return _CURLY.sub(lambda match: _STRAIGHT[match[0]], line) if quotes == "straight" else line


def _common_prefix(left: str, right: str) -> int:
    """How many characters two strings share at their start."""
    shortest = min(len(left), len(right))
    if left[:shortest] == right[:shortest]:
        return shortest
    low, high = 0, shortest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[:middle] == right[:middle] else (low, middle - 1)
    return low
