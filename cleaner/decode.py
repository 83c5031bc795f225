"""Bytes to text: byte order marks, declared and guessed encodings, line breaks. Anything else is an error that says why."""

from __future__ import annotations

import re

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_BINARY = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x28\xb5\x2f\xfd", "a zstandard file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)
_DECLARED = re.compile(rb"""(?:<meta[^>]{0,200}?charset|<\?xml[^>]{0,100}?encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w-]{2,40})""", re.I)
# What pages are written in; Python knows other codecs (idna, unicode_escape) that a hostile declaration may name. UTF-8 is
# not among them: it has been tried by then, and a page that declares it without being it lies.
_PAGE_ENCODING = re.compile(
    r"(?:iso|windows|cp|koi|gb|hz|big5|euc|shift|s?jis|ms|latin|l\d|mac|tis|viscii|johab|us-ascii|ascii|ptcp|kz|hp)", re.I
)
# The detector names the encoding whose letters fit; pages are written in the wider one of its family, and in none of the
# code pages of DOS and rare parts of ISO 8859 that short western texts are taken for.
_WRITTEN_IN = {
    **dict.fromkeys(("iso8859-1", "iso8859-15", "iso8859-3", "iso8859-10", "cp437", "cp850", "cp852", "cp865"), "cp1252"),
    "iso8859-9": "cp1254",
    "iso8859-16": "cp1250",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
}
_FINAL_A_GRAVE = re.compile(rb"[A-Za-z ]\xe0[\s.,;:!?]")
"""French, Italian and Catalan words end in à; what Windows-1250 and ISO 8859-2 have in its place, ŕ, ends no word."""

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SAMPLE = 200_000
_ODD_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class DecodeError(ValueError):
    """Bytes that are no text; the message says what they look like and what to do."""


def decode(data: bytes) -> str:
    """Decode `data` as text, line breaks settled.

    The first of these that fits: a byte order mark, UTF-16 told by its zero bytes, UTF-8, the encoding that the page
    declares, the encoding that resiliparse's detector guesses, Windows-1252.
    Raises DecodeError where the bytes are no text.

    >>> decode(b"\\xff\\xfea\\x00\\r\\x00\\n\\x00b\\x00")
    'a\\nb'
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return settle(data[len(mark) :].decode(encoding, "replace"))
    for magic, what in _BINARY:
        if data.startswith(magic):
            raise DecodeError(f"is {what}, not text: unpack or convert it first")
    wide = _wide_encoding(data[:_SAMPLE])
    if wide:
        return settle(data.decode(wide, "replace"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_legacy(data)
    else:
        _refuse_binary(data)
    return settle(text)


def settle(text: str) -> str:
    """Make every kind of line break `\\n`, join split surrogate pairs and replace lone ones by U+FFFD.

    >>> settle("a\\r\\nb\\u2028c\\ud83d\\ude00\\ud800")
    'a\\nb\\nc😀\ufffd'
    """
    text = whole(text)
    # Most text has none: looking for each is far faster than the pattern.
    return _BREAKS.sub("\n", text) if any(mark in text for mark in "\r\x0b\x0c\x85\u2028\u2029") else text


def whole(text: str) -> str:
    """Join split surrogate pairs, and replace lone surrogates by U+FFFD: what is left can be encoded."""
    if not text.isascii() and _SURROGATES.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a mark: zero bytes stand nearly always on one side of each pair, and seldom on the other."""
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if odd > 0.4 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.4 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _refuse_binary(data: bytes) -> None:
    sample = data[:_SAMPLE]
    odd = len(_ODD_BYTES.findall(sample))
    if odd > 8 and odd > 0.05 * len(sample):
        raise DecodeError(f"looks binary: {odd} control bytes in its first {len(sample)}")


def _decode_legacy(data: bytes) -> str:
    """Text in an older encoding, or UTF-8 with a few broken bytes."""
    _refuse_binary(data)
    broken = data.decode("utf-8", "replace")
    if broken.count("\ufffd") <= max(3, len(broken) // 1000) and not broken.isascii() and _multibyte(data):
        return broken
    declared = _DECLARED.search(data[:4096])
    for encoding in filter(None, (declared and declared[1].decode("ascii", "ignore"), _guess(data))):
        if _PAGE_ENCODING.match(encoding):
            try:
                return data.decode(encoding, "replace")
            except (LookupError, UnicodeError):
                continue  # a declaration that names no encoding, or a wrong one: the next guess
    return data.decode("cp1252", "replace")


def _multibyte(data: bytes) -> bool:
    """Whether most bytes above ASCII stand in well-formed UTF-8 sequences."""
    high = sum(byte >= 0x80 for byte in data[:_SAMPLE])
    good = len("".join(c for c in data[:_SAMPLE].decode("utf-8", "ignore") if ord(c) >= 0x80).encode())
    return good > 0.9 * high


def _guess(data: bytes) -> str | None:
    """The encoding that pages in letters like these are written in."""
    from resiliparse.parse.encoding import detect_encoding

    guess: str | None = detect_encoding(data, max_len=_SAMPLE, html5_compatible=False, from_html_meta=False)
    if guess in ("cp1250", "iso8859-2") and _FINAL_A_GRAVE.search(data[:_SAMPLE]):
        return "cp1252"
    return _WRITTEN_IN.get(guess or "", guess)
