"""A page's source to a tree, whatever the source is: HTML5 by lexbor, saved pages unpacked, what was cut or cannot be read said."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, NamedTuple

from cleaner.decode import decode, settle
from cleaner.page.mhtml import is_mhtml, main_part
from cleaner.page.shell import shell_note
from cleaner.page.tame import MAX_HTML, tame
from cleaner.page.tree import select, select_one

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

__all__ = ["MAX_HTML", "Parsed", "read_page"]


class Parsed(NamedTuple):
    """A page, parsed.

    tree   lexbor's tree, with scripts and comments
    html   what was parsed: the source, unpacked and bounded
    notes  caps and fall-backs in words, for `Result.review`
    """

    tree: HTMLTree
    html: str
    notes: tuple[str, ...]


def read_page(source: str | bytes) -> Parsed:
    """Parse a page: HTML, XHTML, a feed, or a saved page (MHTML), in time and memory linear in its length.

    Bytes are decoded first, and DecodeError raised where they are no text.

    >>> page = read_page("<title>Bridge</title><p>It opens today.")
    >>> page.tree.title, page.notes
    ('Bridge', ())
    """
    from resiliparse.parse.html import HTMLTree

    text, notes = _text(source)
    html, more = tame(text)
    tree = HTMLTree.parse(html)
    said = (*notes, *more, *_missing(tree, html))
    return Parsed(tree, html, said)


def _text(source: str | bytes) -> tuple[str, tuple[str, ...]]:
    if is_mhtml(source):
        data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
        part = main_part(data)
        if part is None:
            return "", ("the saved page (MHTML) holds no HTML",)
        return _decoded(*part), ()
    return (_decoded(source) if isinstance(source, bytes) else settle(source)), ()


def _decoded(data: bytes, charset: str | None = None) -> str:
    """Text; where a few bytes of UTF-8 are broken, what Windows-1252 has for them."""
    if charset and not _is_utf8(data):
        try:
            if charset.lower().replace("_", "-") not in ("utf-8", "utf8") and codecs.lookup(charset)._is_text_encoding:
                return settle(data.decode(charset, "replace"))
        except (LookupError, UnicodeError):
            pass  # a charset that nobody knows: what the bytes themselves say
    text = decode(data)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in data and text == settle(data.decode("utf-8", "replace")):
        return settle(data.decode("utf-8", "cleaner.cp1252"))
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_cp1252(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("cleaner.cp1252", _as_cp1252)


def _missing(tree: HTMLTree, html: str) -> tuple[str, ...]:
    """What a reader would see that is not in the page."""
    if select_one(tree, "frameset"):
        frames = select(tree, "frame")
        return (f"the page is a frame set: its text is in the {len(frames)} pages that it frames",)
    note = shell_note(tree, html)
    return (note,) if note else ()
