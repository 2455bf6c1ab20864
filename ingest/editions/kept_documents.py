"""The town's documents as they were published: kept beside the index, by the digest of their bytes.

An edition holds guides as they were read. To take a publish back for good, the corpus folder must
get the documents back that they were read from, and what an editor wrote must never be lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from civic_assistant.errors import IndexUnusable, SourceError
from ingest.drafts.whole_files import write_whole
from ingest.guide_file import GUIDE_FILE
from ingest.sources import DocumentFile

_Files = dict[str, dict[str, str]]
_FILES: TypeAdapter[_Files] = TypeAdapter(_Files)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document of the corpus folder that was replaced or removed, and where its bytes are."""

    at: datetime
    name: str
    digest: str


_REPLACED = TypeAdapter(list[Replaced])


class KeptDocuments:
    """The folder ``documents`` of an index: contents by digest, and a list of files an edition."""

    def __init__(self, index_folder: Path) -> None:
        self._folder = index_folder / "documents"
        self._editions = self._folder / "editions"
        self._replaced = self._folder / "replaced.json"

    def store(self, files: Iterable[DocumentFile]) -> None:
        """Keep the bytes of files as they were read.

        Raises:
            SourceError: A file is not what was read from it any more.
        """
        for file in files:
            if self._path(file.digest).exists():
                continue
            try:
                content = file.path.read_bytes()
            except OSError:
                content = b""
            if digest_of(content) != file.digest:
                raise SourceError(f"{file.name!r} changed while it was read: publish again")
            self._store(file.digest, content)

    def list_edition(
        self,
        edition: int,
        base: int | None,
        source: str,
        files: Iterable[DocumentFile],
        standing: Iterable[str],
    ) -> None:
        """Note which stored files an edition's guides of a source were read from.

        The other sources' files are those of ``base``, the edition it was planned on; so are those
        of ``standing``, documents that were refused and stay as they were published.
        """
        before = (self._listed(base) if base is not None else None) or {}
        known = before.get(source, {})
        listed = {file.name: file.digest for file in files}
        for document in standing:
            for name in (document, f"{document.split('/', maxsplit=1)[0]}/{GUIDE_FILE}"):
                if name in known:
                    listed.setdefault(name, known[name])
        whole = before | {source: listed}
        write_whole(self._list_of(edition), json.dumps(whole, ensure_ascii=False).encode())

    def files(self, edition: int, source: str) -> Mapping[str, str] | None:
        """Return the digest of each file that an edition's guides were read from, by name.

        None when that is not known: the edition has no guide of the source, is not kept any more,
        or an earlier version of the program published it. Empty for a feed to be fetched again.
        """
        return (self._listed(edition) or {}).get(source)

    def content(self, digest: str) -> bytes:
        """Return the bytes that have this digest.

        Raises:
            IndexUnusable: They are not kept, or are damaged.
        """
        try:
            content = self._path(digest).read_bytes()
        except OSError as error:
            reason = f"the document {digest[:12]}… is not kept in {str(self._folder)!r}"
            raise IndexUnusable(f"{reason}: write it again by hand") from error
        if digest_of(content) != digest:
            reason = f"the document {digest[:12]}… in {str(self._folder)!r} is damaged"
            raise IndexUnusable(f"{reason}: write it again by hand")
        return content

    def set_aside(self, name: str, content: bytes, at: datetime) -> str:
        """Keep what is about to be replaced in the corpus folder, and return its digest."""
        digest = digest_of(content)
        self._store(digest, content)
        self._write_replaced([*self.replaced(), Replaced(at, name, digest)])
        return digest

    def replaced(self) -> list[Replaced]:
        """Return what was replaced in the corpus folder, oldest first."""
        if not self._replaced.exists():
            return []
        return _REPLACED.validate_json(self._replaced.read_bytes())

    def drop_except(self, editions: Collection[int], before: datetime) -> int:
        """Drop the lists of other editions, and every content that nothing names any more.

        What was replaced in the corpus folder since ``before`` stays; what a killed run did not
        write to the end goes. Returns how many contents were dropped.
        """
        for unfinished in self._folder.rglob("*.part"):
            unfinished.unlink(missing_ok=True)
        for path in self._editions.glob("*.json"):
            if not path.stem.isdecimal() or int(path.stem) not in editions:
                path.unlink()
        recent = [entry for entry in self.replaced() if entry.at >= before]
        self._write_replaced(recent)
        named = {entry.digest for entry in recent}
        for edition in editions:
            for files in (self._listed(edition) or {}).values():
                named |= set(files.values())
        dropped = [p for p in self._folder.glob("*/*.bytes") if p.stem not in named]
        for path in dropped:
            path.unlink()
        return len(dropped)

    def _store(self, digest: str, content: bytes) -> None:
        path = self._path(digest)
        if not path.exists():
            write_whole(path, content)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.bytes"

    def _list_of(self, edition: int) -> Path:
        return self._editions / f"{edition}.json"

    def _listed(self, edition: int) -> _Files | None:
        path = self._list_of(edition)
        return _FILES.validate_json(path.read_bytes()) if path.exists() else None

    def _write_replaced(self, entries: list[Replaced]) -> None:
        write_whole(self._replaced, _REPLACED.dump_json(entries, indent=1))


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(content).hexdigest()
