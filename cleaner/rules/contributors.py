"""The rule `contributors`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.names import people

MAX_LINE = 300
_PLACE = regex.compile(r"\s+(?:in|from|at|aus|de|da|en|à|dans|из|в|з|у)\s+\p{Lu}[\p{L}\s.,'-]*$")


@dataclass(frozen=True, slots=True)
class Contributors:
    """Who else worked on the article ("… contributed to this report", "Editing by …"), moved to `contributor`.

    >>> import cleaner
    >>> result = cleaner.clean("The bridge opens today.\\n\\nAna Lind and Bo Ek contributed to this report.")
    >>> result.text, result.metadata.contributor
    ('The bridge opens today.', ('Ana Lind', 'Bo Ek'))

    Keeps what people contributed to other things:

    >>> cleaner.clean("Heavy rain contributed to the flood, the ministry said.").text
    'Heavy rain contributed to the flood, the ministry said.'
    """

    name: ClassVar[str] = "contributors"

    def edits(self, document: Document) -> Iterator[Edit]:
        candidates = {*document.openings.get(f"{self.name}.prefix", ()), *document.lines_by_rule.get(self.name, ())}
        if not candidates:
            return
        first = document.body_span[0]
        for index in sorted(candidates):
            line = document.lines[index]
            if index < first or len(line.text) > MAX_LINE or len(line.text) != len(document.folded[index]):
                continue
            names = self._after_prefix(document, index) or self._before_saying(document, index)
            if names:
                yield document.cut(index, self.name, "says who else worked on it", [("contributor", name) for name in names])

    def _before_saying(self, document: Document, index: int) -> tuple[str, ...]:
        text = document.lines[index].text
        for hit in document.hits.get(index, ()):
            if hit.rule == self.name and hit.group == "says":
                before, behind = text[: hit.start].strip(" (["), text[hit.end :].strip(" .:)]")
                return people(_PLACE.sub("", before), document.lexicon) or (people(behind, document.lexicon) if not before else ())
        return ()

    def _after_prefix(self, document: Document, index: int) -> tuple[str, ...]:
        """ "Reporting by A in London; editing by B": every part starts with a prefix and names people."""
        if not document.lexicon.prefix(f"{self.name}.prefix", document.folded[index].lstrip("([ ")):
            return ()
        text, found = document.lines[index].text.strip("()[] "), list[str]()
        for part in regex.split(r"[;.]\s+|\s+[/|–—]\s+", text):
            prefix = document.lexicon.prefix(f"{self.name}.prefix", part.lower()) or ""
            following = part[len(prefix) : len(prefix) + 1]
            if not prefix or (following != ":" and not (following == " " and " " in prefix)):
                return ()
            names = people(_PLACE.sub("", part[len(prefix) :].strip(" :.)]")), document.lexicon)
            if not names:
                return ()
            found += names
        return tuple(dict.fromkeys(found))
