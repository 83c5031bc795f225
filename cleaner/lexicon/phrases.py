"""Read the phrase files of `languages/`: sections, comments and alternatives, as README.md beside this file tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import NamedTuple

MOST_EXPANSIONS = 400
"""How many phrases one line may stand for; more is a slip of the pen."""

GROUPS = {
    "says": "anywhere in a sentence",
    "about": "with an asks, anywhere in a sentence",
    "asks": "with an about, anywhere in a sentence",
    "line": "the whole line",
    "heading": "the whole line, a colon allowed",
    "ago": "the whole line",
    "section": "the whole line",
    "prefix": "the start of the line",
    "label": "by the rule's own shape",
    "print": "by the rule's own shape",
    "role": "by the rule's own shape",
    "name": "by the rule's own shape",
}

NUMBERED = frozenset({"ago"})
"""Groups whose phrases start with a number: there `#` at the start of a line is no comment."""

_SECTION = re.compile(r"\[([a-z_]+)\.([a-z]+)\]")


class LexiconError(ValueError):
    """A phrase file that cannot be read; the message names file and line."""


class Phrase(NamedTuple):
    """One phrase: the rule and group it stands under, its language and its text, alternatives already spelt out."""

    rule: str
    group: str
    language: str
    text: str


def expand(line: str) -> list[str]:
    """Spell out the alternatives of one line, `(a|b)`, nested or not. Parentheses without a bar stand for themselves.

    >>> expand("(this|our) site (|also )uses cookies")
    ['this site uses cookies', 'this site also uses cookies', 'our site uses cookies', 'our site also uses cookies']
    >>> expand("(comments (#)|share (this|it))")
    ['comments (#)', 'share this', 'share it']
    """
    phrases, end = _expand_choice(line, 0, inside=False)
    if end < len(line):
        raise LexiconError(f"has a ) without a ( in {line!r}")
    if len(phrases) > MOST_EXPANSIONS:
        raise LexiconError(f"stands for {len(phrases)} phrases, more than {MOST_EXPANSIONS}: split the line")
    return list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))


def _expand_choice(line: str, at: int, inside: bool) -> tuple[list[str], int]:
    """The phrases of the alternatives that start at `at`, and where they end: at a closing parenthesis or the line's end."""
    done: list[str] = []
    current, bar = [""], False
    while at < len(line) and not (inside and line[at] == ")"):
        char = line[at]
        if char == "(":
            words, at = _expand_choice(line, at + 1, inside=True)
            if at >= len(line):
                raise LexiconError(f"has a ( without a ) in {line!r}")
            current = [left + right for left in current for right in words]
        elif char == "|" and inside:
            done, current, bar = done + current, [""], True
        else:
            current = [left + char for left in current]
        at += 1
        if len(current) > 10 * MOST_EXPANSIONS:
            raise LexiconError(f"stands for over {10 * MOST_EXPANSIONS} phrases, more than {MOST_EXPANSIONS}: split the line")
    phrases = done + current
    return (phrases if bar or not inside else [f"({phrase})" for phrase in phrases]), at


def parse(text: str, language: str, name: str = "") -> Iterator[Phrase]:
    """Read one phrase file.

    Parameters: its text, its language code, and its name for messages. Yields each phrase once.
    Raises LexiconError, with name and line number, for an unknown group or a line outside a section.

    >>> list(parse("[share_bar.line]\\n(tweet|share)  # buttons", "en"))[0]
    Phrase(rule='share_bar', group='line', language='en', text='tweet')
    """
    rule = group = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split("  #")[0].strip()
        if not line or (line.startswith("# ") and group not in NUMBERED):
            continue
        where = f"{name or language}:{number}"
        if line.startswith("["):
            section = _SECTION.fullmatch(line)
            if not section or section[2] not in GROUPS:
                raise LexiconError(f"{where}: {line!r} is no section; write [rule.group], group one of {', '.join(GROUPS)}")
            rule, group = section[1], section[2]
            continue
        if not rule:
            raise LexiconError(f"{where}: {line!r} stands before the first section")
        try:
            for phrase in expand(line):
                yield Phrase(rule, group, language, phrase)
        except LexiconError as error:
            raise LexiconError(f"{where}: {error}") from None


def read_languages() -> Iterator[Phrase]:
    """Yield every phrase of every packaged language, files in the order of their names."""
    folder = files(__package__) / "languages"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".txt"):
            yield from parse(entry.read_text(encoding="utf-8"), entry.name[:-4], f"languages/{entry.name}")
