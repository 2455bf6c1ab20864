"""A Git checkout as guides to publish: what its HEAD holds, by whom and why."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from civic_assistant.errors import SourceError
from ingest.bounds import MEGABYTE
from ingest.formats import printable

COMMIT_FILES = 20_000
COMMIT_BYTES = 2_000 * MEGABYTE
"""Most bytes of the guides' folder in a commit."""
AUTHOR_CHARACTERS = 120
MESSAGE_CHARACTERS = 360
_SECONDS = 60.0
# While one of these lies in the repository HEAD stands on commits that nobody means to publish.
_UNDER_WAY = ("rebase-merge", "rebase-apply", "BISECT_LOG")


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its name in hex, who made it, and its message on one line."""

    name: str
    author: str
    message: str

    @property
    def reason(self) -> str:
        """The message with the commit's short name, as the history of editions shows it."""
        return f"{self.message} ({self.name[:10]})".strip()


class Checkout:
    """The Git checkout that a folder of guides lies in; only what is committed is read of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        try:
            self._repository = Path(self._said("rev-parse", "--absolute-git-dir"))
            self._prefix = self._said("rev-parse", "--show-prefix")
            # From below, Git would look for the folder in the folder itself.
            self._folder = Path(self._said("rev-parse", "--show-toplevel"))
        except SourceError as error:
            reason = f"{str(folder)!r} is in no Git checkout that can be read ({error})"
            raise SourceError(f"{reason}: check the path, or watch the folder itself") from error

    def head(self) -> str | None:
        """Return the commit that HEAD is at, or None while a rebase or a bisection moves it.

        Raises:
            SourceError: Git fails, or there is no commit yet.
        """
        if any((self._repository / name).exists() for name in _UNDER_WAY):
            return None
        return self._said("rev-parse", "--verify", "HEAD^{commit}")

    def commit(self, name: str) -> Commit:
        """Return who made a commit and why; raises `SourceError` when there is none."""
        form = "--format=%an%x00%B"
        said = self._said("log", "-1", "--encoding=UTF-8", "--no-show-signature", form, name)
        author, _, message = said.partition("\0")
        return Commit(
            name,
            printable(" ".join(author.split()))[:AUTHOR_CHARACTERS],
            printable(" ".join(message.split()))[:MESSAGE_CHARACTERS],
        )

    @contextmanager
    def exported(self, commit: Commit) -> Iterator[Path]:
        """Write the guides' folder as it is in a commit into a folder of its own, for a while.

        Files that are being edited, or half checked out, are never seen.

        Raises:
            SourceError: The commit has no such folder, or more than the bounds allow.
        """
        with TemporaryDirectory(prefix="civic-commit-") as temporary:
            target = Path(temporary)
            self._export(f"{commit.name}:{self._prefix}", target)
            yield target

    def _export(self, tree: str, target: Path) -> None:
        command = [*self._git(), "archive", "--format=tar", tree]
        with (target / ".git-said").open("w+b") as said:
            git = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said)
            assert git.stdout is not None  # it is piped
            try:
                _unpack(git.stdout, target)
            except (tarfile.TarError, OSError) as error:
                said.seek(0)
                told = said.read(400).decode("utf-8", "replace").strip() or str(error)
                reason = f"the guides' folder of commit {tree[:10]} cannot be read ({told})"
                raise SourceError(f"{reason}: see that the commit holds it") from error
            finally:
                git.stdout.close()
                git.kill()
                git.wait()

    def _said(self, *arguments: str) -> str:
        """Return what Git prints; raises `SourceError` with what it complains of."""
        try:
            ended = subprocess.run(
                [*self._git(), *arguments], capture_output=True, timeout=_SECONDS, check=True
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SourceError(f"git cannot be run ({error}): install it") from error
        except subprocess.CalledProcessError as error:
            told = " ".join(error.stderr.decode("utf-8", "replace").split())[:400]
            raise SourceError(told or f"git ended with status {error.returncode}") from error
        return ended.stdout.decode("utf-8", "replace").rstrip("\n")

    def _git(self) -> list[str]:
        """Return how Git is called: it runs no program that the repository names."""
        return ["git", "-c", "core.fsmonitor=false", "-C", str(self._folder)]


def _unpack(archive: IO[bytes], target: Path) -> None:
    size = files = 0
    with tarfile.open(fileobj=archive, mode="r|") as members:
        for member in members:
            size, files = size + member.size, files + 1
            if size > COMMIT_BYTES or files > COMMIT_FILES:
                limit = f"{COMMIT_FILES} files and {COMMIT_BYTES // MEGABYTE} MB"
                raise tarfile.TarError(f"it holds more than {limit}")
            members.extract(member, target, filter="data")
