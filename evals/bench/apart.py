"""Work in a process of its own, and the memory that a process takes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Returned = TypeVar("Returned")
MIB = 1024 * 1024


def apart(work: Callable[Given, Returned], *given: Given.args, **named: Given.kwargs) -> Returned:
    """Return what ``work`` returns in a fresh process, which shares no memory with this one."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *given, **named).result()


def resident_mib() -> float:
    """Return the memory that this process holds now, in MiB."""
    return _status("VmRSS")


def peak_mib() -> float:
    """Return the most memory that this process held, in MiB.

    Linux's ``ru_maxrss`` would count the parent's as well.
    """
    return _status("VmHWM")


def disk_mib(path: Path) -> float:
    """Return what a file, or the files below a folder, take in MiB."""
    files = [path, *path.rglob("*")]
    return sum(file.stat().st_size for file in files if file.is_file()) / MIB


def _status(field: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(kib) / 1024
