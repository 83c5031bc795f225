"""Scraped text in, clean article out: `clean`, `Cleaner`, and what they give back."""

from cleaner.api import Cleaner, Origin, clean
from cleaner.decode import DecodeError
from cleaner.document import Edit, Line, Metadata, Result, apply_edits, revert_edits
from cleaner.lexicon import Phrase
from cleaner.lines import Document
from cleaner.rules import DEFAULT_RULES, Rule
from cleaner.version import __version__

__all__ = [
    "DEFAULT_RULES",
    "Cleaner",
    "DecodeError",
    "Document",
    "Edit",
    "Line",
    "Metadata",
    "Origin",
    "Phrase",
    "Result",
    "Rule",
    "__version__",
    "apply_edits",
    "clean",
    "revert_edits",
]
