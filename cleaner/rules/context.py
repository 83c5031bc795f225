"""The rule `context`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.moments import moment_of

if TYPE_CHECKING:
    from cleaner.model.features import Page

FEW = 8
"""In fewer lines than these there is no context to judge by."""

MOST = 6_000
"""A text of more lines than these is no page, and is not judged."""

PROSE = 0.9
"""Where running text makes up this share of a document, and what is not comes in runs of two lines at most, nothing is judged."""


MOSTLY = 0.5
"""A line is kept by another reading of the page where that has this share of it."""

LISTS = ("related_links.heading", "news_ticker.heading")
"""What stands above lists of other articles."""

LONGEST_HEADING = 80
"""Longer lines head no section, in characters."""


@dataclass(frozen=True, slots=True)
class Context:
    """Lines that look like chrome where they stand: menus, teasers, sidebars, author boxes, footers.

    Most chrome does not name itself. This rule weighs every line by a small model (`cleaner.model`): how long it is, how it
    ends, whether it has the page's common words, what stands around it, what the other rules removed, and so on; nothing it
    looks at is tied to a language. It acts on pages that the model takes for unclean, and then on lines that are less likely
    the article's than `least`.

    >>> import cleaner
    >>> page = "\\n".join([
    ...     "Weather", "Harbour", "Fishing", "Schools", "Town hall", "Markets", "Letters", "Sailing",
    ...     "The sea wall was opened to walkers again on Saturday, two winters after a storm tore a gap into its northern end.",
    ...     "Engineers had to sink forty piles before the stone could be laid, and the work was halted twice by spring tides.",
    ...     "The gap was found at dawn by a woman who walks her dog there; she was the first to cross the mended wall.",
    ... ])
    >>> len(cleaner.clean(page).text.split("\\n"))
    3
    >>> cleaner.clean("The ferry sailed at noon.\\n\\nThe harbour had been closed since Monday, when the storm came in.").text
    'The ferry sailed at noon.\\n\\nThe harbour had been closed since Monday, when the storm came in.'

    It keeps text that is clean already, headings and lists between paragraphs among it, and documents of few lines. Where it
    would remove more than `budget` of a document, it removes nothing, and the document is marked for review.

    Options: `least`, the probability below which a line of plain text goes; `budget`, the share of the characters that may go;
    `weights` and `markup_weights`, files of weights of your own for plain text and for HTML, as `tools.fit_context` writes them.
    """

    name: ClassVar[str] = "context"
    least: float = 0.45
    budget: float = 0.97
    weights: str = ""
    markup_weights: str = ""

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in self._unwanted(document).items():
            yield document.cut(index, self.name, reason)

    def review(self, document: Document) -> str:
        """Why a person should look at a document that the chain is done with; empty where nothing is in doubt."""
        if document.markup and len(document.page) > MOST:
            return "the page has too many lines for the scored rule"
        if self._is_too_much(document, self._asked(document, False)):
            return "nearly all of it looks like chrome: the scored rule removed nothing"
        return ""

    def _unwanted(self, document: Document) -> dict[int, str]:
        acted = any(self.name in gap for gap in document.gaps)
        if document.markup and not acted and (asked := self._unwanted_of_page(document)):
            return asked
        # What was removed tells much of what stands beside it; but a second cleaning cannot know it. So the remaining lines
        # have the last word: where they ask for nothing by themselves, nothing is done.
        alone = self._asked(document, False)
        if not alone or self._is_too_much(document, alone):
            return {}
        beside = self._asked(document, True) if document.removed and not acted and not document.markup else {}
        return alone if not beside or self._is_too_much(document, beside) else beside

    def _unwanted_of_page(self, document: Document) -> dict[int, str]:
        """What the markup speaks against. Where that is all there is, what another extractor keeps stays."""
        asked = self._asked(document, True)
        if len(asked) < len(document):
            return asked
        kept = document.markup.kept.get("trafilatura") if document.markup else None
        return {index: reason for index, reason in asked.items() if not kept or kept[document.places[index]] < MOSTLY}

    def _asked(self, document: Document, with_removed: bool) -> dict[int, str]:
        """The lines that the model would remove, each with its reason; judged once for each document.

        with_removed  whether it sees what rules have removed, and with that the markup of a page
        """
        markup = document.markup if with_removed else None
        if len(document.page) > MOST or not document.lines or (not markup and (len(document) < FEW or _is_clean(document))):
            return {}
        kept: dict[tuple[object, bool], dict[int, str]] = document.__dict__.setdefault("judged", {})
        if (self, with_removed) not in kept:
            from cleaner.model import unwanted

            page = page_of(document, with_removed)
            places = document.places if with_removed else range(len(document))
            number = {place: index for index, place in enumerate(places)}
            found = unwanted(page, self.least, self.markup_weights if markup else self.weights, markup)
            kept[self, with_removed] = {number[place]: reason for place, reason in found.items() if place in number}
        return kept[self, with_removed]

    def _is_too_much(self, document: Document, asked: dict[int, str]) -> bool:
        return bool(asked) and sum(document.weights[index] for index in asked) > self.budget * sum(document.weights)


def _is_clean(document: Document) -> bool:
    """A cheap look that passes most clean text by: nearly all running text, without rows of other lines."""
    run = longest = 0
    for is_text in document.paragraphs:
        run = 0 if is_text else run + 1
        longest = max(longest, run)
    if longest > 2:
        return False
    text = sum(weight for weight, is_text in zip(document.weights, document.paragraphs, strict=True) if is_text)
    return text >= PROSE * sum(document.weights)


def page_of(document: Document, with_removed: bool) -> Page:
    """The document's lines as the model sees them, those that rules have removed among them or not."""
    from cleaner.model.features import Page

    shown = document.page if with_removed else document
    staying = set(document.places) if with_removed else range(len(document))
    return Page(
        [line.text for line in shown.lines],
        shown.folded,
        # Blank lines at the top are not laid out: a second cleaning would not see them.
        [index > 0 and line.after_blank for index, line in enumerate(shown.lines)],
        [bool(row) for row in shown.rows],
        [_said(shown, index) for index in range(len(shown))],
        [index not in staying for index in range(len(shown))],
        [_of_comments(shown, index) for index in range(len(shown))],
        [any(label and shown.lexicon.line(section, label) for section in LISTS) for label in shown.labels],
        [moment_of(shown, index) is not None for index in range(len(shown))],
    )


def _said(document: Document, index: int) -> float:
    hits = document.hits.get(index)
    if not hits:
        return 0
    return sum(hit.group == "says" for hit in hits) + 0.5 * any(hit.group != "says" for hit in hits)


def _of_comments(document: Document, index: int) -> float:
    """Whether a line announces readers' comments: 1 for their labels and wordings, a half where it is short and names them."""
    label, hits = document.labels[index], document.hits.get(index, ())
    groups = {hit.group for hit in hits if hit.rule == "comment_prompt"}
    if "says" in groups or (label and document.lexicon.line("comment_prompt.line", label)):
        return 1
    return 0.5 * ("about" in groups and document.weights[index] <= LONGEST_HEADING)
