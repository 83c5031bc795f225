"""What a rule is: a name, a manual page as its docstring, and the edits it asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from cleaner.document import Edit
from cleaner.lines import Document


class Rule(Protocol):
    """A frozen object whose fields are its options. It sees the document and asks for edits; it changes nothing itself.

    A rule that holds back where it is in doubt may also have `review(document) -> str`: why a person should look at a
    document that the chain is done with; empty where nothing is in doubt.
    """

    @property
    def name(self) -> str:
        """The rule's name in the ledger, the configuration and the fixtures."""
        ...

    def edits(self, document: Document) -> Iterable[Edit]:
        """The edits that this rule asks for; each removes one whole line (`document.cut`)."""
        ...
