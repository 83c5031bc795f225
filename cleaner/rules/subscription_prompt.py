"""The rule `subscription_prompt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class SubscriptionPrompt:
    """Pitches for subscriptions, memberships, trials and donations, and paywall lines.

    >>> import cleaner
    >>> page = "The bridge opens today.\\n\\nAlready a subscriber? Log in to continue reading."
    >>> cleaner.clean(page).text
    'The bridge opens today.'

    Keeps news about subscriptions:

    >>> cleaner.clean("The paper won 40,000 subscribers last year, its publisher said on Monday.").text
    'The paper won 40,000 subscribers last year, its publisher said on Monday.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "subscription_prompt"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share):
            yield document.cut(index, self.name, reason)
