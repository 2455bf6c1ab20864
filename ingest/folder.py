"""The town's corpus: a folder a guide, a file a language."""

from __future__ import annotations

import hashlib
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Guide
from ingest.bounds import BINARY_BYTES, MEGABYTE, TEXT_BYTES, read_bounded
from ingest.documents import ParsedDocument
from ingest.guide_file import GUIDE_FILE, GuideFile, parse_guide_file
from ingest.readers.docx import read_docx
from ingest.readers.html import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.pdf import read_pdf
from ingest.sources import Loaded, SourceDocument

READER_VERSION = "1"
"""To be raised when a reader reads the same file differently, so that all are read again."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Format:
    read: Callable[[bytes, str, str], ParsedDocument]
    most_bytes: int


_FORMATS = {
    ".md": _Format(read_markdown, TEXT_BYTES),
    ".html": _Format(read_html, TEXT_BYTES),
    ".pdf": _Format(read_pdf, BINARY_BYTES),
    ".docx": _Format(read_docx, BINARY_BYTES),
}
_UNREAD = frozenset({".doc", ".odt", ".rtf", ".txt", ".htm", ".markdown", ".pages"})
_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A corpus folder as a source of guides; folders that begin with ``_`` or ``.`` are none."""

    path: Path
    name: str = "town"

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        """Yield the documents in the order of their names, with what is refused before reading.

        Every file of a guide is refused by its own name when the guide's ``guide.toml`` is, so
        that what is published of it stays until that is corrected.

        Raises:
            SourceError: There is no such folder, or a folder in it may not be read.
        """
        for entry in _listed(self.path):
            if entry.name.startswith(("_", ".")) or entry.stem == "README":
                continue
            if entry.is_dir():
                yield from self._guide(entry)
            elif entry.suffix.lower() in _FORMATS.keys() | _UNREAD:
                remedy = f"Put it into a folder with its {GUIDE_FILE} as <language>{entry.suffix}."
                yield DocumentRefused(entry.name, "it stands outside of a guide's folder.", remedy)

    def _guide(self, folder: Path) -> Iterator[SourceDocument | DocumentRefused]:
        files = [
            file
            for file in _listed(folder)
            if file.suffix.lower() in _FORMATS.keys() | _UNREAD
            and not file.name.startswith((".", "~"))
        ]
        description = folder / GUIDE_FILE
        if not files:
            if description.exists():
                reason = "the guide has no text beside its guide.toml."
                yield DocumentRefused(f"{folder.name}/{GUIDE_FILE}", reason, "Add <language>.md.")
            return
        languages: dict[str, list[str]] = defaultdict(list)
        for file in files:
            languages[file.stem].append(file.name)
        for file in files:
            name = f"{folder.name}/{file.name}"
            try:
                self._stay_inside(file, name)
                _check_name(file, name, languages[file.stem])
                self._stay_inside(description, name)
                yield self._document(file, name, description)
            except DocumentRefused as refusal:
                yield refusal

    def _document(self, file: Path, name: str, description: Path) -> SourceDocument:
        if not description.exists():
            reason = f"its folder has no {GUIDE_FILE}."
            raise DocumentRefused(name, reason, f"Write a {GUIDE_FILE} with id and department.")
        described = read_bounded(description, name, MEGABYTE)
        about = parse_guide_file(described, name)
        folder = file.parent.name
        if about.id != folder:
            other = (self.path / about.id).is_dir()
            owner = f"the guide in folder {about.id!r} has that id" if other else "they must agree"
            reason = f"its id is {about.id!r} and its folder {folder!r}; {owner}."
            raise DocumentRefused(name, reason, "Give the folder the name of its own, unique id.")
        content = read_bounded(file, name, _FORMATS[file.suffix.lower()].most_bytes)
        fingerprint = _fingerprint(content, described)
        load = partial(_load, file, name, self.name, about, described, fingerprint)
        return SourceDocument(name, fingerprint, load)

    def _stay_inside(self, file: Path, name: str) -> None:
        """Refuse a file that a symbolic link takes from outside the corpus."""
        try:
            inside = file.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError):
            inside = False
        if not inside:
            reason = f"{file.name} is a link that leads out of the corpus folder."
            raise DocumentRefused(name, reason, "Put the file itself there.")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        message = f"folder {str(folder)!r} cannot be read ({error.strerror}):"
        raise SourceError(f"{message} check the path and its rights") from error


def _check_name(file: Path, name: str, same_language: list[str]) -> None:
    if file.suffix.lower() in _UNREAD:
        reason = f"{file.suffix} files are not read."
        raise DocumentRefused(name, reason, "Save it as .md, .html, .pdf or .docx.")
    if not _LANGUAGE.fullmatch(file.stem):
        reason = f"its name {file.stem!r} is no language of two letters."
        raise DocumentRefused(name, reason, f"Name it fr{file.suffix}, en{file.suffix}…")
    if len(same_language) > 1:
        reason = f"the guide has several files of one language: {', '.join(same_language)}."
        raise DocumentRefused(name, reason, "Keep one of them.")


def _fingerprint(content: bytes, described: bytes) -> str:
    digest = hashlib.sha256(READER_VERSION.encode())
    for part in (described, content):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _load(
    file: Path, name: str, source: str, about: GuideFile, described: bytes, fingerprint: str
) -> Loaded:
    """Read one document; any error of a reader becomes a refusal, so that the rest goes on."""
    form = _FORMATS[file.suffix.lower()]
    content = read_bounded(file, name, form.most_bytes)
    if _fingerprint(content, described) != fingerprint:
        raise DocumentRefused(name, "it changed while it was read.", "Publish again.")
    try:
        parsed = form.read(content, name, file.stem)
    except DocumentRefused:
        raise
    except Exception as error:
        _log.exception("reader failed on %r", name)
        reason = f"it could not be read ({type(error).__name__}); it may be damaged."
        raise DocumentRefused(name, reason, "Save it again from its program.") from error
    return Loaded(_guide(parsed, name, file.stem, source, about), parsed.warnings)


def _guide(
    parsed: ParsedDocument, name: str, language: str, source: str, about: GuideFile
) -> Guide:
    facts = (entry.in_language(language) for entry in about.facts)
    return Guide(
        id=about.id,
        title=parsed.title,
        language=language,
        source=source,
        document=name,
        sections=parsed.sections,
        description=parsed.description,
        address=about.addresses.get(language),
        authority=about.authority,
        department=about.department,
        audiences=about.audiences,
        theme=about.theme,
        facts=tuple(fact for fact in facts if fact is not None),
        valid_from=about.valid_from,
        valid_until=about.valid_until,
        review_by=about.review_by,
        updated_on=about.updated_on,
        licence=about.licence,
        attribution=about.attribution,
    )
