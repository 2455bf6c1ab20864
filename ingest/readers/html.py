"""A page of the town's site to sections: what stands in its main part, without the furniture."""

from __future__ import annotations

import re
import warnings

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString

from civic_assistant.errors import DocumentRefused
from ingest.bounds import decode_text
from ingest.documents import ParsedDocument, parsed_document
from ingest.readers.html_table import table_rows
from ingest.readers.unseen import is_unseen, unseen_warnings
from ingest.sections import SectionBuilder

_FURNITURE = (
    *("nav", "header", "footer", "aside", "form", "dialog", "menu", "script", "style"),
    *("template", "noscript", "iframe", "object", "svg", "canvas", "video", "audio", "button"),
)
_FURNITURE_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"}
)
_BANNER = re.compile(
    r"cookie|consent|breadcrumb|fil-ariane|skip-?link|sr-only|visually-hidden", re.I
)
_NESTED_TAGS = 150
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset(
    {
        *_HEADINGS,
        *("p", "ul", "ol", "dl", "table", "div", "section", "article", "main", "blockquote", "pre"),
        *("figure", "figcaption", "details", "summary", "address", "hr", "header", "fieldset"),
    }
)


def read_html(content: bytes, document: str, language: str) -> ParsedDocument:
    """Return the guide in an HTML page: ``<main>``, else ``<article>``, else the whole body.

    Menus, banners, forms, scripts and whatever is hidden are left out. The title is the first
    ``<h1>``, else the page's ``<title>``. Anchors are the ids on headings or on their sections.

    Raises:
        DocumentRefused: Not UTF-8 text, no title, no text, or nested beyond measure.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        page = BeautifulSoup(decode_text(content, document), "lxml")
    reading = _Reading(language)
    if _is_nested_beyond(page, _NESTED_TAGS):
        reason = f"its tags are nested more than {_NESTED_TAGS} deep."
        raise DocumentRefused(document, reason, "Save the page again with simpler markup.")
    main = page.find("main") or page.find(role="main") or page.find("article") or page.body or page
    unseen = _drop_furniture(main)
    heading = main.find("h1")
    if heading is not None:
        title = heading.get_text(" ")
        heading.decompose()
    else:
        title = page.title.get_text(" ") if page.title else ""
    reading.children(main)
    remedy = "Give the page an <h1> inside <main>."
    told = (*_warnings(page, language), *unseen_warnings(unseen))
    sections = reading.builder.build()
    return parsed_document(document, title, sections, title_remedy=remedy, warnings=told)


def _is_nested_beyond(page: Tag, depth: int) -> bool:
    """Whether some tag lies deeper than that, which only broken or hostile pages do."""
    level = [page]
    for _ in range(depth):
        level = [child for tag in level for child in tag.children if isinstance(child, Tag)]
        if not level:
            return False
    return True


def _drop_furniture(main: Tag) -> list[str]:
    """Remove what is not the guide, and return the words of it that are hidden.

    A header that holds a heading is part of the guide.
    """
    unseen: list[str] = []
    for tag in main.find_all(True):
        if tag.decomposed:
            continue
        role = str(tag.get("role", ""))
        names = " ".join(str(name) for name in [*tag.get_attribute_list("class"), tag.get("id")])
        heads = tag.name == "header" and tag.find(_HEADINGS) is not None
        if (
            (tag.name in _FURNITURE and not heads)
            or role in _FURNITURE_ROLES
            or _BANNER.search(names)
        ):
            tag.decompose()
        elif is_unseen(tag.attrs):
            unseen.append(tag.get_text(" "))
            tag.decompose()
    return unseen


def _warnings(page: BeautifulSoup, language: str) -> tuple[str, ...]:
    declared = str(page.html.get("lang", "")).split("-")[0].lower() if page.html else ""
    if declared and declared != language:
        return (f"The page says lang={declared!r} and its file name says {language!r}.",)
    return ()


class _Reading:
    """Walks the main part once and tells the builder what it meets."""

    def __init__(self, language: str) -> None:
        self.builder = SectionBuilder(language)

    def children(self, parent: Tag) -> None:
        """Read the blocks of an element; words that stand between them are paragraphs."""
        words: list[str] = []
        for child in parent.children:
            if isinstance(child, Tag) and (child.name in _BLOCKS or child.find(_BLOCKS)):
                self.builder.paragraph("".join(words))
                words.clear()
                self._block(child)
            else:
                words.append(_words(child))
        self.builder.paragraph("".join(words))

    def _block(self, tag: Tag) -> None:
        match tag.name:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                situation = "situation" in tag.get_attribute_list("class")
                level, anchor = int(tag.name[1]), _anchor(tag)
                self.builder.heading(level, _words(tag), anchor=anchor, situation=situation)
            case "ul" | "ol":
                self._list(tag, 0)
            case "dl":
                self._definitions(tag)
            case "table":
                self._table(tag)
            case _:
                self.children(tag)

    def _list(self, tag: Tag, level: int) -> None:
        for entry in tag.find_all("li", recursive=False):
            words: list[str] = []
            for part in entry.children:
                if isinstance(part, Tag) and part.name in ("ul", "ol"):
                    self.builder.item("".join(words), level)
                    words.clear()
                    self._list(part, level + 1)
                else:
                    words.append(_words(part))
            self.builder.item("".join(words), level)

    def _definitions(self, tag: Tag) -> None:
        terms: list[str] = []
        for part in tag.find_all(["dt", "dd"]):
            if part.name == "dd":
                self.builder.row([" / ".join(terms), _words(part)])
                terms.clear()
            else:
                terms.append(_words(part))

    def _table(self, tag: Tag) -> None:
        caption = tag.find("caption", recursive=False)
        if caption is not None:
            self.builder.paragraph(_words(caption))
        if tag.find("table") is not None or tag.get("role") == "presentation":
            for cell in tag.find_all(["td", "th"]):
                if cell.find_parent("table") is tag:
                    self.children(cell)
            return
        for cells, header in table_rows(tag, _words):
            self.builder.row(cells, header=header)


def _words(node: object) -> str:
    """Return the words of an element; blocks and line breaks in it become spaces."""
    if isinstance(node, PreformattedString):  # comments, declarations
        return ""
    if isinstance(node, NavigableString):
        return str(node)
    if not isinstance(node, Tag):
        return ""
    if node.name == "br":
        return " "
    inner = "".join(_words(child) for child in node.children)
    return f" {inner} " if node.name in _BLOCKS or node.name in ("li", "dt", "dd") else inner


def _anchor(heading: Tag) -> str | None:
    """Return the heading's id, that of an anchor in it, or that of the section it opens."""
    inner = heading.find(id=True)
    if own := heading.get("id") or (inner.get("id") if inner else None):
        return str(own)
    parent = heading.parent
    if parent is not None and parent.name in ("section", "article", "div") and parent.get("id"):
        first = parent.find(_HEADINGS)
        return str(parent["id"]) if first is heading else None
    return None
