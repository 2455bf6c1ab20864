"""The guides that are published in a measurement: the town's, and a sample of the national ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Audience, Guide
from ingest.folder import FolderSource
from ingest.national.source import FOLDERS, NationalFolder
from ingest.sources import Source

AUDIENCE: Audience = "individuals"


def sample(national: Path, sheets: int, scratch: Path) -> Path:
    """Copy some sheets of an unpacked ``national`` package below ``scratch``; return where.

    They are ``sheets`` at most, evenly spread over those for individuals, so that nothing else is
    listed when they are published.

    Raises:
        SourceError: the package holds no sheet.
    """
    folders = (national / "package" / "data", national / "data", national)
    folder = next((f for f in folders if f.is_dir()), national) / FOLDERS[AUDIENCE]
    files = sorted(folder.glob("F*.json"))
    if not files:
        raise SourceError(f"no sheet in {str(folder)!r}: give the folder of the unpacked package")
    target = scratch / "national" / FOLDERS[AUDIENCE]
    target.mkdir(parents=True)
    for number in range(min(sheets, len(files))):
        shutil.copy(files[number * len(files) // min(sheets, len(files))], target)
    return target.parent


def sources(corpus: Path, sampled: Path | None) -> tuple[Source, ...]:
    """Return the town's corpus and, where there is one, the sample of national sheets.

    They are opened anew in each process: what reads the corpus cannot be handed over.
    """
    town = FolderSource(corpus)
    return (town,) if sampled is None else (town, NationalFolder(sampled, (AUDIENCE,)))


def read_guides(of: Iterable[Source]) -> Sequence[Guide]:
    """Return every guide of the sources that can be read, in their order."""
    guides = []
    for source in of:
        for document in source.documents():
            try:
                if not isinstance(document, DocumentRefused):
                    guides.append(document.load().guide)
            except DocumentRefused:
                continue
    return guides
