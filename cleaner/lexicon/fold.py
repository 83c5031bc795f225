"""Fold text for comparison: what differs only in case, quotes, dashes, width or accents becomes the same.

Folding is for comparing, never for output: it is not reversible and may change lengths.
"""

from __future__ import annotations

import re

import regex

_SINGLE = "ʻ‘’‚‛`´ʼʹ′＇"
_DOUBLE = "“”„‟«»″＂「」『』〝〞"
_DASHES = "‐‑‒–—―−－﹣"
_SPACES = "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_DROPPED = "\u0307\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"

# Letters that writers of one language use for each other: Turkish dotless i, Greek tonos and final sigma, Russian yo,
# Arabic alef and yeh forms with their Persian neighbours, Romanian cedillas.
_LETTERS = dict(
    zip(
        "ıάέήίόύώϊϋΐΰςёأإآىةيكşţ",
        "iαεηιουωιυιυσеاااىهیکșț",
        strict=True,
    )
)
_LETTERS["ى"] = "ی"

_TABLE: dict[str, str] = {
    **dict.fromkeys(_SINGLE, "'"),
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_DROPPED, ""),
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},
    **_LETTERS,
    "…": "...",
    "և": "եւ",
    **dict.fromkeys("՞՜՛", ""),
}
_TABLED = re.compile(f"[{re.escape(''.join(_TABLE))}]")
_NUMBER = regex.compile(r"\p{Nd}++(?:[.,\u00a0 ]\p{Nd}{3}+)*+")
_SPACE_RUN = regex.compile(r"\s{2,}+")
_EDGE = " \t.,:;!?…*•·|/\\-–—_<>»«›‹→←↑↓▼▲►◄▶◀✓✔✕✖×+=~()[]{}\"'“”‘’„。，、：；！？（）【】《》؟،।՝։․¿¡"


def fold(text: str) -> str:
    """Fold `text` for comparison, line breaks kept.

    >>> fold("“We’ve” — ÇEREZLERİ…")
    '"we\\'ve" - çerezleri...'
    """
    text = text.lower()
    if text.isascii():
        return text
    # A document uses few of the table's characters: str.replace for each of those is far faster than str.translate,
    # and finding them is far faster than a set of all its characters.
    for char in set(_TABLED.findall(text)):
        text = text.replace(char, _TABLE[char])
    return text


def fold_line(text: str) -> str:
    """Fold one line as `line` phrases are: also without bullets and punctuation at its ends, numbers as `#`.

    >>> fold_line("• Comments (1,204)")
    'comments (#)'
    >>> fold_line("READ ALSO:")
    'read also'
    """
    return trim_line(fold(text))


def trim_line(folded: str, numbers: bool = True) -> str:
    """The second half of `fold_line`, for text that is folded already.

    numbers  False where it is known that no digit is in it

    >>> trim_line("  - share 12  ")
    'share #'
    """
    folded = _SPACE_RUN.sub(" ", folded).lstrip(_EDGE + "#")
    if numbers and not folded.isalpha():
        folded = _NUMBER.sub("#", folded)
    folded = folded.rstrip(_EDGE)
    return folded + ")" if folded.count("(") > folded.count(")") else folded
