"""The rule `browser_notice`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class BrowserNotice:
    """Notices about the reader's browser: outdated, unsupported, without JavaScript, with an ad blocker.

    Removes lines that tell the reader to change something about the own browser, in any language of the lexicon, whatever
    the article's, and the names of browsers listed beside them.

    >>> import cleaner
    >>> page = "The bridge opens today.\\n\\nYour browser is out of date. Please update your browser.\\nChrome\\nFirefox"
    >>> cleaner.clean(page).text
    'The bridge opens today.'

    Keeps articles about browsers:

    >>> cleaner.clean("Half of the visitors came with an outdated browser, the agency said.").text
    'Half of the visitors came with an outdated browser, the agency said.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "browser_notice"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share):
            yield document.cut(index, self.name, reason)
