"""Archives from outside: fetched within bounds, read member by member, nothing unpacked to disk."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException, HTTPMessage
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from civic_assistant.errors import DocumentRefused, SourceError
from ingest.bounds import MEGABYTE

_CHUNK = 1024 * 1024
_SECONDS = 60.0
_DO_NOT = "Do not publish it; fetch the archive again from the official address."


@dataclass(frozen=True, slots=True)
class ArchiveBounds:
    """What an archive may hold at most; the feed has about 5,000 members, 150 MB unpacked."""

    packed_bytes: int = 300 * MEGABYTE
    members: int = 50_000
    unpacked_bytes: int = 2_000 * MEGABYTE
    member_bytes: int = 16 * MEGABYTE
    ratio: int = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; ``read`` returns its bytes or raises `DocumentRefused`."""

    name: str
    read: Callable[[], bytes]


def fetched_archive(archive: str, downloads: Path, bounds: ArchiveBounds) -> Path:
    """Return the path of an archive; one given by address is fetched into ``downloads`` first.

    Raises:
        SourceError: The address is not https, does not answer, or sends too much.
    """
    if "://" not in archive:
        return Path(archive)
    remedy = "Check the address, or download the archive yourself and give its path."
    _require_https(archive, archive)
    target = downloads / f"archive-{hashlib.sha256(archive.encode()).hexdigest()[:12]}.zip"
    part = target.with_suffix(".part")
    downloads.mkdir(parents=True, exist_ok=True)
    request = Request(archive, headers={"User-Agent": "civic-assistant"})
    try:
        opener = build_opener(_HttpsOnly)
        with opener.open(request, timeout=_SECONDS) as answer, part.open("wb") as file:
            while chunk := answer.read(_CHUNK):
                if file.tell() + len(chunk) > bounds.packed_bytes:
                    limit = bounds.packed_bytes // MEGABYTE
                    raise SourceError(f"{archive!r} sends more than {limit} MB. {remedy}")
                file.write(chunk)
        part.replace(target)
    except (OSError, HTTPException) as error:
        raise SourceError(f"{archive!r} cannot be fetched ({error}). {remedy}") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def open_archive(path: Path, bounds: ArchiveBounds) -> Iterator[Member | DocumentRefused]:
    """Yield each file of the archive, or its refusal; the archive stays open while they are kept.

    Raises:
        SourceError: It is no ZIP archive, or too large as a whole.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        reason = f"The archive {str(path)!r} cannot be opened ({error})."
        raise SourceError(f"{reason} Check the path, or fetch it again.") from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > bounds.members or unpacked > bounds.unpacked_bytes:
        archive.close()
        holds = f"{len(entries)} files of {unpacked / MEGABYTE:.0f} MB"
        limit = f"{bounds.members} files of {bounds.unpacked_bytes // MEGABYTE} MB"
        raise SourceError(
            f"The archive {str(path)!r} holds {holds}; at most {limit} are read. {_DO_NOT}"
        )
    for entry in entries:
        refusal = _refusal(entry, bounds)
        yield refusal or Member(entry.filename, partial(_read, archive, entry, bounds))


def _refusal(entry: zipfile.ZipInfo, bounds: ArchiveBounds) -> DocumentRefused | None:
    name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name:
        return DocumentRefused(name, "its name leads out of the archive.", _DO_NOT)
    if entry.flag_bits & 1:
        return DocumentRefused(name, "it is under a password.", _DO_NOT)
    if entry.file_size > bounds.member_bytes:
        reason = f"it has {entry.file_size / MEGABYTE:.0f} MB unpacked; at most "
        reason += f"{bounds.member_bytes / MEGABYTE:.0f} MB are read."
        return DocumentRefused(name, reason, _DO_NOT)
    if entry.file_size > max(MEGABYTE, bounds.ratio * entry.compress_size):
        reason = f"it grows more than {bounds.ratio} times when unpacked."
        return DocumentRefused(name, reason, _DO_NOT)
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, bounds: ArchiveBounds) -> bytes:
    """Return a member's bytes, never more than the bound whatever its header says."""
    name = entry.filename
    try:
        with archive.open(entry) as file:
            content = file.read(bounds.member_bytes + 1)
    # zipfile raises RuntimeError and NotImplementedError for what it cannot unpack.
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
        reason = f"it cannot be unpacked ({error})."
        raise DocumentRefused(name, reason, "Fetch the archive again.") from error
    if len(content) > bounds.member_bytes:
        raise DocumentRefused(name, "it is larger than the archive says.", _DO_NOT)
    if not content.strip():
        raise DocumentRefused(name, "it is empty.", "Fetch the archive again.")
    return content


class _HttpsOnly(HTTPRedirectHandler):
    """Follows no redirection that leaves https."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """Return the request for the new address, or raise `SourceError`."""
        _require_https(newurl, req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _require_https(address: str, asked: str) -> None:
    if urlsplit(address).scheme != "https":
        leads = "" if address == asked else f" leads to {address!r}, which"
        raise SourceError(f"The address {asked!r}{leads} is not https. Give an https address.")
