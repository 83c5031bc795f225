"""Before the parser: what would cost it more than linear time is cut, and said.

The parser (lexbor) follows the HTML standard, which is quadratic in places: attributes of one tag are compared with each other,
an end tag looks for its start through all open elements, formatting elements left open are opened again in every block,
each option of a list is compared with those before it. Tags go where there are too many of them; text never does.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from cleaner.page.tokens import FIRST_ATTRIBUTES, RAW, Token, tag_name, tokens

MAX_HTML = 20_000_000
"""Pages longer than this are cut there, and the result says so, in characters."""
MAX_DEPTH = 512
"""As in browsers: elements nested deeper stand beside each other."""
MAX_TAGS = 250_000
"""From here on tags are read as breaks between pieces of text."""
MAX_ATTRIBUTES = 1_500_000
"""From here on tags lose their attributes."""
MAX_FORMATTING = 12
"""So many formatting elements may stand open in a page of very many tags: every block opens them again."""
MAX_OPTIONS = 2_000
"""So many options may a list have."""

_LONG_TAG = 1_000
_CUT_TAG = "a tag with absurdly many attributes was cut to its first ones"
_FEW_TAGS = 10_000
_FEW_LEFT_OPEN = 60
_SMALL_PAGE = 2_000_000
_DATA_URI = re.compile(r"""data:[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}[;,][^"'\s<>)]{4000,}+""", re.I)
_FORMATTING = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_FORMAT_TAG = re.compile(rf"<(/?)(?:{'|'.join(sorted(_FORMATTING))})(?=[\s/>])", re.I)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "frame",
        "keygen",
        "basefont",
        "bgsound",
    ]
)
_BARRIERS = frozenset(
    ["td", "th", "caption", "table", "template", "object", "marquee", "applet", "button", "select", "foreignobject", "desc"]
)
_TABLE_PARTS = frozenset(["table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup"])
_INLINE = _FORMATTING | frozenset(
    ["span", "abbr", "acronym", "bdi", "bdo", "cite", "del", "dfn", "ins", "kbd", "label", "mark", "q", "samp", "sub", "sup", "var", "time"]
)
_BESIDE = {
    **dict.fromkeys(("dd", "dt"), frozenset({"dd", "dt"})),
    **dict.fromkeys(("td", "th"), frozenset({"td", "th"})),
    **{name: frozenset({name}) for name in ("li", "option", "tr", "p", "a", "button", "nobr")},
    **dict.fromkeys(("rb", "rt", "rp", "rtc"), frozenset({"rb", "rt", "rp", "rtc"})),
}
"""Start tags that end an element of these names that stands open right above them."""
_LOOK_BACK = 4
_HEAD_TAG = re.compile(r"<(?:meta|link|script|style|body|/head)[\s/>]", re.I)
_UNSEEN = re.compile(r"<(script|style)\b[^<]*+(?:<(?!/\1)[^<]*+)*+", re.I)
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}+>")


class Tamed(NamedTuple):
    """HTML that takes the parser linear time, and what was cut, in words."""

    html: str
    notes: tuple[str, ...]


def tame(html: str) -> Tamed:
    """Make a page harmless to the parser without losing its text."""
    if "data:" in html:
        html = _DATA_URI.sub("data:,", html)
    notes = []
    if len(html) > MAX_HTML:
        notes.append(f"the page has {len(html)} characters and was cut at {MAX_HTML}")
        html = html[:MAX_HTML]
    html = html.replace("\0", "")
    if "<![CDATA[" in html:
        html = html.replace("<![CDATA[", "").replace("]]>", "")
    if len(html) <= _SMALL_PAGE and html.count("<") <= _FEW_TAGS and _left_open(html) <= _FEW_LEFT_OPEN:
        html, more = _tame_small(html)
    else:
        html, more = _Tamer(html).run()
    return Tamed(html, (*notes, *more))


def _left_open(html: str) -> int:
    ends = _FORMAT_TAG.findall(html)
    return len(ends) - 2 * ends.count("/")


