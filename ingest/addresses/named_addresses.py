"""The web addresses that guides name: in their text, in their facts, and behind their links."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from pathlib import PurePosixPath

from defusedxml.ElementTree import ParseError, fromstring  # type: ignore[import-untyped]

from civic_assistant.catalogue import GuideEntry
from civic_assistant.errors import DocumentRefused, IndexUnusable
from civic_assistant.guides import Guide
from ingest.bounds import MEGABYTE, check_archive
from ingest.editions.kept_documents import KeptDocuments

ADDRESS_CHARACTERS = 2_000
"""Most characters of an address; what is longer is passed over."""
_SCHEME = r"https?://"
_ADDRESS = re.compile(
    rf"(?:{_SCHEME}|(?<![\w.@/-])www\.)[^\s<>\"'`|\\^{{}}«»“”、。，；：！？）】《》]+",
    re.IGNORECASE,
)
_ENDING = ".,;:!?'’*_~…،؛؟"
_RELATIONS = "word/_rels/document.xml.rels"
_RELATION_BYTES = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """An address with where it stands: ``page`` (the guide's own), ``text``, or a fact's kind."""

    address: str
    place: str


def addresses_in(text: str) -> Iterator[str]:
    """Yield the web addresses of a text in order; ``www.…`` alone counts as ``https://www.…``."""
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_ENDING)
        # A bracket belongs to the sentence around an address unless the address opened it.
        while address.endswith((")", "]")) and not _closes(address):
            address = address[:-1].rstrip(_ENDING)
        if len(address) > ADDRESS_CHARACTERS:
            continue
        yield address if re.match(_SCHEME, address, re.IGNORECASE) else f"https://{address}"


def named_addresses(guide: Guide) -> tuple[NamedAddress, ...]:
    """Return the addresses that a guide names, each once, where it stands first."""
    places: dict[str, str] = {}
    if guide.address:
        places.setdefault(guide.address, "page")
    for fact in guide.facts:
        if fact.address and re.match(_SCHEME, fact.address, re.IGNORECASE):
            places.setdefault(fact.address, fact.kind)
        for address in addresses_in(fact.text):
            places.setdefault(address, fact.kind)
    for text in (guide.description, *(section.text for section in guide.sections)):
        for address in addresses_in(text):
            places.setdefault(address, "text")
    return tuple(NamedAddress(address, place) for address, place in places.items())


def linked_addresses(document: str, content: bytes) -> tuple[str, ...]:
    """Return the addresses behind the links of a document as it was published, each once.

    Markdown, HTML and DOCX only: the readers leave out where words lead to. What cannot be read
    within bounds has none, and neither has a PDF.
    """
    ending = PurePosixPath(document).suffix.lower()
    if ending == ".docx":
        found = list(_linked_in_docx(document, content))
    elif ending in {".md", ".html"}:
        text = content.decode("utf-8", "replace")
        found = list(addresses_in(unescape(text) if ending == ".html" else text))
    else:
        found = []
    return tuple(dict.fromkeys(found))


def with_links(
    entries: Iterable[GuideEntry], documents: KeptDocuments, edition: int
) -> Iterator[tuple[GuideEntry, tuple[str, ...]]]:
    """Yield guides of an edition, each with the addresses behind the links of its document.

    None for a document that is not kept: a feed that can be fetched again, an older edition.
    """
    files: dict[str, Mapping[str, str]] = {}
    for entry in entries:
        if entry.source not in files:
            files[entry.source] = documents.files(edition, entry.source) or {}
        digest = files[entry.source].get(entry.document)
        try:
            content = documents.content(digest) if digest else b""
        except IndexUnusable:  # damaged or gone: what the guide says is in the catalogue
            content = b""
        yield entry, linked_addresses(entry.document, content)


def _closes(address: str) -> bool:
    opening = "(" if address.endswith(")") else "["
    return address.count(opening) >= address.count(address[-1])


def _linked_in_docx(document: str, content: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            check_archive(archive, document)
            with archive.open(_RELATIONS) as file:
                relations = fromstring(file.read(_RELATION_BYTES))
    except (DocumentRefused, zipfile.BadZipFile, zlib.error, ParseError):
        return
    except (OSError, EOFError, KeyError, ValueError, RuntimeError):  # other ways to be damaged
        return
    for relation in relations:
        if relation.get("TargetMode") == "External":
            yield from addresses_in(relation.get("Target") or "")
