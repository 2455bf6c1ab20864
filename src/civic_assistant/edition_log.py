"""The words of the log of editions: what each one was made for, and when which one was live."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EditionState = Literal["staged", "published", "dropped"]
"""``staged``: whole, and never live so far; ``published``: was or is live; ``dropped``: its content
is not kept any more, only this line about it."""
SwitchKind = Literal["publish", "back", "forward"]


@dataclass(frozen=True, slots=True)
class NewEdition:
    """What is written down with a new edition.

    ``source`` is the feed that was published, ``base`` the live edition that it was planned on;
    ``added``, ``changed`` and ``withdrawn`` count documents of the feed. ``keywords`` names the
    folder of its exact words.
    """

    source: str
    keywords: str
    author: str = ""
    reason: str = ""
    base: int | None = None
    added: int = 0
    changed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """One edition in the history; the fields are those of `NewEdition`."""

    number: int
    staged_at: datetime
    source: str
    author: str
    reason: str
    base: int | None
    state: EditionState
    added: int
    changed: int
    withdrawn: int
    keywords: str


@dataclass(frozen=True, slots=True)
class Switch:
    """The live pointer moved: to ``edition``, from ``before`` (None at the first one)."""

    at: datetime
    edition: int
    before: int | None
    author: str
    reason: str
    kind: SwitchKind


@dataclass(frozen=True, slots=True)
class Line:
    """The editions that *back* and *forward* lead through, nearest last; ``live`` between them."""

    past: tuple[int, ...]
    live: int | None
    future: tuple[int, ...]

    @property
    def back(self) -> int | None:
        """The edition that one step back leads to."""
        return self.past[-1] if self.past else None

    @property
    def forward(self) -> int | None:
        """The edition that one step forward leads to again."""
        return self.future[-1] if self.future else None


def line_of(switches: Iterable[Switch]) -> Line:
    """Return where back and forward lead after these switches, oldest first.

    As in a browser: what is published after a step back replaces what lay ahead.
    """
    past: list[int] = []
    future: list[int] = []
    live: int | None = None
    for switch in switches:
        left, entered = (future, past) if switch.kind == "back" else (past, future)
        if switch.kind != "publish" and switch.edition in entered:
            while live is not None and live != switch.edition:
                left.append(live)
                live = entered.pop()
            continue
        future.clear()
        if live is not None:
            past.append(live)
        live = switch.edition
    return Line(tuple(past), live, tuple(future))