def _tame_small(html: str) -> tuple[str, list[str]]:
    """A page of few tags: only single tags can hurt."""
    pieces: list[str] = []
    notes: dict[str, None] = {}
    at = 0
    xml = html[:200].lstrip("\ufeff \t\r\n").startswith("<?xml")
    for token in tokens(html):
        if token.kind in ("start", "end", "other") and token.end - token.start <= _LONG_TAG and html[token.end - 1] == ">":
            continue
        replacement, note = _single(html, token, xml)
        if note:
            notes[note] = None
        if replacement is not None:
            pieces += html[at : token.start], replacement[0]
            at = replacement[1]
    return ("".join((*pieces, html[at:])) if pieces else html), list(notes)


def _single(html: str, token: Token, xml: bool) -> tuple[tuple[str, int] | None, str]:
    """What stands instead of a token, and up to where, where it cannot stay as it is; and what to say of it."""
    tag = html[token.start : token.end]
    if token.kind == "unended":
        return ("", token.end), "a comment that never ends was read as text"
    if token.kind != "comment" and not tag.endswith(">"):
        return None, f"a tag that never ends hides the last {len(tag)} characters of the page"
    if token.kind == "raw" and (instead := _raw(html, token, xml)) != (None, ""):
        return instead
    if len(tag) > _LONG_TAG and token.kind in ("start", "raw", "end"):
        short, cut = _few_attributes(tag)
        return ((short, token.end), _CUT_TAG) if cut else (None, "")
    return None, ""


def _raw(html: str, token: Token, xml: bool) -> tuple[tuple[str, int] | None, str]:
    """The same for an element whose content is text: one that XML ends in its own tag, and one that never ends."""
    tag, name = html[token.start : token.end], tag_name(html, token.start)
    if xml and tag.endswith("/>"):
        return (f"{_few_attributes(tag[:-2] + '>')[0]}</{name}>", token.end), ""
    if name == "title" and (token.stop >= len(html) or _HEAD_TAG.search(html, token.end, token.stop)):
        # A title without an end would hide the head, up to that of a drawing in the page.
        title = _until_tag(html, token.end)
        return (f"<title>{title}</title>", token.end + len(title)), ""
    if token.stop < len(html):
        return None, ""
    if name != "textarea" and html[token.end :].strip():
        return None, f"a <{name}> that never ends hides the last {len(html) - token.end} characters of the page"
    return None, ""


def _until_tag(html: str, start: int) -> str:
    end = html.find("<", start)
    return html[start : end if end >= 0 else len(html)]


def _few_attributes(tag: str) -> tuple[str, bool]:
    """A tag with at most a hundred attributes, and whether it had more."""
    if tag.startswith("</"):
        return f"</{tag_name(tag, 0)}>", False
    first = FIRST_ATTRIBUTES.match(tag)
    if first is None or not tag[first.end() :].strip(" \t\n\f\r/>"):
        return tag, False
    return f"{first[0]}>", True


