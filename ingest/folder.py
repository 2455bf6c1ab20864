"""The town's corpus: a folder a guide, a file a language."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Guide
from ingest.bounds import DESCRIPTION_BYTES, read_bounded
from ingest.documents import ParsedDocument
from ingest.editions.kept_documents import digest_of
from ingest.formats import FORMATS, UNREAD, is_document_name, printable
from ingest.guide_file import GUIDE_FILE, GuideFile, parse_guide_file
from ingest.orders import refuse_orders
from ingest.reading_process import ReadingProcess, shared_reading_process
from ingest.sources import DocumentFile, Loaded, SourceDocument

READER_VERSION = "3"
"""To be raised when a reader reads the same file differently, so that all are read again."""

_LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A corpus folder as a source of guides; folders that begin with ``_`` or ``.`` are none.

    ``over`` lays documents of a draft over the folder, by name: a file elsewhere that stands in
    for it, or None for one that is removed. Documents are read in the worker process ``reading``.
    """

    path: Path
    name: str = "town"
    over: Mapping[str, Path | None] = field(default_factory=dict)
    reading: ReadingProcess = field(default_factory=shared_reading_process)

    def documents(self) -> Iterator[SourceDocument | DocumentRefused]:
        """Yield the documents in the order of their names, with what is refused before reading.

        Every file of a guide is refused by its own name when the guide's ``guide.toml`` is, so
        that what is published of it stays until that is corrected.

        Raises:
            SourceError: There is no such folder, or a folder in it may not be read.
        """
        entries = {entry.name: entry for entry in _listed(self.path)}
        drafted = {name.split("/", maxsplit=1)[0] for name in self.over}
        for name in sorted(entries.keys() | drafted):
            if name.startswith(("_", ".")) or Path(name).stem == "README":
                continue
            if name in drafted or entries[name].is_dir():
                yield from self._guide(name)
            elif entries[name].suffix.lower() in FORMATS.keys() | UNREAD:
                remedy = f"Put it into a folder with its {GUIDE_FILE} as <language>.<ending>."
                reason = "it stands outside of a guide's folder."
                yield DocumentRefused(printable(name), reason, remedy)

    def loaded(self, name: str) -> Loaded:
        """Read one document by its name.

        Raises:
            DocumentRefused: It cannot be published as it is, or there is none.
        """
        found = self._guide(name.split("/", maxsplit=1)[0]) if is_document_name(name) else ()
        for document in found:
            if isinstance(document, SourceDocument) and document.name == name:
                return document.load()
            if isinstance(document, DocumentRefused) and document.document == name:
                raise document
        raise DocumentRefused(printable(name), "there is no such document.", "Look at the list.")

    def _guide(self, folder: str) -> Iterator[SourceDocument | DocumentRefused]:
        files = self._files(folder)
        description = files.pop(GUIDE_FILE, None)
        texts = {
            Path(file): path
            for file, path in files.items()
            if Path(file).suffix.lower() in FORMATS.keys() | UNREAD
            and not file.startswith((".", "~"))
        }
        if not texts:
            if description is not None:
                reason = "the guide has no text beside its guide.toml."
                name = printable(f"{folder}/{GUIDE_FILE}")
                yield DocumentRefused(name, reason, "Add <language>.md.")
            return
        languages: dict[str, list[str]] = defaultdict(list)
        for file in texts:
            languages[file.stem].append(file.name)
        for file, path in texts.items():
            name = printable(f"{folder}/{file.name}")
            try:
                self._stay_inside(path, name)
                _check_name(file, name, languages[file.stem])
                if description is None:
                    reason = f"its folder has no {GUIDE_FILE}."
                    remedy = f"Write a {GUIDE_FILE} with id and department."
                    raise DocumentRefused(name, reason, remedy)
                self._stay_inside(description, name)
                yield self._document(folder, path, name, description)
            except DocumentRefused as refusal:
                yield refusal

    def _files(self, folder: str) -> dict[str, Path]:
        """Return the files of a guide by name: those of the folder, with the draft's over them."""
        path = self.path / folder
        files = {file.name: file for file in _listed(path)} if path.is_dir() else {}
        for name, over in self.over.items():
            guide, file = name.split("/", maxsplit=1)
            if guide == folder and over is None:
                files.pop(file, None)
            elif guide == folder and over is not None:
                files[file] = over
        return dict(sorted(files.items()))

    def _document(self, folder: str, path: Path, name: str, description: Path) -> SourceDocument:
        described = read_bounded(description, name, DESCRIPTION_BYTES)
        about = parse_guide_file(described, name)
        if about.id != folder:
            other = (self.path / about.id).is_dir()
            owner = f"the guide in folder {about.id!r} has that id" if other else "they must agree"
            reason = f"its id is {about.id!r} and its folder {folder!r}; {owner}."
            raise DocumentRefused(name, reason, "Give the folder the name of its own, unique id.")
        content = read_bounded(path, name, FORMATS[Path(name).suffix.lower()])
        files = (
            DocumentFile(name, path, digest_of(content)),
            DocumentFile(f"{folder}/{GUIDE_FILE}", description, digest_of(described)),
        )
        fingerprint = _fingerprint(files)
        return SourceDocument(name, fingerprint, partial(self._load, about, files), files)

    def _load(self, about: GuideFile, files: tuple[DocumentFile, DocumentFile]) -> Loaded:
        """Read one document, which must still be the one that was listed."""
        text, name = files[0], files[0].name
        content = read_bounded(text.path, name, FORMATS[Path(name).suffix.lower()])
        described = read_bounded(files[1].path, name, DESCRIPTION_BYTES)
        if [digest_of(content), digest_of(described)] != [file.digest for file in files]:
            raise DocumentRefused(name, "it changed while it was read.", "Publish again.")
        language = Path(name).stem
        parsed = self.reading.read(content, name, language)
        guide = _guide(parsed, name, language, self.name, about)
        refuse_orders(guide)
        return Loaded(guide, parsed.warnings)

    def _stay_inside(self, path: Path, name: str) -> None:
        """Refuse a file that a symbolic link takes from outside the corpus."""
        if path in self.over.values():
            return
        try:
            inside = path.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError):
            inside = False
        if not inside:
            reason = f"{printable(path.name)} is a link that leads out of the corpus folder."
            raise DocumentRefused(name, reason, "Put the file itself there.")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        message = f"folder {str(folder)!r} cannot be read ({error.strerror}):"
        raise SourceError(f"{message} check the path and its rights") from error


def _check_name(file: Path, name: str, same_language: list[str]) -> None:
    if file.suffix.lower() in UNREAD:
        reason = f"{file.suffix} files are not read."
        raise DocumentRefused(name, reason, "Save it as .md, .html, .pdf or .docx.")
    if not _LANGUAGE.fullmatch(file.stem):
        reason = f"its name {file.stem!r} is no language of two letters."
        raise DocumentRefused(name, reason, f"Name it fr{file.suffix}, en{file.suffix}…")
    if len(same_language) > 1:
        reason = f"the guide has several files of one language: {', '.join(same_language)}."
        raise DocumentRefused(name, reason, "Keep one of them.")


def _fingerprint(files: tuple[DocumentFile, DocumentFile]) -> str:
    digest = hashlib.sha256(READER_VERSION.encode())
    for file in reversed(files):
        digest.update(bytes.fromhex(file.digest))
    return digest.hexdigest()


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
