"""What passes through the chain: lines with their place in the source, edits, metadata, the result. All frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import NamedTuple


class Edit(NamedTuple):
    """One change to the source: what the ledger is made of.

    start, end   offsets in `Result.source`, in characters, end exclusive
    replacement  what stands there instead; empty where the passage is removed
    rule         the rule that asked for it ("normalize" and "layout" for spelling and spacing)
    reason       why, in words, for a reader
    kind         "remove", "move" (removed from the body, kept in the metadata) or "normalize"
    fields       for "move": the metadata it gave, as (field, value) pairs
    """

    start: int
    end: int
    replacement: str
    rule: str
    reason: str
    kind: str = "remove"
    fields: tuple[tuple[str, str], ...] = ()


class Line(NamedTuple):
    """One line that is not blank, without its outer white space.

    text         normalised, as rules see it
    start, end   where it stands in the source
    after_blank  whether a blank line stands before it
    """

    text: str
    start: int
    end: int
    after_blank: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of the article besides its body. Dates are ISO 8601, as precise as the page gives them."""

    title: str | None = None
    author: tuple[str, ...] = ()
    contributor: tuple[str, ...] = ()
    date: str | None = None
    modified: str | None = None
    sitename: str | None = None
    url: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    description: str | None = None
    license: str | None = None

    @classmethod
    def build(cls, pairs: Iterable[tuple[str, str]]) -> Metadata:
        """Gather (field, value) pairs: the first value of a field holds, lists gather theirs without repeats.

        >>> Metadata.build([("author", "Ana Li"), ("author", "Bo Ek"), ("title", "A"), ("title", "B")])
        Metadata(title='A', author=('Ana Li', 'Bo Ek'), contributor=(), date=None, modified=None, sitename=None, \
url=None, language=None, tags=(), description=None, license=None)
        """
        found: dict[str, str | tuple[str, ...]] = {}
        for name, value in pairs:
            if name in LIST_FIELDS:
                known = found.get(name, ())
                found[name] = (*known, value) if value not in known else known
            else:
                found.setdefault(name, value)
        return cls(**found)  # type: ignore[arg-type]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The fields that are known, as (field, value) pairs: what `build` takes."""
        for name, value in asdict(self).items():
            if isinstance(value, tuple):
                yield from ((name, item) for item in value)
            elif value:
                yield name, value

    def filled_from(self, other: Metadata) -> Metadata:
        """This metadata, what it lacks taken from `other`."""
        lacking = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **lacking)


LIST_FIELDS = frozenset({"author", "contributor", "tags"})
METADATA_FIELDS = tuple(f.name for f in fields(Metadata))


@dataclass(frozen=True, slots=True)
class Result:
    """What cleaning gives.

    text      the clean body: paragraphs as they stood, parted by one blank line where they were parted
    metadata  what is known of the article
    edits     every change, in the order of the source: `apply_edits(source, edits) == text`
    source    the text that the chain received, line breaks settled; for HTML the page's visible text
    review    why a person should look at this document; empty where nothing is in doubt
    header    what the header says of the text's origin, by key (see `cleaner.header`)
    sources   where each field of the metadata comes from, in words: "the caller", "JSON-LD NewsArticle.headline", "the rule byline"
    """

    text: str
    metadata: Metadata
    edits: tuple[Edit, ...]
    source: str
    review: str = ""
    header: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def removed_share(self) -> float:
        """The share of the source's characters that rules removed or moved, 0 to 1."""
        gone = sum(edit.end - edit.start for edit in self.edits if edit.kind != "normalize")
        return round(gone / len(self.source), 4) if self.source else 0.0

    def render(self, header: str = "yaml") -> str:
        """Header and body as the command line writes them.

        header: "yaml", "json" (one line of JSON, then the body) or "none". Raises ValueError for another style.

        >>> import cleaner
        >>> print(cleaner.clean("Loading…\\n\\nThe ferry sailed at noon.").render("none"), end="")
        The ferry sailed at noon.
        """
        from cleaner.header import write_header

        body = self.text + "\n" if self.text else ""
        return write_header(self, header) + body


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Replay a ledger on its source.

    >>> apply_edits("a b c", [Edit(0, 2, "", "r", "why"), Edit(4, 5, "d", "r", "why")])
    'b d'
    """
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += source[at : edit.start], edit.replacement
        at = edit.end
    pieces.append(source[at:])
    return "".join(pieces)


def revert_edits(text: str, edits: Iterable[Edit], removed: Iterable[str]) -> str:
    """Give the source back from the text, its ledger and what each edit took out (`source[start:end]`, in order).

    >>> revert_edits("b d", [Edit(0, 2, "", "r", "why"), Edit(4, 5, "d", "r", "why")], ["a ", "c"])
    'a b c'
    """
    pieces: list[str] = []
    at = shift = 0
    for edit, original in zip(edits, removed, strict=True):
        stop = edit.start + shift
        pieces += text[at:stop], original
        at = stop + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)
    pieces.append(text[at:])
    return "".join(pieces)
