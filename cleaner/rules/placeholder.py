"""The rule `placeholder`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.labels import label_language, says_enough

_TEMPLATE = regex.compile(
    r"\{\{[^{}\n]{0,200}+\}\}|\{%[^{}\n]{0,200}+%\}|\$\{[^{}\n]{0,200}+\}|<%[^<>\n]{0,200}+%>"
    r"|\[\[[\w.|:$ -]{1,80}+\]\]|%{1,2}[\w.:-]{2,60}+%{1,2}"
)
_KEY = regex.compile(
    r"(?=[^/.:]{1,40}[/.:])"
    r"(?:[a-z][a-zA-Z0-9-]{1,30}+/)?+"
    r"(?:[a-zA-Z][a-zA-Z0-9]{1,30}+(?:[_-][a-zA-Z0-9]{1,30}+)*+[.:]){1,6}+"
    r"[a-z][a-zA-Z0-9]{0,30}+(?:[_-][a-zA-Z0-9]{1,30}+)*+"
)
_DOMAIN_END = regex.compile(r"\.(?:com|org|net|info|gov|edu|io|co|news|html?|php|pdf|txt|jpe?g|png|py|js|css|md|zip|exe|[a-z]{2})$")
_MARKS = ("{", "%", "[[")
_EMPTY = frozenset({"[object object]", "undefined", "nan", "null"})
_CODE = regex.compile(r"[;{}]\s*$|^\s*(?:#include|//|/\*|</?\w|import |def |return |const |var |let |\$ )|\w\(.*\)\s*$|\s[=!]=\s")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What stands where content was to come: "Loading…", leaked translation keys, template syntax, `[object Object]`.

    >>> import cleaner
    >>> cleaner.clean("The bridge opens today.\\n\\ncommon.labels.share\\n\\n{{ article.body }}\\n\\nLoading…").text
    'The bridge opens today.'

    Keeps such words in sentences, file names, addresses and code:

    >>> cleaner.clean("Open settings.json, then visit example.org.").text
    'Open settings.json, then visit example.org.'
    """

    name: ClassVar[str] = "placeholder"

    def edits(self, document: Document) -> Iterator[Edit]:
        for index in self._candidates(document):
            reason = self._reason(document, index)
            if reason and not _among_code(document, index):
                yield document.cut(index, self.name, reason)

    def _candidates(self, document: Document) -> Iterator[int]:
        """The labels, lines of a word or two and lines with a template's marks: few lines are any of these."""
        marks = [mark for mark in _MARKS if mark in document.text]
        for index, (line, known) in enumerate(zip(document.lines, document.known_labels, strict=True)):
            text = line.text
            if (known or " " not in text or len(text) <= 15 or (marks and any(mark in text for mark in marks))) and len(text) <= 240:
                yield index

    def _reason(self, document: Document, index: int) -> str | None:
        text = document.lines[index].text
        if document.labels[index] and (language := label_language(document, self.name, index)):
            dots = text.endswith(("…", "..."))
            if (
                dots
                or document.removed
                or document.at_edge(index)
                or index in (0, len(document) - 1)
                or says_enough(document.labels[index])
            ):
                return f'the label "{document.labels[index]}" ({language})'
        if " " not in text and _is_key(text):
            return "a leaked translation key"
        if text.lower() in _EMPTY:
            return "the name of an empty value"
        if any(mark in text for mark in _MARKS) and _mostly_template(text):
            return "template syntax left over"
        return None


def _is_key(text: str) -> bool:
    """Whether a word is a key such as `client/title.list_title`: parts in lower case joined by dots, an underscore or depth.

    >>> [_is_key(t) for t in ("client/title.list_title", "common.labels.share", "example.com", "news.bbc.co.uk", "e.g")]
    [True, True, False, False, False]
    """
    if not 7 <= len(text) <= 120 or not _KEY.fullmatch(text) or _DOMAIN_END.search(text):
        return False
    return not text.startswith("www.") and (text.count(".") + text.count(":") + text.count("/") >= 2 or "_" in text)


def _mostly_template(text: str) -> bool:
    rest = _TEMPLATE.sub("", text)
    return len(rest) < len(text) and len(rest.strip()) <= len(text) * 0.4 and not _CODE.search(rest)


def _among_code(document: Document, index: int) -> bool:
    """Whether a neighbouring line is code: a template in a listing is the article's own."""
    around = [i for i in (index - 1, index + 1) if 0 <= i < len(document)]
    plain = [document.lines[i].text for i in around if document.lines[max(i, index)].after_blank is False]
    return any(_CODE.search(text) and not _mostly_template(text) and len(text) < 120 for text in plain)
