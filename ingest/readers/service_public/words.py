"""The words of a paragraph: inline elements joined, spaces as they should be."""

from __future__ import annotations

import re

from ingest.characters import clean_text
from ingest.readers.service_public.tree import Node

_NEVER_SPACED = ("Exposant", "Indice")
_LINKS = ("LienInterne", "LienIntra", "LienExterne")
_SHORT_FORMS = ("Sigle", "Acronyme")
_ENDINGS = ("s", "e", "es")

_LAST_WORD = re.compile(r"[^\W_]+$")
_FIRST_WORD = re.compile(r"^[^\W_]+")
_SPACE_BEFORE = re.compile(r" +([,)\]]|\.(?![.\w]))")
_SPACE_AFTER = re.compile(r"([(\[]) +")
_ELISION = re.compile(r"(?<=\b[cdjlmnstCDJLMNST])(['’]) +(?=\w)")


def words_of(node: Node | None) -> str:
    """Return the text of an element on one line, or an empty string without one."""
    if node is None:
        return ""
    text = clean_text(_joined(node))
    text = _SPACE_BEFORE.sub(r"\1", text)
    return _ELISION.sub(r"\1", _SPACE_AFTER.sub(r"\1", text))


def sentence_list(pieces: list[str]) -> str:
    """Return the pieces of a cell or item on one line, parted by ``;`` where nothing else does."""
    text = ""
    for piece in filter(None, pieces):
        if text:
            text += " " if text[-1] in ".,;:!?…" or piece[0] in "+-(" else " ; "
        text += piece
    return text


def _joined(node: Node) -> str:
    text = ""
    previous: Node | str = ""
    for child in node.children:
        piece = child if isinstance(child, str) else _joined(child)
        if text and piece and _lost_space(text, piece, previous, child):
            text += " "
        text += piece
        previous = child
    return text


def _lost_space(before: str, after: str, left: Node | str, right: Node | str) -> bool:
    """Whether the feed lost a space between two neighbours.

    The JSON drops text that is only white space, so that two elements side by side touch; editors
    forget it around links and amounts. A link may also begin or end within a word (``a`` +
    ``ttestation``): a single letter at the seam is taken for that.
    """
    if before[-1].isspace() or after[0].isspace():
        return False
    if isinstance(right, Node) and right.name in _NEVER_SPACED:
        return False
    last, first = _LAST_WORD.search(before), _FIRST_WORD.search(after)
    if isinstance(left, Node) and isinstance(right, Node):
        if after[0] in ",.;)]" or before[-1] in "'’([":
            return False
        if last and first:
            parted = (last[0] + first[0])[len(last[0]) - 1 : len(last[0]) + 1]
            letter = len(last[0]) == 1 and last[0].isalpha()
            return not (letter or first[0] in _ENDINGS or parted.isdigit())
        return True
    if last is None or first is None:
        return False
    if isinstance(right, Node):
        if right.name == "Valeur":
            return last[0][-1].isalpha()
        return right.name in _LINKS and (len(last[0]) > 1 or last[0].isdigit())
    if isinstance(left, Node) and left.name == "LienInterne":
        short_form = left.attributes.get("type") in _SHORT_FORMS
        return first[0] not in _ENDINGS and (len(first[0]) > 1 or short_form)
    return False
