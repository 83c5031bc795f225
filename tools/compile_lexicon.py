"""Pack the phrase files of `cleaner/lexicon/languages/` into the file that is read at run time.

    python -m tools.compile_lexicon

Run it after a change of a phrase file; a test fails where it was forgotten.
"""

from __future__ import annotations

from pathlib import Path

from cleaner.lexicon import compiled
from cleaner.lexicon.phrases import read_languages


def main() -> None:
    path = Path(compiled.__file__).parent / compiled.PACKED
    path.write_bytes(compiled.pack(compiled.compile_phrases(read_languages())))


if __name__ == "__main__":
    main()
