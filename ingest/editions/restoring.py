"""After a step back: the corpus folder gets the documents back that the live edition was read from.

Otherwise the next publish of the folder would bring back, unasked, what was just taken back.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from civic_assistant.publishing_lock import publishing
from ingest.drafts.corpus_folder import corpus_digest, write_document
from ingest.editions.kept_documents import KeptDocuments
from ingest.formats import is_document_name

if TYPE_CHECKING:
    from civic_assistant.settings import Settings

_GIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of the corpus folder, by the names of documents.

    ``left`` were not touched because a Git checkout has them as they are: there, the step back is
    a commit. ``is_known`` is false when the documents of one of the editions were not kept.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    is_known: bool = True


def restore(
    edition: int,
    before: int | None,
    settings: Settings,
    *,
    at: datetime,
    author: str = "",
    source: str = "town",
) -> Restored:
    """Give the corpus folder the documents of ``edition``, which is live after ``before`` was.

    Only documents in which the two editions differ are touched; what an editor is at elsewhere
    stays. What is replaced is kept beside the index. Doing it twice changes nothing.

    Raises:
        IndexBusy: A publish is running, which reads the folder.
        IndexUnusable: A document is not kept any more; then nothing is written.
    """
    kept = KeptDocuments(settings.index_folder)
    now = kept.files(edition, source)
    then = kept.files(before, source) if before is not None else {}
    if now is None or then is None:
        return Restored(is_known=False)
    corpus = settings.corpus_folder
    with publishing(settings.index_folder, source, author, at):
        due = [
            name
            for name in sorted(now.keys() | then.keys())
            if now.get(name) != then.get(name) and corpus_digest(corpus, name) != now.get(name)
        ]
        committed = _committed(corpus)
        contents = {n: kept.content(now[n]) if n in now else None for n in due}
        written = tuple(n for n in due if n not in committed)
        for name in written:
            write_document(corpus, name, contents[name], kept, at)
    return Restored(
        written=tuple(name for name in written if name in now),
        removed=tuple(name for name in written if name not in now),
        left=tuple(name for name in due if name in committed),
    )


def differing(edition: int, settings: Settings, source: str = "town") -> tuple[str, ...] | None:
    """Return the documents in which the corpus folder is not what an edition was read from.

    These are what the next publish of the folder changes, brings back, withdraws or refuses; None
    when the edition's documents were not kept.
    """
    listed = KeptDocuments(settings.index_folder).files(edition, source)
    if listed is None:
        return None
    corpus = settings.corpus_folder
    names = listed.keys() | set(document_names(corpus))
    return tuple(n for n in sorted(names) if corpus_digest(corpus, n) != listed.get(n))


def document_names(corpus: Path) -> list[str]:
    """Return the names of the documents that a corpus folder holds, in order."""
    found = (path.relative_to(corpus).as_posix() for path in corpus.glob("[!._]*/*"))
    return sorted(name for name in found if is_document_name(name))


def _committed(corpus: Path) -> frozenset[str]:
    """Return the documents that a Git checkout has as its last commit has them.

    What Git cannot tell counts as committed: its files are not to be written.
    """
    folder = corpus.resolve()
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return frozenset()
    tracked = _git(folder, "ls-files", "-z")
    changed = _git(folder, "diff", "--name-only", "--relative", "-z", "HEAD")
    if tracked is None or changed is None:
        return frozenset(document_names(corpus))
    return tracked - changed


def _git(folder: Path, *arguments: str) -> frozenset[str] | None:
    """Return the names that a Git command prints, or None when it fails."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(folder), *arguments]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return frozenset(ended.stdout.decode("utf-8", "surrogateescape").split("\0"))
