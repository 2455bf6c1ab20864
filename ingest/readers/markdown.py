"""Markdown (CommonMark with tables) to sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from civic_assistant.errors import DocumentRefused
from ingest.bounds import decode_text
from ingest.documents import ParsedDocument, parsed_document
from ingest.readers.unseen import is_unseen, leaves_unseen_open, unseen_warnings
from ingest.sections import SectionBuilder

_ANCHOR = re.compile(r"\s*\{#([\w.:-]+)\}\s*$")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")
_GAPS = re.compile(r"[\s-]+")
_NO_WORDS = frozenset({"script", "style", "template"})
_PARSER = MarkdownIt("commonmark").enable("table")


def read_markdown(content: bytes, document: str, language: str) -> ParsedDocument:
    """Return the guide in a Markdown file: first ``#`` heading as title, the others as sections.

    A heading's anchor is what ``{#anchor}`` at its end says, otherwise its words joined by
    hyphens. HTML in the text counts for its words only, and not for those that it hides.

    Raises:
        DocumentRefused: Not UTF-8 text, no title, no text, or paragraphs hidden by HTML.
    """
    reading = _Reading(document, language)
    root = SyntaxTreeNode(_PARSER.parse(decode_text(content, document)))
    reading.blocks(root)
    remedy = "Begin the file with a line '# Title of the guide'."
    sections, told = reading.builder.build(), unseen_warnings(_unseen(root))
    return parsed_document(document, reading.title, sections, title_remedy=remedy, warnings=told)


class _Reading:
    """Walks the syntax tree once and tells the builder what it meets."""

    def __init__(self, document: str, language: str) -> None:
        self._document = document
        self.builder = SectionBuilder(language)
        self.title = ""
        self._slugs: dict[str, int] = {}

    def blocks(self, parent: SyntaxTreeNode) -> None:
        for node in parent.children:
            match node.type:
                case "heading":
                    self._heading(node)
                case "paragraph":
                    self.builder.paragraph(_text(node))
                case "bullet_list" | "ordered_list":
                    self._list(node, 0)
                case "table":
                    self._table(node)
                case "code_block" | "fence":
                    self.builder.paragraph(node.content)
                case "html_block":
                    self._html(node.content)
                case "blockquote":
                    self.blocks(node)

    def _html(self, html: str) -> None:
        if leaves_unseen_open(html):
            reason = "it hides paragraphs in an HTML element that is not shown."
            remedy = "Take that element out, and what it hides if citizens are not to read it."
            raise DocumentRefused(self._document, reason, remedy)
        self.builder.paragraph(_words_of_html(html))

    def _heading(self, node: SyntaxTreeNode) -> None:
        words = _text(node)
        named = _ANCHOR.search(words)
        words = words[: named.start()] if named else words
        level = int(node.tag.removeprefix("h"))
        if level == 1 and not self.title:
            self.title = words
            return
        self.builder.heading(level, words, anchor=named.group(1) if named else self._slug(words))

    def _slug(self, words: str) -> str | None:
        slug = _GAPS.sub("-", _NOT_IN_SLUG.sub("", words.lower())).strip("-")
        if not slug:
            return None
        repeated = self._slugs.get(slug, 0)
        self._slugs[slug] = repeated + 1
        return f"{slug}-{repeated}" if repeated else slug

    def _list(self, node: SyntaxTreeNode, level: int) -> None:
        for entry in node.children:
            words: list[str] = []
            for part in entry.children:
                if part.type not in ("bullet_list", "ordered_list"):
                    words.append(_text(part))
                    continue
                self.builder.item(" ".join(words), level)
                words.clear()
                self._list(part, level + 1)
            self.builder.item(" ".join(words), level)

    def _table(self, node: SyntaxTreeNode) -> None:
        for part in node.children:
            for row in part.children:
                cells = [_text(cell) for cell in row.children]
                self.builder.row(cells, header=part.type == "thead")


def _text(node: SyntaxTreeNode) -> str:
    """Return the words of a node, without marks, addresses of links, tags and what they hide."""
    if node.type == "inline" and _has_html(node):
        return _words_of_html("".join(map(_html, node.children)), separator="")
    match node.type:
        case "text" | "code_inline" | "code_block" | "fence":
            return node.content
        case "softbreak" | "hardbreak":
            return " "
        case "html_block":
            return _words_of_html(node.content)
        case "html_inline":
            return ""
        case "image":
            return node.content
    separator = "" if node.type in ("inline", "link", "em", "strong") else " "
    return separator.join(_text(child) for child in node.children)


def _html(node: SyntaxTreeNode) -> str:
    """Return a part of a line as HTML: its own tags as they are, its words escaped."""
    if node.type == "html_inline":
        return node.content
    if node.type in ("em", "strong", "link"):
        return "".join(map(_html, node.children))
    return escape(_text(node))


def _words_of_html(html: str, separator: str = " ") -> str:
    soup = BeautifulSoup(html, "lxml")
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        if tag.name in _NO_WORDS or is_unseen(tag.attrs):
            tag.decompose()
        elif tag.name == "br":
            tag.replace_with(" ")
    return soup.get_text(separator)


def _unseen(root: SyntaxTreeNode) -> Iterator[str]:
    """Yield the words that HTML hides."""
    for node in root.walk():
        if node.type == "html_block":
            html = node.content
        elif node.type == "inline" and _has_html(node):
            html = "".join(map(_html, node.children))
        else:
            continue
        for tag in BeautifulSoup(html, "lxml").find_all(True):
            if is_unseen(tag.attrs):
                yield tag.get_text(" ")


def _has_html(node: SyntaxTreeNode) -> bool:
    return any(child.type == "html_inline" for child in node.walk())