class _Tamer:
    """A page of very many tags: keeps count of what is open, roughly as the parser will, and leaves out tags past the limits."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.pieces: list[str] = []
        self.notes: dict[str, None] = {}
        self.open: list[str] = []
        self.scopes: list[tuple[int, Counter[str]]] = [(0, Counter())]
        self.too_deep: Counter[str] = Counter()
        self.formatting: Counter[str] = Counter()
        self.left_open = self.tags = self.attributes = self.options = 0
        self.roots: set[str] = set()

    def run(self) -> tuple[str, list[str]]:
        html, at = self.html, 0
        xml = html[:200].lstrip("\ufeff \t\r\n").startswith("<?xml")
        for token in tokens(html):
            self.tags += 1
            if self.tags > MAX_TAGS:
                self.notes[f"the page has more than {MAX_TAGS} tags: those behind them were read as line breaks"] = None
                self.pieces += html[at : token.start], _without_tags(html, token.start)
                return "".join(self.pieces), list(self.notes)
            if token.kind == "start":
                instead = self._start(token)
            elif token.kind == "end":
                instead = self._end(token)
            else:
                replacement, note = _single(html, token, xml)
                if note:
                    self.notes[note] = None
                if replacement:
                    self.pieces += html[at : token.start], replacement[0]
                    at = replacement[1]
                continue
            if instead is not None:
                self.pieces += html[at : token.start], instead
                at = token.end
        return "".join((*self.pieces, html[at:])), list(self.notes)

    def _start(self, token: Token) -> str | None:
        name = tag_name(self.html, token.start)
        if name in ("html", "body", "head"):
            if name in self.roots:
                return ""
            self.roots.add(name)
        if name == "option":
            self.options += 1
            if self.options > MAX_OPTIONS:
                self.notes[f"a list with more than {MAX_OPTIONS} options was cut to its text"] = None
                return "\n"
        elif name in ("select", "datalist"):
            self.options = 0
        if name not in _VOID:
            self._close_beside(name)
            if not self._may_open(name):
                return "" if name in _INLINE else "<br>"
        return self._attributes(token)

    def _attributes(self, token: Token) -> str | None:
        if token.end - token.start < 8:
            return None
        tag = self.html[token.start : token.end]
        instead: str | None = None
        if len(tag) > _LONG_TAG:
            if not tag.endswith(">"):
                self.notes[f"a tag that never ends hides the last {len(tag)} characters of the page"] = None
            short, cut = _few_attributes(tag)
            if cut:
                self.notes[_CUT_TAG] = None
                tag = instead = short
        parted = sum(map(tag.count, " \n\t\f/"))
        self.attributes += min(max(parted, (tag.count('"') + tag.count("'")) // 2), 101)
        if self.attributes > MAX_ATTRIBUTES:
            self.notes["the page has absurdly many attributes: later ones were left out"] = None
            return f"<{tag_name(tag, 0)}>"
        return instead

    def _may_open(self, name: str) -> bool:
        if name in _FORMATTING:
            if self.left_open >= MAX_FORMATTING:
                self.notes[f"more than {MAX_FORMATTING} formatting elements stand open: later ones were left out"] = None
                self.too_deep[name] += 1
                return False
            self.formatting[name] += 1
            self.left_open += 1
        if len(self.open) >= MAX_DEPTH:
            self.notes[f"elements nested deeper than {MAX_DEPTH} stand beside each other"] = None
            self.too_deep[name] += 1
            return False
        self.open.append(name)
        if name in _BARRIERS:
            self.scopes.append((len(self.open), Counter({name: 1})))
        else:
            self.scopes[-1][1][name] += 1
        return True

    def _close_beside(self, name: str) -> None:
        """Elements that this start tag ends: a list item the one before it, a block the paragraph above it."""
        beside = _BESIDE.get(name)
        if beside:
            for back in range(1, min(_LOOK_BACK, len(self.open)) + 1):
                if self.open[-back] in beside:
                    self._forget_formatting(name)
                    self._pop(back)
                    return
                if self.open[-back] in _BARRIERS or self.open[-back] in ("ul", "ol", "dl"):
                    break
        if self.open and self.open[-1] == "p" and name not in _INLINE:
            self._pop(1)

    def _forget_formatting(self, name: str) -> None:
        if self.formatting[name]:
            self.formatting[name] -= 1
            self.left_open -= 1

    def _end(self, token: Token) -> str | None:
        name = tag_name(self.html, token.start)
        if name in RAW:
            return None
        if self.too_deep[name]:
            self.too_deep[name] -= 1
            return "" if name in _INLINE else "<br>"
        self._forget_formatting(name)
        if name in ("p", "br"):
            return None if name == "br" or self._pop_to(name) else "<br>"
        if name in ("html", "body", "head", "option", "optgroup", "form"):
            self._pop_to(name)
            return None
        return None if self._pop_to(name) else ""

    def _pop_to(self, name: str) -> bool:
        """Whether an element of this name is open where its end tag is heard; it and what stands in it are then closed."""
        if not self.scopes[-1][1][name] and not self._reach(name):
            return False
        while self.open:
            last = self.open[-1]
            self._pop(1)
            if last == name:
                return True
        return False

    def _reach(self, name: str) -> bool:
        """Whether a part of a table is open in this table's outer scopes."""
        if name not in _TABLE_PARTS:
            return False
        for _, names in reversed(self.scopes[-4:]):
            if names[name]:
                return True
            if names["table"]:
                return False
        return False

    def _pop(self, count: int) -> None:
        for _ in range(count):
            depth, names = self.scopes[-1]
            last = self.open.pop()
            if depth == len(self.open) + 1 and last in _BARRIERS:
                self.scopes.pop()
            else:
                names[last] -= 1


def _without_tags(html: str, start: int) -> str:
    """The rest of a page, its tags read as line breaks and what scripts hold left out."""
    rest = html[start:]
    if "<s" in rest or "<S" in rest:
        rest = _UNSEEN.sub("", rest)
    return _ANY_TAG.sub("\n", rest)
