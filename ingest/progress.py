"""Progress bars of a publish, or silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Advance = Callable[[int], object]


class Progress:
    """Shows how far each stage of a publish is, on standard error, when ``visible``."""

    def __init__(self, *, visible: bool) -> None:
        self._visible = visible

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        """Show a stage of ``total`` steps (unknown when None); yields what advances it."""
        with tqdm(total=total, desc=name, unit="", disable=not self._visible, leave=False) as bar:
            yield bar.update
