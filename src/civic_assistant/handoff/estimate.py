"""How long a newcomer waits: from who is ahead, the seats, and how long a conversation takes.

With every seat taken, one of *c* conversations of mean length *m* ends every *m/c*: who needs *k*
of them to end waits *k·m/c*. That is exact for lengths without memory (M/M/c, first come first
served) and near for others; it grows with the queue. (Bürokratt divides total time by the people
waiting, so that its estimate falls as the queue grows.) ``tests/handoff/test_estimate.py`` holds
it against simulated days.
"""

from __future__ import annotations

from collections.abc import Sequence

PICK_UP_SECONDS = 20.0
"""What a member of staff with a free seat takes to see who waits, and claim."""

PRIOR_WEIGHT = 5
"""The setting 'handling_minutes' counts as so many conversations among those measured."""

MEASURED = 50
"""At most so many of a desk's last conversations tell how long one takes."""


def wait_seconds(ahead: float, free: int, seats: int, handling_seconds: float) -> float:
    """Return the expected wait behind ``ahead`` people, of ``seats`` with ``free`` ones among them.

    ``seats`` is at least 1. Seats and lengths are those of the staff who are present now.
    """
    endings_needed = ahead + 1 - free
    return PICK_UP_SECONDS + max(0.0, endings_needed) * handling_seconds / seats


def handling_seconds(measured: Sequence[float], prior_seconds: float) -> float:
    """Return the mean length of a conversation in a person's hands, measured and expected."""
    total = sum(measured) + PRIOR_WEIGHT * prior_seconds
    return total / (len(measured) + PRIOR_WEIGHT)
