"""The library call: `clean`, and `Cleaner` for the same with other rules or options, compiled once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, NamedTuple

import regex

from cleaner import chain
from cleaner.decode import decode, settle
from cleaner.document import LIST_FIELDS, Edit, Metadata, Result, apply_edits
from cleaner.header import OWN_KEY, merged, metadata_pairs, other_values, read_header
from cleaner.language import detect_language
from cleaner.lexicon import Phrase, extended
from cleaner.lines import Document
from cleaner.markup import Markup, of_source
from cleaner.normalize import normalize
from cleaner.rules import DEFAULT_RULES, Rule
from cleaner.version import __version__

Kind = Literal["auto", "text", "html"]
Pairs = tuple[tuple[str, str], ...]


class Origin(NamedTuple):
    """What the caller knows of a document: its path for the header, and metadata that goes before the page's own."""

    source: str | None = None
    metadata: Mapping[str, Any] = {}


class _Input(NamedTuple):
    """The text for the chain, where its body starts, what is known of it, and whether our header stood before it."""

    text: str
    body: int
    known: Pairs
    passed: dict[str, Any]
    review: str
    headed: bool
    markup: Markup | None = None
    told: Mapping[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Cleaner:
    """The chain with its options, compiled once; safe to share between threads.

    rules    the chain, in order
    quotes   "straight" (default) or "keep"
    protect  patterns of lines that no rule may remove
    phrases  phrases of your own, beside the lexicon's

    >>> Cleaner(quotes="keep").clean("“So.”").text
    '“So.”'
    """

    rules: tuple[Rule, ...] = DEFAULT_RULES
    quotes: str = "straight"
    protect: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()

    def __post_init__(self) -> None:
        if self.quotes not in ("straight", "keep"):
            raise ValueError(f'quotes is "straight" or "keep", not {self.quotes!r}')
        # Each by itself: joined, one pattern's groups would shift another's back references.
        object.__setattr__(self, "_guard", tuple(regex.compile(pattern) for pattern in self.protect))

    def clean(self, source: str | bytes, kind: Kind = "auto", url: str | None = None, origin: Origin | None = None) -> Result:
        """Clean one document.

        source  text or HTML, as str or bytes
        kind    "auto" tells HTML from text; "text" and "html" say which it is
        url     where it came from: goes to the metadata, and helps to read it
        origin  what else the caller knows (see `Origin`)

        Raises `cleaner.DecodeError` for bytes that are no text, ValueError for an unknown kind.
        """
        if kind not in ("auto", "text", "html"):
            raise ValueError(f'kind is "auto", "text" or "html", not {kind!r}')
        origin = origin or Origin()
        caller = (*((("url", url),) if url else ()), *metadata_pairs(origin.metadata))
        given = _read(source, kind, url)
        known = (*caller, *given.known)
        edits, found, language, doubt = self._run(given, known)
        text = apply_edits(given.text, edits)
        metadata = Metadata.build((*caller, *_not_given(caller, (*given.known, *found))))
        if metadata.language is None:
            metadata = replace(metadata, language=language or detect_language(text or given.text[given.body :]))
        review = given.review or _nothing_left(given, text) or doubt
        sources = _sources(metadata, caller, given, edits)
        result = Result(text, metadata, tuple(edits), given.text, review, sources=sources)
        return replace(result, header=_header(result, given, origin, source))

    def _run(self, given: _Input, known: Pairs) -> tuple[list[Edit], Pairs, str | None, str]:
        """The edits for an input, the metadata that rules found, its language if it was needed and nothing was removed, and what
        rules are in doubt about.
        """
        body = given.text[given.body :]
        spelling = list(normalize(body, self.quotes))
        lines = chain.split_lines(body, spelling)
        lexicon = extended(self.phrases)
        markup = of_source(given.markup, body, lines) if given.markup else None
        document = Document(lines, lexicon, known, url=dict(known).get("url"), markup=markup)
        left, removed = chain.run_rules(document, self.rules, getattr(self, "_guard"))  # noqa: B009
        edits = chain.lay_out(body, left.lines, removed, spelling)
        forged = left.lines[: _forged_lines(apply_edits(body, edits))]
        if forged:
            reason = "would read as a header that no cleaning wrote"
            removed = sorted((*removed, *(Edit(line.start, line.end, "", "forged_header", reason) for line in forged)))
            edits = chain.lay_out(body, left.lines[len(forged) :], removed, spelling)
        if given.body:
            shifted = (edit._replace(start=edit.start + given.body, end=edit.end + given.body) for edit in edits)
            edits = [
                Edit(0, given.body, "", "header", "the header of an earlier cleaning or other front matter", "move", given.known),
                *shifted,
            ]
        found = tuple(pair for edit in removed for pair in edit.fields)
        language = None if removed else left.__dict__.get("language")
        return edits, found, language, chain.doubts(left, self.rules)


def clean(source: str | bytes, kind: Kind = "auto", url: str | None = None) -> Result:
    """Clean one document with the default chain. The same as `Cleaner().clean(source, kind, url)`.

    source  text or HTML, as str or bytes
    kind    "auto" tells HTML from text; "text" and "html" say which it is
    url     where it came from: goes to the metadata, and helps to read it

    Raises `DecodeError` for bytes that are no text, ValueError for an unknown kind.

    >>> clean("The ferry sailed at noon.\\n\\nLoading…").text
    'The ferry sailed at noon.'
    """
    return _default().clean(source, kind, url)


@cache
def _default() -> Cleaner:
    return Cleaner()


def _read(source: str | bytes, kind: str, url: str | None) -> _Input:
    if kind == "html":
        return _read_page(source, url)
    text = decode(source) if isinstance(source, bytes) else settle(source)
    if kind == "auto" and _is_html(text):
        return _read_page(source, url)
    header = read_header(text)
    if header is None:
        return _Input(text, 0, (), {}, "", False)
    body, values = header
    return _Input(text, body, tuple(metadata_pairs(values)), other_values(values), str(values.get("review") or ""), OWN_KEY in values)


def _read_page(source: str | bytes, url: str | None) -> _Input:
    from cleaner.extract import extract_page

    page = extract_page(source, url)
    return _Input(settle(page.text), 0, page.pairs, {}, page.review, False, page.markup, page.told)


def _is_html(text: str) -> bool:
    if "<" not in text[:20_000] and "multipart/related" not in text[:4_000]:
        return False
    from cleaner.extract import looks_like_html

    return looks_like_html(text)


def _not_given(caller: Pairs, others: Pairs) -> Pairs:
    """Of what is known from elsewhere, what the caller leaves open: where the caller names authors, the page adds none."""
    given = {name for name, _ in caller} & LIST_FIELDS
    return tuple(pair for pair in others if pair[0] not in given)


def _sources(metadata: Metadata, caller: Pairs, given: _Input, edits: Sequence[Edit]) -> dict[str, str]:
    """Where each field of the metadata comes from, in words."""
    places = {pair: f"the rule {edit.rule}" for edit in reversed(edits) if edit.rule != "header" for pair in edit.fields}
    places |= dict.fromkeys(given.known, "the text's header") | dict(given.told) | dict.fromkeys(caller, "the caller")
    found: dict[str, dict[str, None]] = {}
    for pair in metadata.pairs():
        found.setdefault(pair[0], {})[places.get(pair, "the text")] = None
    return {name: "; ".join(values) for name, values in found.items()}


def _forged_lines(text: str) -> int:
    """How many of a clean text's first lines must go so that whoever reads it finds no header that we did not write."""
    count = at = 0
    while read_header(text, at):
        count, at = count + 1, (text.find("\n", at) + 1) or len(text)
        while text.startswith("\n", at):
            at += 1
    return count


def _nothing_left(given: _Input, text: str) -> str:
    if text or not given.text[given.body :].strip():
        return "" if text or given.review else "the document is empty"
    return "nothing but chrome was found: the body is empty"


def _header(result: Result, given: _Input, origin: Origin, source: str | bytes) -> dict[str, Any]:
    """What the header says of the origin; a header that an earlier cleaning wrote keeps its word."""
    own = other_values(origin.metadata)
    if given.headed:
        return merged(given.passed, own)
    raw = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    values = merged(given.passed, own)
    if origin.source is not None:
        values["source"] = origin.source
    values["source_sha256"] = hashlib.sha256(raw).hexdigest()
    values["removed"] = result.removed_share
    if result.review:
        values["review"] = result.review
    values[OWN_KEY] = __version__
    return values
