"""MHTML: a page saved with its pictures as one mail message; its main part is the document."""

from __future__ import annotations

import codecs
import email
import re
from email.message import Message

from cleaner.io.files import InputError
from cleaner.io.records import Record
from cleaner.io.streams import Source, read_whole

_MAX_LINES = 1_000_000
_MAX_MULTIPARTS = 20
"""The parser looks at each line once for every part that it lies in."""

_MULTIPART = re.compile(rb"[\r\n]content-type:\s{0,20}multipart/", re.I)
_OLDER = ("iso8859", "cp12", "cp93", "cp94", "cp95", "koi8", "gb", "big5", "euc", "shift_jis", "iso2022", "utf-16", "mac")
"""How Python's names of the encodings begin that pages are written in; it knows others that a hostile page may name."""


def read_mhtml(source: Source) -> Record | InputError:
    """The page that a saved one shows, with the address that it was saved from."""
    data = read_whole(source)
    if isinstance(data, InputError):
        return data
    if data.count(b"\n") + data.count(b"\r") > _MAX_LINES or len(_MULTIPART.findall(data)) > _MAX_MULTIPARTS:
        return source.error("has too many lines or parts for a saved page: save it again as HTML")
    try:
        message = email.message_from_bytes(data)
        part = _main_part(message)
        content = part.get_payload(decode=True) if part else None
    except (ValueError, LookupError, RecursionError, TypeError) as error:
        return source.error(f"is no MHTML that can be read ({str(error).splitlines()[:1]}): save it again as HTML")
    if part is None or not isinstance(content, bytes):
        return source.error("holds no part that is HTML or text: save the page again")
    kind = "html" if part.get_content_type() != "text/plain" else "text"
    if source.options.kind != "auto":
        kind = source.options.kind
    return Record(source.place.told, source.place.name, _decoded(content, part), kind, _address(message, part), source.metadata)


def _main_part(message: Message) -> Message | None:
    """The first part that is HTML, else the first that is plain text: the page comes before its frames."""
    parts = list(message.walk())
    for types in (("text/html", "application/xhtml+xml"), ("text/plain",)):
        for part in parts:
            if part.get_content_type() in types and not part.is_multipart():
                return part
    return None


def _decoded(content: bytes, part: Message) -> bytes | str:
    """The part's text where its headers say that it is written in an older encoding, else its bytes, which tell for themselves."""
    try:
        encoding = codecs.lookup(part.get_content_charset("utf-8")).name
    except LookupError:
        return content
    return content.decode(encoding, "replace") if encoding.startswith(_OLDER) else content


def _address(message: Message, part: Message) -> str | None:
    for header in (message.get("Snapshot-Content-Location"), part.get("Content-Location")):
        address = str(header or "").strip()
        if re.match(r"https?://\S+$", address) and len(address) < 8192:
            return address
    return None
