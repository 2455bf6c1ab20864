"""The figures of the human side: what was counted, by reason, language, desk or time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy import func, select

from civic_assistant.handoff.events import EVENT_KINDS, EventKind
from civic_assistant.handoff.store import Store
from civic_assistant.handoff.tables import EVENTS

Grouping = Literal["reason", "language", "desk", "hour", "weekday", "day", "close_reason"]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one group: how often each kind of event came, and the mean of its seconds.

    ``group`` is a name, an hour (0 to 23), a weekday (0 is Monday) or a date as text; empty when
    nothing is grouped. ``mean_seconds`` holds the kinds that were measured only.
    """

    group: str
    counts: dict[EventKind, int]
    mean_seconds: dict[EventKind, float]


@dataclass(slots=True)
class _Sums:
    counts: dict[EventKind, int] = field(default_factory=dict)
    measured: dict[EventKind, int] = field(default_factory=dict)
    seconds: dict[EventKind, float] = field(default_factory=dict)


class Figures:
    """Reads what was counted; nothing in it leads back to a conversation."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def counts(self, since: date, until: date, by: Grouping | None = None) -> tuple[FigureRow, ...]:
        """Return the figures of the days from ``since`` to ``until``, both included, by group.

        Days and hours are those of the town hall's clock. Groups come in the order of their names
        or times.
        """
        column = EVENTS.c.day if by in (None, "weekday") else EVENTS.c[by]
        query = (
            select(
                column,
                EVENTS.c.kind,
                func.count(),
                func.count(EVENTS.c.seconds),
                func.sum(EVENTS.c.seconds),
            )
            .where(EVENTS.c.day >= since, EVENTS.c.day <= until)
            .group_by(column, EVENTS.c.kind)
        )
        groups: dict[str | int, _Sums] = {}
        with self._store.reading() as connection:
            for value, kind, counted, measured, seconds in connection.execute(query):
                sums = groups.setdefault(_group(value, by), _Sums())
                sums.counts[kind] = sums.counts.get(kind, 0) + counted
                sums.measured[kind] = sums.measured.get(kind, 0) + measured
                sums.seconds[kind] = sums.seconds.get(kind, 0.0) + (seconds or 0.0)
        return tuple(_row(str(group), groups[group]) for group in sorted(groups))

    def seconds(self, kind: EventKind, since: date, until: date) -> tuple[float, ...]:
        """Return every measured length of a kind, sorted: for medians and percentiles."""
        query = (
            select(EVENTS.c.seconds)
            .where(
                EVENTS.c.kind == kind,
                EVENTS.c.day >= since,
                EVENTS.c.day <= until,
                EVENTS.c.seconds.is_not(None),
            )
            .order_by(EVENTS.c.seconds)
        )
        with self._store.reading() as connection:
            return tuple(float(value) for value in connection.scalars(query))


def as_csv(rows: Iterable[FigureRow], group: str = "group") -> str:
    """Return the figures as CSV: one line a group; every kind's count, then the mean seconds."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    measured = ("waited", "answered", "abandoned", "closed")
    table.writerow([group, *EVENT_KINDS, *(f"{kind}_mean_seconds" for kind in measured)])
    for row in rows:
        means = (row.mean_seconds.get(kind) for kind in EVENT_KINDS if kind in measured)
        counts = (row.counts.get(kind, 0) for kind in EVENT_KINDS)
        table.writerow([row.group, *counts, *("" if m is None else f"{m:.1f}" for m in means)])
    return written.getvalue()


def _group(value: object, by: Grouping | None) -> str | int:
    match value:
        case _ if by is None:
            return ""
        case date() if by == "weekday":
            return value.weekday()
        case date():
            return value.isoformat()
        case int():
            return value
        case _:
            return str(value or "")


def _row(group: str, sums: _Sums) -> FigureRow:
    means = {kind: sums.seconds[kind] / count for kind, count in sums.measured.items() if count}
    return FigureRow(group, sums.counts, means)
