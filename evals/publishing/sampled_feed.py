"""The two versions of the national feed that an update leads between, whole or a share of them."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civic_assistant.errors import DocumentRefused, SourceError
from civic_assistant.guides import Audience, Guide
from ingest.national.source import FOLDERS
from ingest.readers.service_public import parse_json, read_sheet

_SHARES = 1_000_000
_AMOUNT = re.compile(r"\d+(?=(?:[\u00a0\u202f ]\d{3})*(?:,\d+)?[\u00a0\u202f ]?€)")


@dataclass(frozen=True, slots=True)
class FeedDifference:
    """How many files of the feed are there, came, read otherwise and went, byte by byte."""

    files: int
    added: int
    changed: int
    withdrawn: int


def data_folder(package: Path) -> Path:
    """Return the folder of an unpacked package that holds a folder for each audience."""
    folders = (package / "data", package / "package" / "data", package)
    return next(folder for folder in folders if folder.is_dir() or folder == package)


def sampled(
    package: Path, audiences: Sequence[Audience], share: float, seed: int, target: Path
) -> Path:
    """Copy a share (0 to 1) of a package's sheets below ``target`` and return that folder.

    The number of a sheet decides, with the seed: two versions are left with the same sheets. Whole
    when ``share`` is 1: then the files are linked, where the disk can do that.

    Raises:
        SourceError: no sheet is left of an audience.
    """
    for audience in audiences:
        folder = target / "data" / FOLDERS[audience]
        folder.mkdir(parents=True)
        for file in sheets_of(package, audience):
            if _part(file.stem, seed) < share:
                _link(file, folder / file.name)
        if not any(folder.iterdir()):
            what = f"{share:.2%} of {str(data_folder(package) / FOLDERS[audience])!r}"
            raise SourceError(f"{what} are no sheet: give a larger --share, or another folder")
    return target


def sheets_of(package: Path, audience: Audience) -> list[Path]:
    """Return the files of an audience's sheets, in the order of their names."""
    return sorted((data_folder(package) / FOLDERS[audience]).glob("[FRN]*.json"))


def feed_difference(before: Path, after: Path, audiences: Sequence[Audience]) -> FeedDifference:
    """Compare the sheets of two packages, file by file."""
    old, new = (
        {f"{file.parent.name}/{file.name}": file for a in audiences for file in sheets_of(one, a)}
        for one in (before, after)
    )
    shared = old.keys() & new.keys()
    return FeedDifference(
        files=len(new),
        added=len(new.keys() - old.keys()),
        changed=sum(old[name].read_bytes() != new[name].read_bytes() for name in shared),
        withdrawn=len(old.keys() - new.keys()),
    )


def change_one_sheet(package: Path, audiences: Sequence[Audience], seed: int) -> str:
    """Raise an amount in one sheet of a package, by which its guide reads otherwise.

    Chance decides which; a sheet that lies in several folders is left alone. Returns its name.

    Raises:
        SourceError: no sheet names an amount in its text.
    """
    found = [(file, a) for a in audiences for file in sheets_of(package, a)]
    copies: dict[str, int] = {}
    for file, _ in found:
        copies[file.name] = copies.get(file.name, 0) + 1
    random.Random(seed).shuffle(found)
    for file, audience in found:
        if copies[file.name] > 1:
            continue
        content = file.read_bytes()
        before = _guide(content, file.name, audience)
        for changed in _raised(content) if before else ():
            after = _guide(changed, file.name, audience)
            if (
                before
                and after
                and [s.text for s in before.sections] != [s.text for s in after.sections]
            ):
                file.unlink()  # it may be a link to the package's own file
                file.write_bytes(changed)
                return f"{file.parent.name}/{file.name}"
    raise SourceError(f"no sheet in {str(package)!r} names an amount in its text")


def _guide(content: bytes, name: str, audience: Audience) -> Guide | None:
    try:
        return read_sheet(parse_json(content, name), name, audience)
    except DocumentRefused:
        return None


def _raised(content: bytes) -> Iterator[bytes]:
    """Yield the sheet with one of its amounts raised, for each amount in turn."""
    tree = json.loads(content)
    for node in _texts(tree):
        text = node["text"]
        changed = _AMOUNT.sub(lambda found: str(int(found[0]) + 1), text, count=1)
        if changed != text:
            node["text"] = changed
            yield json.dumps(tree, ensure_ascii=False).encode()
            node["text"] = text


def _texts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(node.get("text"), str):
        yield node
    for child in node.get("children", ()):
        yield from _texts(child)


def _part(name: str, seed: int) -> float:
    digest = hashlib.sha256(f"{seed} {name}".encode()).digest()
    return int.from_bytes(digest[:8]) % _SHARES / _SHARES


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(file, target)
