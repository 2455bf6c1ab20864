"""Whether a person can come now: said before anybody is asked to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Open:
    """Somebody can come: ``ahead`` wait before a newcomer, who waits about ``wait_seconds``."""

    ahead: int
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The desk is closed; it opens again at ``next_opening``, if ever within a year."""

    next_opening: datetime | None


@dataclass(frozen=True, slots=True)
class Nobody:
    """The desk should be open, and nobody is there."""

    next_opening: datetime | None


@dataclass(frozen=True, slots=True)
class Full:
    """So many wait that a newcomer would wait too long, or past closing time."""

    ahead: int
    next_opening: datetime | None


Availability = Open | Closed | Nobody | Full
