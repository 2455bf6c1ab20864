"""How much of a document may be read: sizes, members of an archive, time."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from charset_normalizer import from_bytes

from civic_assistant.errors import DocumentRefused

MEGABYTE = 1024 * 1024
TEXT_BYTES = 20 * MEGABYTE
"""Most bytes of a Markdown or HTML document; a long national guide has 0.2 MB."""
BINARY_BYTES = 50 * MEGABYTE
"""Most bytes of a PDF or DOCX document."""
DESCRIPTION_BYTES = MEGABYTE // 32
"""Most bytes of a ``guide.toml``; the longest of the shipped corpus has 3 kB."""
PDF_PAGES = 500
DOCUMENT_SECONDS = 60.0
"""Most seconds of processor time that one document may take to read."""
DOCUMENT_WAIT_SECONDS = 240.0
"""Most wall-clock seconds for the same: four times as many, for a machine that is busy."""
DOCUMENT_MEMORY = 1024 * MEGABYTE
"""Most address space of the process that reads documents, its program included."""
GUIDE_CHARACTERS = 2_000_000
"""Most characters of a guide's text; 500 pages of dense print have about 1.5 million."""
GUIDE_BLOCKS = 20_000
"""Most paragraphs, items and rows of a guide: 40 on each of 500 pages."""
BLOCK_CHARACTERS = 20_000
"""Most characters of one of them: sentences are told apart in quadratic time. The longest of the
national guides has 1,150."""
TITLE_CHARACTERS = 500
"""Most characters of a guide's title; the longest national one has 190."""
ARCHIVE_MEMBERS = 5_000
ARCHIVE_BYTES = 200 * MEGABYTE
"""Most bytes of an archive's members together, once unpacked."""
ARCHIVE_RATIO = 200
"""Most times that a member may grow when unpacked; the XML of a DOCX grows 5 to 30 times."""
_SNIFFED = 64 * 1024


def size_told(count: int) -> str:
    """Return a number of bytes as people say it: ``32 kB``, ``20 MB``."""
    return f"{count // 1024} kB" if count < MEGABYTE else f"{count / MEGABYTE:.0f} MB"


def read_bounded(path: Path, document: str, limit: int) -> bytes:
    """Return the bytes of a file, of which no more than the limit is ever read.

    Raises:
        DocumentRefused: The file is larger, empty or cannot be read.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise DocumentRefused(document, "it is no ordinary file.", "Put the file there.")
        with path.open("rb") as file:
            content = file.read(limit + 1)
            size = path.stat().st_size
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})."
        raise DocumentRefused(document, reason, "Check that the file may be read.") from error
    if len(content) > limit:
        reason = f"it has {size_told(size)}; at most {size_told(limit)} are read."
        raise DocumentRefused(document, reason, "Split it into several guides or remove images.")
    if not content.strip():
        raise DocumentRefused(document, "it is empty.", "Write the guide, or remove the file.")
    return content


def decode_text(content: bytes, document: str) -> str:
    """Return the text of UTF-8 bytes, with or without a byte-order mark.

    Raises:
        DocumentRefused: The bytes are not text, or text in another encoding.
    """
    if b"\x00" in content[:_SNIFFED] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        reason = "it holds binary data, not text."
        raise DocumentRefused(document, reason, "Give the file the ending of its real format.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        start = max(0, error.start - _SNIFFED // 2)
        guess = from_bytes(content[start : start + _SNIFFED]).best()
        looks = f"; it looks like {guess.encoding}" if guess else ""
        reason = f"byte {error.start} is not UTF-8{looks}."
        raise DocumentRefused(document, reason, "Save the file as UTF-8.") from error


def check_archive(
    archive: zipfile.ZipFile,
    document: str,
    *,
    members: int = ARCHIVE_MEMBERS,
    total: int = ARCHIVE_BYTES,
    ratio: int = ARCHIVE_RATIO,
) -> None:
    """Refuse a ZIP archive that would grow beyond bounds or write outside its folder.

    Only the table of contents is read. ``total`` counts unpacked bytes; ``ratio`` is the most
    that a member above 1 MB may grow.

    Raises:
        DocumentRefused: Too many members, too much data, a suspicious ratio, a path that leads
            out of the archive, or a member under a password.
    """
    entries = archive.infolist()
    remedy = "Save the file again from its program; do not publish it if you do not know it."
    if len(entries) > members:
        reason = f"it packs {len(entries)} files; at most {members} are read."
        raise DocumentRefused(document, reason, remedy)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > total:
        reason = f"it unpacks to {unpacked / MEGABYTE:.0f} MB, at most {total // MEGABYTE} MB are."
        raise DocumentRefused(document, reason, remedy)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
            reason = f"its member {entry.filename!r} leads out of the archive."
            raise DocumentRefused(document, reason, remedy)
        if entry.flag_bits & 1:
            reason = f"its member {entry.filename!r} is under a password."
            raise DocumentRefused(document, reason, "Save the file without a password.")
        if entry.file_size > max(MEGABYTE, ratio * entry.compress_size):
            reason = f"its member {entry.filename!r} grows more than {ratio} times when unpacked."
            raise DocumentRefused(document, reason, remedy)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The processor time that one document may take; to be checked between its parts."""

    document: str
    seconds: float = DOCUMENT_SECONDS
    _begun: float = field(default_factory=time.process_time)

    def check(self) -> None:
        """Raise `DocumentRefused` once the time is over."""
        if time.process_time() - self._begun > self.seconds:
            reason = f"reading it took more than {self.seconds:.0f} seconds."
            raise DocumentRefused(self.document, reason, "Split it or simplify its layout.")
