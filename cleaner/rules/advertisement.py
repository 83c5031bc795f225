"""The rule `advertisement`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices


@dataclass(frozen=True, slots=True)
class Advertisement:
    """Labels of advertising slots, and lines that only lead around them.

    >>> import cleaner
    >>> cleaner.clean("The bridge opens today.\\n\\nAdvertisement\\n\\nCars may cross from noon.").text
    'The bridge opens today.\\n\\nCars may cross from noon.'

    Keeps articles about advertising:

    >>> cleaner.clean("Advertising brought in half of the revenue, the report said.").text
    'Advertising brought in half of the revenue, the report said.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "advertisement"
    min_share: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        for index, reason in find_notices(document, self.name, self.min_share, short_labels=True):
            yield document.cut(index, self.name, reason)
