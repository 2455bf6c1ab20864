"""What simulated office weeks came to: every unsure outcome's end, and the wait told, and true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.chat.moments import whole_minutes
from civic_assistant.handoff.estimate import PICK_UP_SECONDS
from civic_assistant.settings import Settings
from evals.handoff.office import Office, Told, ends

SETTINGS = {"presence_seconds": 75, "wait_limit_minutes": 45, "desk_seats": 1}
"""Staff are heard of every 30 s here, not every 15. With one seat each queues grow, and waits long
enough to be judged are told."""
NEAR_MINUTES = 5.0


@dataclass(frozen=True, slots=True)
class Judged:
    """The wait told against the wait that came, in minutes, over those whom a person reached.

    ``bias`` is told minus true; ``no_later`` the share whom a person reached within the whole
    minutes that the page says; ``near`` the share at most five minutes off.
    """

    name: str
    waits: int
    told: float
    true: float
    bias: float
    absolute: float
    middle: float
    no_later: float
    near: float


@dataclass(frozen=True, slots=True)
class Week:
    """All weeks together: how outcomes ended, and the waits; ``full`` were told the queue is."""

    seeds: tuple[int, ...]
    ends: dict[str, int]
    full: int
    left_queue: int
    waits: tuple[Told, ...]
    judged: tuple[Judged, ...]

    @property
    def left_over(self) -> int:
        """How many unsure outcomes came to no end."""
        return self.ends["left over"]


def live_weeks(seeds: Sequence[int], scratch: Path) -> Week:
    """Let a week pass for each seed, in a database of its own below ``scratch``."""
    found: Counter[str] = Counter()
    told: list[Told] = []
    full = 0
    for seed in seeds:
        url = f"sqlite:///{scratch / f'week-{seed}.sqlite'}"
        settings = Settings.model_validate({**SETTINGS, "database_url": SecretStr(url)})
        engine = open_records(settings)
        office = Office(engine, settings, seed)
        office.run()
        found.update(ends(office))
        told += office.waits.values()
        full += office.full
        engine.dispose()
    came = [one for one in told if one.true is not None]
    return Week(
        seeds=tuple(seeds),
        ends=dict(found),
        full=full,
        left_queue=len(told) - len(came),
        waits=tuple(came),
        judged=tuple(_groups(came)),
    )


def judged(name: str, waits: Sequence[Told]) -> Judged:
    """Compare what was told with what came, over at least one wait."""
    pairs = [(one.estimated / 60, (one.true or 0.0) / 60) for one in waits]
    off = [abs(told - true) for told, true in pairs]
    return Judged(
        name=name,
        waits=len(pairs),
        told=fmean(told for told, _ in pairs),
        true=fmean(true for _, true in pairs),
        bias=fmean(told - true for told, true in pairs),
        absolute=fmean(off),
        middle=median(off),
        no_later=fmean(true <= whole_minutes(60 * told) for told, true in pairs),
        near=fmean(one <= NEAR_MINUTES for one in off),
    )


def _groups(waits: Sequence[Told]) -> list[Judged]:
    groups = {
        "all": list(waits),
        "a seat was free": [one for one in waits if one.estimated <= PICK_UP_SECONDS],
        "up to 5 min told": [one for one in waits if PICK_UP_SECONDS < one.estimated <= 300],
        "5 to 15 min told": [one for one in waits if 300 < one.estimated <= 900],
        "longer told": [one for one in waits if one.estimated > 900],
    }
    return [judged(name, some) for name, some in groups.items() if some]
