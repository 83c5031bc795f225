"""What a page says of itself: title, authors, dates and the rest, each with where it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from cleaner.page import visible
from cleaner.page.authors import people, reads_like_person
from cleaner.page.dates import iso_date, path_date
from cleaner.page.linked_data import LinkedData, Object, linked_data, texts, types
from cleaner.page.meta_tags import links, meta_tags
from cleaner.page.near_title import Piece, around_title, dates_said, named_people
from cleaner.page.text import key, one_line, shown
from cleaner.page.title import MAX_TITLE, Heading, choose_title, shortened
from cleaner.page.tree import Node, select, select_one

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

    from cleaner.page.parse import Parsed

MAX_TAGS = 40
_PIECES = (
    "Article", "Posting", "Report", "Review", "Recipe", "WebPage", "CreativeWork", "Product", "VideoObject", "Event", "Course", "Page",
    "Book", "Question", "HowTo",
)  # fmt: skip
"""Types of JSON-LD that a page can be about, by their last word."""
_WORKS = ("Article", "Posting", "Report", "Review", "Recipe", "CreativeWork", "HowTo")


_AUTHOR_TAGS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "citation_author", "parsely-author", "sailthru.author", "byl",
    "creator", "og:article:author", "og:author", "article:author_name", "cxenseparse:author",
)  # fmt: skip
_DATE_TAGS = (
    "article:published_time", "og:article:published_time", "datepublished", "og:published_time", "parsely-pub-date",
    "citation_publication_date", "citation_date", "citation_online_date", "sailthru.date", "dc.date.issued", "dc.date.created",
    "dcterms.created", "dc.date", "dcterms.date", "pubdate", "publishdate", "publish-date", "publication_date", "published_time",
    "cxenseparse:recs:publishtime", "article.published", "date", "creation_date", "article:published", "published", "datecreated",
    "shareaholic:article_published_time",
)  # fmt: skip
"""Meta tags that hold the date of publication, the most trusted first."""
_PERSON = " (Person)"
_ORGANISATION = " (Organization)"


class Found(NamedTuple):
    """A value for a field of `cleaner.document.Metadata`, and where the page has it: "JSON-LD NewsArticle.headline", "h1"."""

    field: str
    value: str
    source: str


def page_metadata(parsed: Parsed, url: str | None = None) -> tuple[Found, ...]:
    """What a page says of itself, the most trusted first in each field; one value for an author or a tag.

    url  where the page came from, if known

    >>> from cleaner.page import read_page
    >>> page = read_page('<title>Bridge opens</title><meta name=author content="Ana Lind"><h1>Bridge opens</h1>')
    >>> page_metadata(page)
    (Found(field='title', value='Bridge opens', source='h1'), Found(field='author', value='Ana Lind', source='meta author'))
    """
    page = _Page(parsed.tree, url)
    found: dict[tuple[str, str], Found] = {}
    for field, values in (
        ("title", page.titles()),
        ("author", page.authors()),
        ("date", page.dates()),
        ("modified", page.modified()),
        ("sitename", page.sitenames()),
        ("url", page.addresses()),
        ("language", page.languages()),
        ("tags", page.tags()),
        ("description", page.descriptions()),
        ("license", page.licenses()),
    ):
        for value, source in values:
            if value:
                found.setdefault((field, value), Found(field, value, source))
    return tuple(found.values())


Values = Iterator[tuple[str, str]]
"""Values and where each stands."""


class _Page:
    """A page's evidence, gathered once."""

    def __init__(self, tree: HTMLTree, url: str | None) -> None:
        self.tree = tree
        self.url = url or ""

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        return meta_tags(self.tree)

    @cached_property
    def linked(self) -> LinkedData:
        return linked_data(self.tree)

    @cached_property
    def works(self) -> list[tuple[str, Object]]:
        """The objects of JSON-LD that are the page's article, the likeliest first, with their types."""
        ranked = []
        for place, item in enumerate(self.linked.objects):
            kind = next((name for name in types(item) if name.endswith(_PIECES)), "")
            if kind:
                ranked.append(((not kind.endswith(_WORKS), not (item.get("headline") or item.get("author")), place), kind, item))
        return [(kind, item) for _, kind, item in sorted(ranked, key=lambda one: one[0])][:12]

    def first(self, *names: str) -> Values:
        for name in names:
            for value in self.meta.get(name, ()):
                yield value, f"meta {name}"

    @cached_property
    def sites(self) -> list[str]:
        """What the site is called: names that it states, and its host's."""
        named = [value for value, _ in self.sitenames()]
        host = (urlsplit(self.url or next((value for value, _ in self.addresses()), "")).hostname or "").removeprefix("www.")
        parts = host.split(".")
        # "lakeside.co.uk": what stands before the endings, and the whole.
        return [*named, host, *(part for part in parts[:-1] if len(part) > 3)]

    @cached_property
    def site_keys(self) -> frozenset[str]:
        return frozenset(filter(None, map(key, self.sites)))

    @cached_property
    def language(self) -> str | None:
        return next((value.split("-")[0].lower() for value, _ in self.languages()), None)

    @cached_property
    def heading(self) -> Node | None:
        """The heading that is the page's title, or the first."""
        title = next((key(value) for value, _ in self.titles()), "")
        nodes = [(node, key(text)) for node, text in visible.headings(self.tree)]
        return next((node for node, name in nodes if name == title), nodes[0][0] if nodes else None)

    @cached_property
    def around(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        return around_title(self.tree, self.heading)

    @cached_property
    def shown_dates(self) -> list[tuple[str, bool]]:
        """The dates that stand by the title, and whether each is one of modification: those behind it first."""
        before, behind = self.around
        return [*dates_said(behind, self.language), *dates_said(before[::-1], self.language)]

    def titles(self) -> Values:
        stated = [Heading(one_line(item.get("headline"), MAX_TITLE), f"JSON-LD {kind}.headline") for kind, item in self.works[:4]]
        stated += [
            Heading(one_line(value, MAX_TITLE), source)
            for value, source in self.first("og:title", "twitter:title", "dc.title", "citation_title")
        ]
        head = shown(self.tree.title, MAX_TITLE)
        stated.append(Heading(head, "title without the site's suffix"))
        headings = [Heading(text[:MAX_TITLE], "h1") for _, text in visible.headings(self.tree)]
        seen: set[str] = set()
        for value, source in choose_title(headings, [one for one in stated if one.text], self.sites):
            title = shortened(value) if not seen and not headings else value
            if key(title) not in seen:
                seen.add(key(title))
                yield title, source
        for kind, item in self.works[:4]:
            yield one_line(item.get("name"), MAX_TITLE), f"JSON-LD {kind}.name"

    def authors(self) -> Values:
        """People of the first source that names any; where none does, the first source's organisation or nickname."""
        spare: list[tuple[str, str]] = []
        for value, source in self._bylines():
            names = [name for name in people(value) if key(name) not in self.organisations]
            # A first name alone is trusted where the page states it as its author.
            stated = source.startswith("meta")
            persons = [
                name
                for name in names
                if source.endswith(_PERSON) or reads_like_person(name) or (stated and name.istitle() and name.isalpha())
            ]
            if persons and not source.endswith(_ORGANISATION):
                yield from ((name, source) for name in persons)
                return
            if not spare and source.startswith(("JSON-LD", "meta", "byline", "link")):
                spare = [(name, source) for name in people(value) if len(name) <= 40]
        yield from spare[:3]

    @cached_property
    def organisations(self) -> frozenset[str]:
        """Keys of the site's names, and of what the page calls an organisation."""
        named = {
            key(one_line(item.get("name"), 200))
            for item in self.linked.objects[:500]
            if any("Organization" in kind for kind in types(item))
        }
        persons = {key(one_line(item.get("name"), 200)) for item in self.linked.objects[:500] if "Person" in types(item)}
        return (self.site_keys | named) - persons

    def _bylines(self) -> Values:
        for kind, item in self.works:
            for name in ("author", "creator"):
                for group, mark in zip(self._people_of(item.get(name)), (_PERSON, "", _ORGANISATION), strict=True):
                    if group:
                        yield "; ".join(group), f"JSON-LD {kind}.{name}{mark}"
        for name in _AUTHOR_TAGS:
            if values := self.meta.get(name):
                yield "; ".join(values[:30]), f"meta {name}"
        for number in ("1", "2"):
            for value in self.meta.get(f"twitter:data{number}", ()):
                if reads_like_person(value):
                    yield value, f"meta twitter:data{number}"
        before, behind = self.around
        yield from named_people(behind, self.site_keys)
        yield from named_people(before[:8][::-1], self.site_keys)
        for _, text in visible.bylines(self.tree):
            if key(text) not in self.site_keys:
                yield text, "byline"

    def _people_of(self, value: object) -> tuple[list[str], list[str], list[str]]:
        """The names of an author field: of those it calls people, of others, of organisations."""
        persons, others, organisations = list[str](), list[str](), list[str]()
        for item in (value if isinstance(value, list) else [value])[:30]:
            whole = self.linked.resolved(item)
            kinds = types(whole) if isinstance(whole, dict) else ()
            group = persons if "Person" in kinds else organisations if any("Organization" in kind for kind in kinds) else others
            group += [name for text in texts(whole) if (name := one_line(text, 200)) and not name.startswith(("http://", "https://"))]
        return persons, others, organisations

    def dates(self) -> Values:
        """Of publication; where the page gives none, of its last change."""
        for value, source in self._published():
            if iso := iso_date(one_line(value, 120), self.language):
                yield iso, source
        yield from ((value, f"{source}, for want of a date of publication") for value, source in self.modified())

    def _published(self) -> Values:
        for kind, item in self.works:
            for name in ("datePublished", "dateCreated", "uploadDate"):
                yield one_line(item.get(name), 120), f"JSON-LD {kind}.{name}"
        yield from self.first(*_DATE_TAGS)
        for node in select(self.tree, '[itemprop="datePublished"]', 3):
            yield node.getattr("datetime") or node.getattr("content") or node.text or "", "microdata datePublished"
        for name, values in self.meta.items():
            if "publi" in name and ("date" in name or "time" in name):
                yield from ((value, f"meta {name}") for value in values)
        if path := path_date(self.url):
            yield path, "the address"
        yield from ((value, "date by the title") for value, changed in self.shown_dates if not changed)
        for node in visible.times(self.tree):
            yield node.getattr("datetime") or node.text or "", "time"
        for line in visible.date_lines(self.tree):
            yield line, "dateline"

    def modified(self) -> Values:
        values = [(one_line(item.get("dateModified"), 120), f"JSON-LD {kind}.dateModified") for kind, item in self.works]
        values += self.first("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod", "last-modified")
        for value, source in values:
            if iso := iso_date(value, self.language):
                yield iso, source
        yield from ((value, "date by the title") for value, changed in self.shown_dates if changed)

    def sitenames(self) -> Values:
        for value, source in self.first("og:site_name", "application-name", "twitter:app:name:iphone", "apple-mobile-web-app-title"):
            yield one_line(value, 100), source
        for item in self.linked.objects[:200]:
            if "WebSite" in types(item):
                yield one_line(item.get("name"), 100), "JSON-LD WebSite.name"
        for kind, item in self.works:
            for name in texts(self.linked.resolved(item.get("publisher"))):
                if not name.startswith("http"):
                    yield one_line(name, 100), f"JSON-LD {kind}.publisher"

    def addresses(self) -> Values:
        values = [(value, "link canonical") for value in links(self.tree, "canonical")] + list(self.first("og:url"))
        for value, source in values:
            address = urljoin(self.url, one_line(value, 2_000)) if self.url else one_line(value, 2_000)
            if address.startswith(("http://", "https://")) and " " not in address:
                yield address, source

    def languages(self) -> Values:
        root = select_one(self.tree, "html")
        stated = [(root.getattr("lang") or root.getattr("xml:lang") or "", "html lang")] if root else []
        stated += [(one_line(item.get("inLanguage"), 40), f"JSON-LD {kind}.inLanguage") for kind, item in self.works]
        stated += [*self.first("content-language", "og:locale", "dc.language", "language")]
        for value, source in stated:
            code = one_line(value, 40).replace("_", "-").split(",")[0].strip()
            if 2 <= len(code) <= 15 and code.split("-")[0].isalpha() and len(code.split("-")[0]) <= 3 and code.isascii():
                yield code, source

    def tags(self) -> Values:
        count = 0
        for value, source in (*self.first("article:tag"), *self._keywords()):
            for tag in value.split(",") if source != "meta article:tag" else [value]:
                if (text := one_line(tag, 80)) and count < MAX_TAGS:
                    count += 1
                    yield text, source

    def _keywords(self) -> Values:
        for kind, item in self.works:
            yield from ((text, f"JSON-LD {kind}.keywords") for text in texts(item.get("keywords"), MAX_TAGS))
        yield from self.first("news_keywords", "keywords", "parsely-tags", "citation_keywords")

    def descriptions(self) -> Values:
        for value, source in self.first("description", "og:description", "twitter:description", "dc.description"):
            yield one_line(value), source
        for kind, item in self.works:
            yield one_line(item.get("description")), f"JSON-LD {kind}.description"

    def licenses(self) -> Values:
        for value in links(self.tree, "license"):
            yield one_line(value, 300), "link license"
        for node in select(self.tree, 'a[rel~="license"]', 3):
            yield one_line(node.getattr("href"), 300), "a license"
        for kind, item in self.works:
            yield next((one_line(text, 300) for text in texts(item.get("license"))), ""), f"JSON-LD {kind}.license"
