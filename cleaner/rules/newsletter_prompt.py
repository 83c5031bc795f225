"""The rule `newsletter_prompt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class NewsletterPrompt:
    """Invitations to newsletters, channels, apps and notifications, with their form fields.

    >>> import cleaner
    >>> page = "The bridge opens today.\\n\\nSign up for our newsletter and get the news in your inbox.\\nYour email address"
    >>> cleaner.clean(page).text
    'The bridge opens today.'

    Keeps prose about newsletters:

    >>> cleaner.clean("She founded a newsletter for sailors in 2009 and sold it ten years later.").text
    'She founded a newsletter for sailors in 2009 and sold it ten years later.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "newsletter_prompt"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share):
            yield document.cut(index, self.name, reason)
