"""The words that chrome uses, by language: phrase files (see README.md beside this file), folding, matching."""

from cleaner.lexicon.fold import fold, fold_line, trim_line
from cleaner.lexicon.matcher import Hit, Lexicon, extended, load
from cleaner.lexicon.phrases import LexiconError, Phrase

__all__ = ["Hit", "Lexicon", "LexiconError", "Phrase", "extended", "fold", "fold_line", "load", "trim_line"]
