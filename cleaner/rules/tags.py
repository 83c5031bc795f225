"""The rule `tags`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document, ends_with_stop
from cleaner.rules.labels import label_language

_SPLIT = regex.compile(r"\s*[,;|•·/、，；#]\s*")
_HASHTAGS = regex.compile(r"(?:#[\p{L}\p{M}\p{Nd}_]{2,40}[\s,]*){2,}")
MAX_LINE = 300
MAX_TAG = 40


@dataclass(frozen=True, slots=True)
class Tags:
    """Lists of topics and keywords, moved to `tags`.

    Sees "Tags: bridge, lake", the label with its tags on the lines below, and lines of hashtags.

    >>> import cleaner
    >>> result = cleaner.clean("Cars may cross from noon, the mayor said on Monday.\\n\\nTags: bridge, Lake Orm")
    >>> result.text, result.metadata.tags
    ('Cars may cross from noon, the mayor said on Monday.', ('bridge', 'Lake Orm'))

    Keeps sentences after such words:

    >>> cleaner.clean("Topics: the council will speak about the harbour, the school and the new road to the mill.").metadata.tags
    ()

    Options: `most`, how many lines below the label may be tags.
    """

    name: ClassVar[str] = "tags"
    most: int = 15

    def edits(self, document: Document) -> Iterator[Edit]:
        taken = -1
        for index, line in enumerate(document.lines):
            if index <= taken or len(line.text) > MAX_LINE:
                continue
            if "#" in line.text and _HASHTAGS.fullmatch(line.text) and document.at_edge(index):
                yield document.cut(index, self.name, "hashtags", _fields(line.text.replace("#", ",#").split(",")))
            elif label_language(document, self.name, index, "label") and (line.text.endswith(":") or document.at_edge(index)):
                last = self._below(document, index)
                yield document.cut(index, self.name, f'the label "{line.text}"')
                for item in range(index + 1, last + 1):
                    yield document.cut(item, self.name, f'under "{line.text}"', _fields([document.lines[item].text]))
                taken = last
            elif ":" in line.text and (values := self._labelled(document, index)):
                yield document.cut(index, self.name, "a label and its tags", _fields(values))

    def _labelled(self, document: Document, index: int) -> list[str]:
        label, colon, rest = document.lines[index].text.partition(":")
        if not colon or len(label) > 40 or not rest.strip() or ends_with_stop(rest):
            return []
        from cleaner.lexicon import fold_line

        values = [value for value in _SPLIT.split(rest.strip()) if value]
        return (
            values if fold_line(label) in document.lexicon.entries("tags.label") and all(len(value) <= MAX_TAG for value in values) else []
        )

    def _below(self, document: Document, index: int) -> int:
        """The last of the short lines under a label that stands alone; none where a heading of other links follows."""
        last = index
        for below in range(index + 1, min(index + 1 + self.most, len(document))):
            line = document.lines[below]
            other = label_language(document, "related_links", below, "heading") or label_language(document, "news_ticker", below, "heading")
            if line.after_blank or other or document.weights[below] > MAX_TAG or ends_with_stop(line.text) or line.text.endswith(":"):
                break
            last = below
        return last


def _fields(values: list[str]) -> list[tuple[str, str]]:
    return [("tags", value.strip(" #•")) for value in values if value.strip(" #•")]
