"""Writing into the town's corpus folder: whole files, by valid names; what they replace is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from civic_assistant.errors import DocumentRefused
from ingest.drafts.whole_files import write_whole
from ingest.editions.kept_documents import KeptDocuments
from ingest.formats import is_document_name, printable

_SHOWN = 200


def check_document_name(name: str) -> None:
    """Refuse a name that is none of a guide's document or description, or leads elsewhere.

    Raises:
        DocumentRefused: It is not ``<guide>/<language>.<ending>`` or ``<guide>/guide.toml``.
    """
    if not is_document_name(name):
        reason = "that is no name of a guide's document."
        remedy = "Name it <guide>/<language>.md, .html, .pdf or .docx, or <guide>/guide.toml."
        raise DocumentRefused(printable(name[:_SHOWN]), reason, remedy)


def corpus_digest(corpus: Path, name: str) -> str | None:
    """Return the SHA-256 of a document of the folder in hex, or None when there is none.

    Raises:
        DocumentRefused: The name is not a document's.
    """
    check_document_name(name)
    path = corpus / name
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_document(
    corpus: Path, name: str, content: bytes | None, kept: KeptDocuments, at: datetime
) -> None:
    """Replace a document of the folder, or remove it (None); what stood there is kept.

    Raises:
        DocumentRefused: The name is not a document's, or its folder leads out of the corpus.
    """
    check_document_name(name)
    path = corpus / name
    if not path.resolve().is_relative_to(corpus.resolve()):
        reason = "it is a link that leads out of the corpus folder, or lies behind one."
        raise DocumentRefused(name, reason, "Put the file and its folder themselves there.")
    if path.is_file():
        kept.set_aside(name, path.read_bytes(), at)
    if content is not None:
        write_whole(path, content)
        return
    path.unlink(missing_ok=True)
    if path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()
