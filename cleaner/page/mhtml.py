"""Saved pages in MHTML: the part that is the page, found without reading what else was saved."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import HeaderParser

_HEAD = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){1,60}", re.A)
_MOST_HEADERS = 65_536
_MOST_PARTS = 10_000
_NESTED = 3
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def is_mhtml(source: str | bytes) -> bool:
    """Whether a source is a MIME message that holds a saved page.

    >>> is_mhtml('From: <Saved>\\nMIME-Version: 1.0\\nContent-Type: multipart/related; boundary="b"\\n\\n--b\\n'), is_mhtml("<p>")
    (True, False)
    """
    start = source[:8_000].decode("latin-1") if isinstance(source, bytes) else source[:8_000]
    start = start.lstrip("\ufeff\r\n").replace("\r\n", "\n")
    match = _HEAD.match(start)
    return match is not None and "mime-version:" in match[0].lower() and "content-type:" in match[0].lower()


def main_part(data: bytes, depth: int = 0) -> tuple[bytes, str | None] | None:
    """The bytes of the first HTML part and the charset it names; None where there is none."""
    headers, body = _split(data.lstrip(b"\xef\xbb\xbf\r\n"))
    kind = headers.get_content_type()
    if kind in _PAGE_TYPES:
        return _unpacked(headers, body), headers.get_content_charset()
    boundary = headers.get_boundary()
    if not kind.startswith("multipart/") or not boundary or depth > _NESTED:
        return None
    for part in body.split(b"--" + boundary.encode("utf-8", "surrogateescape"), _MOST_PARTS)[1:]:
        if found := main_part(part, depth + 1):
            return found
    return None


def _split(data: bytes) -> tuple[Message, bytes]:
    blank = _BLANK_LINE.search(data, 0, _MOST_HEADERS)
    end = blank.start() if blank else 0
    headers = HeaderParser().parsestr(data[:end].decode("latin-1").replace("\r\n", "\n"))
    return headers, data[blank.end() :] if blank else data


def _unpacked(headers: Message, body: bytes) -> bytes:
    import binascii
    import quopri

    encoding = str(headers.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", body)
            return binascii.a2b_base64(letters[: len(letters) - len(letters) % 4])
    return body
