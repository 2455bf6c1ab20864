"""The national guides as a source: the unpacked npm package, or XML archives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from civic_assistant.errors import ContentRefused, DocumentRefused, SourceError
from civic_assistant.guides import AUDIENCES, Audience
from ingest.bounds import MEGABYTE, read_bounded
from ingest.readers.service_public import (
    READER_VERSION,
    one_guide,
    parse_json,
    parse_xml,
    read_sheet,
)
from ingest.sources import Loaded, SourceDocument
from ingest.zipped import ArchiveBounds, Member, fetched_archive, open_archive

SHEET_BYTES = 16 * MEGABYTE
"""Most bytes of a sheet; the longest of the feed has 2.6 MB as JSON."""
FOLDERS: dict[Audience, str] = {
    "individuals": "particuliers",
    "businesses": "professionnels",
    "associations": "associations",
}
_SHEET_NAME = re.compile(r"([FRN])(\d+)\.(json|xml)", re.ASCII)
# A sheet names its audiences right before its channel, and nowhere else in that neighbourhood.
_AUDIENCES_IN_XML = re.compile(rb"((?:<Audience>[^<]*</Audience>\s*)+)<Canal>")


@dataclass(frozen=True, slots=True)
class _Copy:
    """One file of a sheet: its name below the source, its audience when known, how to read it."""

    document: str
    audience: Audience | None
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class NationalFolder:
    """The npm package with the sheets as JSON, unpacked: ``path`` or a folder ``data`` below it.

    ``audiences`` says which folders are read; of a sheet that lies in several and was updated on
    the same day in all, the copy of the audience named first is kept.
    """

    path: Path
    audiences: Sequence[Audience] = AUDIENCES
    name: str = "national"

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        """Yield one document for each sheet, in the order of their numbers.

        Raises:
            SourceError: A folder of an audience is missing or holds no sheet.
        """
        copies: list[_Copy] = []
        for audience in self.audiences:
            folder = self._data_folder() / FOLDERS[audience]
            files = [f for f in folder.glob("*.json") if _SHEET_NAME.fullmatch(f.name)]
            if not files:
                raise SourceError(
                    f"The folder {str(folder)!r} holds no sheet. Give the folder of the unpacked "
                    "package, or take that audience out of the setting 'national_audiences'."
                )
            for file in files:
                document = f"{folder.name}/{file.name}"
                read = partial(read_bounded, file, document, SHEET_BYTES)
                copies.append(_Copy(document, audience, read))
        yield from _documents(copies)

    def _data_folder(self) -> Path:
        for candidate in (self.path / "data", self.path / "package" / "data"):
            if candidate.is_dir():
                return candidate
        return self.path


@dataclass(frozen=True, slots=True)
class NationalArchive:
    """ZIP archives with the sheets as XML: paths or https addresses, one archive an audience.

    Members are read straight from the archive. They may lie at its root or in a folder named like
    their audience; a sheet that is for none of ``audiences`` is left out. An address is fetched
    anew into ``downloads`` each time.
    """

    archives: Sequence[str]
    downloads: Path
    audiences: Sequence[Audience] = AUDIENCES
    bounds: ArchiveBounds = field(default_factory=ArchiveBounds)
    name: str = "national"

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        """Yield one document for each sheet, and a refusal for each member that must not be read.

        Raises:
            SourceError: An archive cannot be fetched or opened, is too large, or has no sheet.
        """
        copies: list[_Copy] = []
        for archive in self.archives:
            path = fetched_archive(archive, self.downloads, self.bounds)
            found = 0
            for member in open_archive(path, self.bounds):
                if isinstance(member, DocumentRefused):
                    yield member
                elif _SHEET_NAME.fullmatch(member.name.rsplit("/", 1)[-1]):
                    found += 1
                    copies.extend(self._wanted(member))
            if not found:
                raise SourceError(
                    f"The archive {archive!r} holds no sheet (F1234.xml). Give the archive "
                    "'vosdroits-latest.zip' of the national feed."
                )
        yield from _documents(copies)

    def _wanted(self, member: Member) -> Iterator[_Copy]:
        folders = member.name.split("/")[:-1]
        known = [audience for audience in AUDIENCES if FOLDERS[audience] in folders]
        named = {FOLDERS[known[0]].capitalize()} if known else _named_audiences(member)
        if not named or named & {FOLDERS[audience].capitalize() for audience in self.audiences}:
            yield _Copy(member.name, known[0] if known else None, member.read)


def _named_audiences(member: Member) -> set[str]:
    """Return the audiences a sheet is for; none when they cannot be told before it is read."""
    try:
        match = _AUDIENCES_IN_XML.search(member.read())
    except DocumentRefused:
        return set()
    names = re.findall(rb">([^<]+)<", match[1]) if match else []
    return {name.decode("utf-8", "replace").strip() for name in names}


def _documents(copies: Iterable[_Copy]) -> Iterator[SourceDocument | DocumentRefused]:
    """Yield one document for all copies of a sheet, in the order of the sheets' numbers."""
    sheets: dict[tuple[str, int], list[_Copy]] = {}
    for copy in copies:
        if match := _SHEET_NAME.fullmatch(copy.document.rsplit("/", 1)[-1]):
            sheets.setdefault((match[1], int(match[2])), []).append(copy)
    for _, group in sorted(sheets.items()):
        digest = hashlib.sha256(READER_VERSION.encode())
        try:
            for copy in group:
                digest.update(f"\0{copy.document}\0".encode())
                digest.update(copy.read())
        except DocumentRefused as refusal:
            yield refusal
            continue
        name = group[0].document
        yield SourceDocument(name, digest.hexdigest(), partial(_load, tuple(group)))


def _load(copies: Sequence[_Copy]) -> Loaded:
    """Read all copies of a sheet as one guide; a copy that is none becomes a warning.

    Raises:
        ContentRefused: No copy can be read as a guide.
        DocumentRefused: A file cannot be read.
    """
    guides, refusals = [], []
    for copy in copies:
        parse = parse_json if copy.document.endswith(".json") else parse_xml
        content = copy.read()
        try:
            sheet = parse(content, copy.document)
            guides.append(read_sheet(sheet, copy.document, copy.audience))
        except DocumentRefused as refusal:
            refusals.append(refusal)
    if not guides:
        first = refusals[0]
        raise ContentRefused(first.document, first.reason, first.remedy) from first
    guide = replace(one_guide(guides), document=copies[0].document)
    return Loaded(guide, tuple(str(refusal) for refusal in refusals))
