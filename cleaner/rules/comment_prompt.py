"""The rule `comment_prompt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class CommentPrompt:
    """What surrounds a comment section: invitations, counters, rules, log-in lines.

    >>> import cleaner
    >>> cleaner.clean("The bridge opens today.\\n\\nComments (12)\\nLeave a comment\\nLog in to join the discussion").text
    'The bridge opens today.'

    Keeps people who comment:

    >>> cleaner.clean("The ministry declined to comment on the report.").text
    'The ministry declined to comment on the report.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "comment_prompt"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share):
            yield document.cut(index, self.name, reason)
