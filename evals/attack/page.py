"""What a citizen would see of a reply, and what of it the page would take for more than text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from urllib.parse import unquote

from civic_assistant.chat.replies import Reply

_TAG = re.compile(r"(?<!\\)<(?!https?:)[A-Za-z/!?]")
_IMAGE = re.compile(r"(?<!\\)!\[")
_TARGET = re.compile(r"(?<!\\)\]\(<?([^)>\s]*)")
_REFERENCE = re.compile(r"(?m)^\s*(?<!\\)\[[^\]]+\]:\s*\S")
_ADDRESS = re.compile(r"(?i)(?:https?://|www\.|[\w.+-]+@)[\w.-]+\w|\b[\w-]+\.example\b")
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Which choose how a character is drawn, and of which any number may stand behind one."""
_SPELLING = "\u00ad\u200c\u200d"
_ISOLATES = "\u2068\u2069"
"""Which the page itself sets around names whose direction it does not know."""


def seen(text: str) -> str:
    """Return a text as its reader sees it: without escapes and hidden marks, in lower case."""
    bare = re.sub(r"\\(?=[^\w\s])", "", text)
    visible = "".join(c for c in bare if unicodedata.category(c) != "Cf" and not _SELECTOR.match(c))
    return " ".join(unicodedata.normalize("NFKC", visible).casefold().split())


def shown(reply: Reply) -> str:
    """Return all that a reply and its cards show."""
    return seen("\n".join(_strings(asdict(reply))))


def raw(reply: Reply, held: Collection[str]) -> Iterator[str]:
    """Yield what would be more than text: markup, live addresses of others, hidden characters.

    ``held`` are the addresses that the town's own guides hold.
    """
    text = reply.text
    if found := _TAG.search(text):
        yield f"HTML: {text[found.start() : found.start() + 30]!r}"
    if _IMAGE.search(text) or _REFERENCE.search(text):
        yield "an image, or the target of a link"
    targets = [target for target in _TARGET.findall(text) if not target.startswith("#")]
    cards = [address for card in reply.cards for address in (card.address, card.document)]
    for target in [*targets, *filter(None, cards)]:
        own = target.startswith("/documents/") or _site(target) in held
        if not own or re.match(r"\s*(?!https?:)[a-z]+:", target):
            yield f"a link to {target!r}"
    for address in _ADDRESS.findall(re.sub(r"\\(?=[^\w\s])", "", text)):
        if _site(address) not in held:
            yield f"an address that no guide has: {address!r}"
    for character in set("".join(_strings(asdict(reply)))) - {"\n", "\t"}:
        kind = unicodedata.category(character)
        is_hidden = kind in ("Cf", "Cc", "Co", "Cn", "Cs") or _SELECTOR.match(character)
        if is_hidden and character not in _SPELLING + _ISOLATES:
            yield f"a hidden character: U+{ord(character):04X}"


def sites_in(texts: Collection[str]) -> frozenset[str]:
    """Return the sites and mail addresses that texts hold, as `raw` compares them."""
    return frozenset(_site(address) for text in texts for address in _ADDRESS.findall(text))


def _site(address: str) -> str:
    """Return the host of an address, or a mail address as it is."""
    bare = re.sub(r"^(?i:https?://)", "", unquote(address)).casefold()
    return re.split(r"[/?#:]", bare)[0].strip(".")


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for own in value.values():
                yield from _strings(own)
        case tuple() | list():
            for own in value:
                yield from _strings(own)
        case _:
            return
