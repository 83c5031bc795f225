"""The rule `caption_credit`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.names import people

_PARTS = regex.compile(r"\s*(?:/|\||,|;|\s-\s|\bvia\b|\(|\)|©|:)\s*")
_TAIL = regex.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\s*\.?(?:\s*\p{L}{2,15}:\s*https?://\S+)?\s*$")
_AFTER_STOP = regex.compile(r"[.!?\"”»)]\s+(?=\p{L}[\p{L} ]{1,30}:\s*\S[^.!?]{1,70}$)|\s[|–—]\s(?=[^|–—]{3,60}$)")
_MARK = re.compile(r"[)\]）】/|:：–—©]")
MAX_LINE = 420
MAX_CREDIT = 90
ESSAY = 0.4


@dataclass(frozen=True, slots=True)
class CaptionCredit:
    """Credits of pictures, and captions that end in one.

    Removes "Photo: Ana Lind / Reuters" and captions with their source behind them ("… (Wikimedia Commons)").

    >>> import cleaner
    >>> cleaner.clean("Image: AFP\\n\\nCars may cross from noon, the mayor said on Monday.").text
    'Cars may cross from noon, the mayor said on Monday.'

    Keeps photo essays, whose captions are the story, and sentences that name an agency:

    >>> cleaner.clean("Two people were hurt, the agency dpa reported on Monday (Reuters).").text
    'Two people were hurt, the agency dpa reported on Monday (Reuters).'

    Options: `essay`, the share of credited lines from which on the captions are the article, 0 to 1.
    """

    name: ClassVar[str] = "caption_credit"
    essay: float = ESSAY

    def edits(self, document: Document) -> Iterator[Edit]:
        bare: set[int] = set()
        captions: set[int] = set()
        introduced = document.openings.get(f"{self.name}.heading", ())
        for index in _candidates(document):
            if _is_credit(document, document.lines[index].text):
                bare.add(index)
            elif (index in introduced and _is_introduced(document, index)) or _ends_in_credit(document, index):
                captions.add(index)
        if len(captions) >= max(3, self.essay * sum(1 for text in document.paragraphs if text)):
            captions = set()
        for index in sorted(bare | captions):
            reason = "a picture's credit" if index in bare else "a caption with its credit"
            yield document.cut(index, self.name, reason)


def _candidates(document: Document) -> Iterator[int]:
    """A cheap look: a credit has a mark near its end, a phrase of the lexicon, or starts with a word for picture."""
    labelled = document.openings.get("caption_credit.label", ())
    for index, line in enumerate(document.lines):
        length = len(line.text)
        if length <= MAX_LINE and (
            _MARK.search(line.text, max(0, length - MAX_CREDIT))
            or index in document.hits
            or (length <= MAX_CREDIT and index in labelled and document.lexicon.prefix("caption_credit.label", document.folded[index]))
        ):
            yield index


def _is_credit(document: Document, text: str) -> bool:
    """Whether a text is a credit and nothing else: a label and who is credited, or agencies alone."""
    if len(text) > MAX_CREDIT:
        return False
    rest, labelled = _strip_label(document, text)
    if labelled and not rest:
        return False
    parts = [part.strip(" .") for part in _PARTS.split(rest) if part.strip(" .©")]
    if not parts:
        return False
    agencies = [_is_agency(document, part) for part in parts]
    if labelled and (any(agencies) or document.removed):
        return all(agency or _is_someone(document, part) for agency, part in zip(agencies, parts, strict=True))
    return (
        len(parts) >= 2
        and any(agencies)
        and "(" not in text
        and all(agency or people(part, document.lexicon) for agency, part in zip(agencies, parts, strict=True))
    )


def _is_introduced(document: Document, index: int) -> bool:
    """Whether a line says itself that it is a caption: "Image caption, The bridge at dawn"."""
    text = document.folded[index]
    heading = document.lexicon.prefix("caption_credit.heading", text)
    return heading is not None and text[len(heading) :].lstrip()[:1] in (":", ",", "")


def _strip_label(document: Document, text: str) -> tuple[str, bool]:
    """A text without the word for picture before it; whether there was one, followed by a colon, slash or "by"."""
    bare = text.strip(" ()[]•|-–—*【】（）")
    folded = bare.lower()
    label = document.lexicon.prefix("caption_credit.label", folded)
    if bare.startswith("©") and not label:
        bare = bare[1:].strip()
        folded = bare.lower()
        label = document.lexicon.prefix("caption_credit.label", folded)
        if not label:
            return bare, not any(char.isdigit() for char in bare)
    if not label or len(folded) != len(bare):
        return bare, False
    rest = bare[len(label) :]
    spoken = " " in label and rest[:1] == " "
    # "Image source, Reuters": a label of two words may be followed by a comma.
    if not spoken and not regex.match(r"\s*[:：/|©]" if " " not in label else r"\s*[:：/|©,]", rest):
        return bare, False
    return rest.lstrip(" :：/|©,"), True


def _is_agency(document: Document, text: str) -> bool:
    names = document.lexicon.entries("caption_credit.name")
    folded = text.lower().strip(" .")
    return folded in names or folded.startswith(("cc by", "cc-by", "http"))


def _is_someone(document: Document, text: str) -> bool:
    """After "Photo:" a name is enough, or a few words that start with a capital or have none."""
    words = text.split()
    return bool(people(text, document.lexicon)) or (len(words) <= 5 and len(text) <= 45 and (text[:1].isupper() or not text.isascii()))


def _ends_in_credit(document: Document, index: int) -> bool:
    """A caption whose last parenthesis or last part is a credit that only pictures have."""
    text, folded = document.lines[index].text, document.folded[index]
    marks = [hit for hit in document.hits.get(index, ()) if hit.rule == "caption_credit" and hit.group == "says"]
    tail = _TAIL.search(text) if ")" in text or "]" in text else None
    if tail and len(text) == len(folded) and (any(hit.start >= tail.start() for hit in marks) or _only_pictures(document, tail[1])):
        return True
    if any(mark in text for mark in ":|–—"):
        for match in _AFTER_STOP.finditer(text):
            credit = text[match.end() :]
            if _strip_label(document, credit)[1] and _is_credit(document, credit):
                return True
    return bool(marks) and marks[-1].end >= len(folded) - 25 and len(folded) <= 250


def _only_pictures(document: Document, credit: str) -> bool:
    """Whether a parenthesis is a labelled credit: "(Photo: Ana Lind)", "(archive photo)". A bare "(Reuters)" may close a news
    paragraph.
    """
    if credit.lower().strip(" .") in document.lexicon.entries("caption_credit.label"):
        return " " in credit or len(credit) > 8
    rest, labelled = _strip_label(document, credit)
    return labelled and (_is_credit(document, credit) or bool(people(rest, document.lexicon)))
