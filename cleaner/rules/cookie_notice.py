"""The rule `cookie_notice`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class CookieNotice:
    """Consent notices about cookies and tracking, with their buttons.

    Removes lines most of whose sentences speak of cookies to the reader of the site ("we use cookies", "by continuing
    you agree"), in any language of the lexicon, and the buttons beside them.

    >>> import cleaner
    >>> page = "The bridge opens today.\\n\\nWe use cookies to improve your experience.\\nAccept all\\nReject"
    >>> cleaner.clean(page).text
    'The bridge opens today.'

    Keeps articles about cookies and notices that are quoted:

    >>> cleaner.clean('The court found the banner "We use cookies" too vague to be consent.').text
    'The court found the banner "We use cookies" too vague to be consent.'

    Options: `min_share`, the share of a line that must be a notice's, 0 to 1.
    """

    name: ClassVar[str] = "cookie_notice"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share):
            yield document.cut(index, self.name, reason)
