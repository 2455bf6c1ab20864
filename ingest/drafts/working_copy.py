"""An editor's draft: changed documents beside the corpus folder, until they are published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from civic_assistant.errors import DocumentRefused, DraftOutdated
from ingest.bounds import MEGABYTE, size_told
from ingest.drafts.corpus_folder import check_document_name, corpus_digest, write_document
from ingest.drafts.whole_files import write_whole
from ingest.editions.kept_documents import KeptDocuments, digest_of
from ingest.folder import FolderSource
from ingest.formats import most_bytes
from ingest.sources import Loaded, Source

DRAFT_DOCUMENTS = 200
"""Most documents in one draft: more than a town's whole corpus in one language."""
DRAFT_BYTES = 200 * MEGABYTE
"""Most bytes of a draft's documents together, so that drafts do not fill the disk."""
_LOCK = ".lock"
_LOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Change:
    """``content`` and ``base`` are digests; None says: no such document."""

    content: str | None
    base: str | None


_Changes = dict[str, _Change]
_CHANGES: TypeAdapter[_Changes] = TypeAdapter(_Changes)


class WorkingCopy:
    """The corpus with an editor's changes laid over it; ``folder`` holds nothing but these.

    Names are those of documents below the corpus: ``composteur/fr.md``, ``composteur/guide.toml``.
    What a killed program leaves is the draft before or after the change.
    """

    def __init__(self, folder: Path, corpus: Path) -> None:
        self._folder = folder
        self._corpus = corpus

    def change(self, name: str, content: bytes, *, based_on: str | None = None) -> None:
        """Put a document into the draft, new or in place of another.

        ``based_on`` is the `digest` of the text that the editor began from; without it, whatever
        stands there now is replaced.

        Raises:
            DocumentRefused: The name is none of a guide's documents, the document is empty or too
                large, or the draft would be.
            DraftOutdated: Somebody changed the document since ``based_on``.
        """
        check_document_name(name)
        limit = most_bytes(name)
        if len(content) > limit:
            reason = f"it has {size_told(len(content))}; at most {size_told(limit)} are read."
            remedy = "Split it into several guides or remove images."
            raise DocumentRefused(name, reason, remedy)
        if not content.strip():
            raise DocumentRefused(name, "it is empty.", "Write the guide, or remove it.")
        digest = digest_of(content)
        with self._changing() as changes:
            if based_on is not None and based_on != self.digest(name):
                raise DraftOutdated((name,))
            write_whole(self._content(digest), content)
            self._put(changes, name, digest)
            self._check_size(changes, name)

    def remove(self, name: str) -> None:
        """Take a document out: the edition that is published will not have it.

        Raises:
            DocumentRefused: There is no such document.
        """
        check_document_name(name)
        with self._changing() as changes:
            if self.digest(name) is None:
                raise DocumentRefused(name, "there is no such document.", "Look at the list again.")
            self._put(changes, name, None)

    def take_back(self, name: str) -> None:
        """Forget the change of one document; nothing happens when it has none."""
        with self._changing() as changes:
            changes.pop(name, None)

    def digest(self, name: str) -> str | None:
        """Return the SHA-256 of a document as the draft has it, or None when it has none."""
        change = self._changes().get(name)
        return corpus_digest(self._corpus, name) if change is None else change.content

    def content(self, name: str) -> bytes | None:
        """Return a document's bytes as the draft has it, or None when it has none."""
        change = self._changes().get(name)
        if change is None:
            check_document_name(name)
            path = self._corpus / name
            return path.read_bytes() if path.is_file() else None
        return None if change.content is None else self._content(change.content).read_bytes()

    def changed(self) -> tuple[str, ...]:
        """Return the names of the changed, new and removed documents, in order."""
        return tuple(sorted(self._changes()))

    def changes(self) -> Mapping[str, bytes | None]:
        """Return the bytes of each changed document by name; None for one that is removed."""
        return {
            name: None if change.content is None else self._content(change.content).read_bytes()
            for name, change in sorted(self._changes().items())
        }

    def outdated(self) -> tuple[str, ...]:
        """Return the changed documents that somebody else changed in the corpus meanwhile."""
        return tuple(
            name
            for name, change in sorted(self._changes().items())
            if corpus_digest(self._corpus, name) not in (change.base, change.content)
        )

    def source(self) -> Source:
        """Return what would be published: the corpus with the changes over it."""
        return self._overlaid()

    def loaded(self, name: str) -> Loaded:
        """Return one document as it would be published, read within the worker's bounds.

        Raises:
            DocumentRefused: It cannot be published as it is, or there is none.
        """
        return self._overlaid().loaded(name)

    def apply(self, kept: KeptDocuments, at: datetime) -> tuple[str, ...]:
        """Write the changes into the corpus folder and return what was written or removed.

        Each document is replaced whole, and what it replaces is kept. The draft stays until
        `discard`; a run that was stopped is simply done again.

        Raises:
            DraftOutdated: Somebody else changed one of the documents; nothing is written.
            DocumentRefused: A folder of the corpus leads out of it.
        """
        with self._changing() as changes:
            if outdated := self.outdated():
                raise DraftOutdated(outdated)
            due = [
                n for n, c in sorted(changes.items()) if corpus_digest(self._corpus, n) != c.content
            ]
            for name in due:
                content = self.content(name)
                write_document(self._corpus, name, content, kept, at)
            return tuple(due)

    def discard(self) -> None:
        """Forget every change."""
        if self._folder.exists():
            with self._locked():
                (self._folder / "changes.json").unlink(missing_ok=True)
                shutil.rmtree(self._folder / "contents", ignore_errors=True)

    def erase_if_unchanged(self, since: datetime) -> bool:
        """Remove the draft's folder and return True, unless something in it changed ``since``."""
        with self._locked():
            files = [path for path in self._folder.rglob("*") if path.is_file()]
            kept = [path for path in files if path.name != _LOCK] or [self._folder]
            if max(path.stat().st_mtime for path in kept) >= since.timestamp():
                return False
            shutil.rmtree(self._folder)
            return True

    def _overlaid(self) -> FolderSource:
        over = {
            name: None if change.content is None else self._content(change.content)
            for name, change in self._changes().items()
        }
        return FolderSource(self._corpus, over=over)

    def _put(self, changes: _Changes, name: str, content: str | None) -> None:
        """Note a change; one that leads back to the corpus is none."""
        known = changes.get(name)
        base = known.base if known is not None else corpus_digest(self._corpus, name)
        changes[name] = _Change(content, base)
        if content == base == corpus_digest(self._corpus, name):
            del changes[name]

    def _check_size(self, changes: _Changes, name: str) -> None:
        digests = {change.content for change in changes.values() if change.content is not None}
        total = sum(self._content(digest).stat().st_size for digest in digests)
        if len(changes) > DRAFT_DOCUMENTS or total > DRAFT_BYTES:
            limit = f"{DRAFT_DOCUMENTS} documents and {DRAFT_BYTES // MEGABYTE} MB"
            reason = f"the draft would hold more than {limit}."
            raise DocumentRefused(name, reason, "Publish or discard what is in it first.")

    def _changes(self) -> _Changes:
        path = self._folder / "changes.json"
        return _CHANGES.validate_json(path.read_bytes()) if path.exists() else {}

    @contextmanager
    def _changing(self) -> Iterator[_Changes]:
        """Hold the draft, and write down its changes when nothing was raised."""
        with self._locked():
            before = self._changes()
            changes = dict(before)
            yield changes
            if changes != before:
                write_whole(self._folder / "changes.json", _CHANGES.dump_json(changes, indent=1))
            self._sweep(changes)

    def _sweep(self, changes: _Changes) -> None:
        """Remove what earlier changes left behind."""
        named = {change.content for change in changes.values()}
        for path in (self._folder / "contents").glob("*"):
            if path.name not in named:
                path.unlink()

    def _locked(self) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / _LOCK, timeout=_LOCK_SECONDS)

    def _content(self, digest: str) -> Path:
        return self._folder / "contents" / digest
