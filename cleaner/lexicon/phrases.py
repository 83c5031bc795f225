"""Read the phrase files of `languages/`: sections, comments and alternatives, as README.md beside this file tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

from cleaner.lexicon.fold import fold

MOST_EXPANSIONS = 1000
"""How many phrases one line, or a part of a `says` line, may stand for; more is a slip of the pen."""

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

WITHIN = frozenset({"says", "about", "asks"})
"""Groups that are looked for anywhere in text."""

NUMBERED = frozenset({"ago"})
"""Groups whose phrases start with a number: there `#` at the start of a line is no comment."""

_SECTION = re.compile(r"\[([a-z_]+)\.([a-z]+)\]")


class LexiconError(ValueError):
    """A phrase file that cannot be read; the message names file and line."""


class Phrase(NamedTuple):
    """One phrase: the rule and group it stands under, its language and its text; in the groups of `WITHIN` with its
    alternatives, in others already spelt out.
    """

    rule: str
    group: str
    language: str
    text: str


def expand(line: str) -> list[str]:
    """Spell out the alternatives of one line, `(a|b)`, nested or not. Parentheses without a bar stand for themselves.

    Raises LexiconError where they do not close or stand for too many phrases.

    >>> expand("(this|our) site (|also )uses cookies")
    ['this site uses cookies', 'this site also uses cookies', 'our site uses cookies', 'our site also uses cookies']
    >>> expand("(comments (#)|share (this|it))")
    ['comments (#)', 'share this', 'share it']
    """
    if "(" not in line:
        return [" ".join(line.split())]
    phrases = [""]
    for choice in segments(line):
        phrases = [left + right for left in phrases for right in choice]
        if len(phrases) > MOST_EXPANSIONS:
            raise LexiconError(f"stands for over {MOST_EXPANSIONS} phrases: split the line")
    return list(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))


def own_phrases(section: str, lines: Iterable[str]) -> Iterator[Phrase]:
    """A caller's own phrases of a section such as "cookie_notice.says". Raises LexiconError, as `parse` does."""
    for phrase in parse(fold("\n".join((f"[{section}]", *lines))), "own", section):
        if phrase.group in WITHIN:
            try:
                segments(phrase.text)  # what `parse` leaves as it is must be readable too
            except RecursionError:
                raise LexiconError(f"{section}: nested too deep: {phrase.text[:40]!r}") from None
        yield phrase


def segments(line: str) -> list[list[str]]:
    """The parts of a line in order, each as its alternatives spelt out; plain words have one.

    >>> segments("our (own |)cookies")
    [['our '], ['own ', ''], ['cookies']]
    """
    parts, at = [], 0
    while at < len(line):
        opening = line.find("(", at)
        if opening < 0:
            parts.append([line[at:]])
            break
        if opening > at:
            parts.append([line[at:opening]])
        choice, at = _expand_choice(line, opening + 1)
        parts.append(choice)
    return parts


def _expand_choice(line: str, at: int) -> tuple[list[str], int]:
    """The alternatives inside the parenthesis that opened before `at`, and where the line goes on behind it."""
    done: list[str] = []
    current, bar = [""], False
    while at < len(line) and line[at] != ")":
        char = line[at]
        at += 1
        if char == "(":
            words, at = _expand_choice(line, at)
            current = [left + right for left in current for right in words]
        elif char == "|":
            done, current, bar = done + current, [""], True
        else:
            end = at
            while end < len(line) and line[end] not in "(|)":
                end += 1
            current = [left + char + line[at:end] for left in current]
            at = end
        if len(current) > MOST_EXPANSIONS:
            raise LexiconError(f"stands for over {MOST_EXPANSIONS} phrases: split the line")
    if at >= len(line):
        raise LexiconError(f"has a ( without a ) in {line!r}")
    phrases = done + current
    return (phrases if bar else [f"({phrase})" for phrase in phrases]), at + 1


def parse(text: str, language: str, name: str = "") -> Iterator[Phrase]:
    """Read one phrase file.

    Parameters: its text (folded, if it is to be matched), its language code, and its name for messages.
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
            # What is looked for inside text is matched part by part, and not spelt out: see the matcher.
            for phrase in [line] if group in WITHIN else expand(line):
                yield Phrase(rule, group, language, phrase)
        except LexiconError as error:
            raise LexiconError(f"{where}: {error}") from None


def read_languages() -> Iterator[Phrase]:
    """Yield every phrase of every packaged language, folded, files in the order of their names."""
    folder = files(__package__) / "languages"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".txt"):
            yield from parse(fold(entry.read_text(encoding="utf-8")), entry.name[:-4], f"languages/{entry.name}")
