"""The neutral tree of a sheet, whether it came as XML or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import orjson
from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from civic_assistant.errors import DocumentRefused

DEPTH = 60
"""Deepest nesting that is read; the deepest sheet of the feed has 18 levels."""
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_AGAIN = "Fetch the feed again; if it stays so, tell the publisher of the feed."


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its name (``Chapitre``, ``dc:title``), attributes and children in order."""

    name: str
    attributes: Mapping[str, str]
    children: tuple[Node | str, ...]

    @property
    def elements(self) -> Iterator[Node]:
        """The children that are elements."""
        return (child for child in self.children if isinstance(child, Node))

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the children with one of these names, in order."""
        return (child for child in self.elements if child.name in names)

    def first(self, name: str) -> Node | None:
        """Return the first child of that name, if any."""
        return next(self.all(name), None)

    def below(self, *names: str) -> Iterator[Node]:
        """Yield the elements of these names at any depth, in reading order."""
        for child in self.elements:
            if child.name in names:
                yield child
            yield from child.below(*names)


def parse_json(content: bytes, document: str) -> Node:
    """Return the tree of a sheet of the npm package.

    Raises:
        DocumentRefused: It is not JSON, not such a tree, or nested too deeply.
    """
    try:
        sheet = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise DocumentRefused(document, f"it is broken JSON ({error}).", _AGAIN) from error
    try:
        roots = [child for child in sheet["children"] if child["type"] == "element"]
        return _from_json(roots[0], document, 0)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise DocumentRefused(document, "it is not a sheet's tree.", _AGAIN) from error


def parse_xml(content: bytes, document: str) -> Node:
    """Return the tree of a sheet of the XML archive.

    defusedxml refuses every entity declaration, inner or outer, so that neither an entity bomb nor
    a file or an address of this machine can be read through a sheet. lxml without entity resolution
    would let them pass and drop their text without a word.

    Raises:
        DocumentRefused: It is not well-formed, declares entities, or is nested too deeply.
    """
    try:
        root = fromstring(content)
    except DefusedXmlException as error:
        reason = f"it declares XML entities ({type(error).__name__}), which no sheet does."
        raise DocumentRefused(
            document, reason, "Do not publish it; fetch the feed again."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DocumentRefused(document, f"it is broken XML ({error}).", _AGAIN) from error
    return _from_xml(root, document, 0)


# The JSON is checked by its use: a wrong shape raises, and `parse_json` says so.
def _from_json(node: dict[str, Any], document: str, depth: int) -> Node:
    _check_depth(document, depth)
    children: list[Node | str] = []
    for child in node.get("children", ()):
        if child["type"] == "element":
            children.append(_from_json(child, document, depth + 1))
        elif child["type"] in ("text", "cdata"):
            children.append(str(child[child["type"]]))
    attributes = {key: str(value) for key, value in node.get("attributes", {}).items()}
    return Node(str(node["name"]), attributes, tuple(children))


def _from_xml(element: Element, document: str, depth: int) -> Node:
    _check_depth(document, depth)
    children: list[Node | str] = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            children.append(_from_xml(child, document, depth + 1))
        if child.tail:
            children.append(child.tail)
    name = element.tag.replace(_DUBLIN_CORE, "dc:")
    return Node(name, dict(element.attrib), tuple(children))


def _check_depth(document: str, depth: int) -> None:
    if depth > DEPTH:
        raise DocumentRefused(document, f"it nests more than {DEPTH} levels.", _AGAIN)
