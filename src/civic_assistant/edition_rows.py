"""Editions, the live pointer and its log in the catalogue's tables; each call in a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from civic_assistant.catalogue_tables import EDITION, EDITION_GUIDE, LIVE, SWITCH
from civic_assistant.edition_log import EditionEntry, NewEdition, Switch, SwitchKind
from civic_assistant.errors import EditionMissing, EditionStale, IndexUnusable

_STATE = sa.case(
    (EDITION.c.dropped_at.is_not(None), "dropped"),
    (sa.exists().where(SWITCH.c.edition == EDITION.c.number), "published"),
    else_="staged",
)
_ENTRY_FIELDS = [_STATE if name == "state" else EDITION.c[name] for name in EditionEntry.__slots__]
_SWITCH_FIELDS = [SWITCH.c[name] for name in Switch.__slots__]


def read_editions(connection: sa.Connection, number: int | None = None) -> list[EditionEntry]:
    """Return the editions in the order of their numbers, or the one of this number."""
    query = sa.select(*_ENTRY_FIELDS).order_by(EDITION.c.number)
    if number is not None:
        query = query.where(EDITION.c.number == number)
    return [EditionEntry(*row) for row in connection.execute(query)]


def read_switches(connection: sa.Connection) -> list[Switch]:
    """Return the moves of the live pointer, oldest first."""
    query = sa.select(*_SWITCH_FIELDS).order_by(SWITCH.c.id)
    return [Switch(*row) for row in connection.execute(query)]


def write_edition(
    connection: sa.Connection, digests: Iterable[str], new: NewEdition, at: datetime
) -> int:
    """Write down a new edition, and return its number."""
    number: int = connection.execute(
        sa.insert(EDITION).values(staged_at=at, **asdict(new)).returning(EDITION.c.number)
    ).scalar_one()
    rows = [{"edition": number, "digest": digest} for digest in sorted(set(digests))]
    if rows:
        connection.execute(sa.insert(EDITION_GUIDE), rows)
    return number


def move_pointer(
    connection: sa.Connection,
    number: int,
    at: datetime,
    kind: SwitchKind,
    author: str,
    reason: str,
) -> Switch:
    """Make an edition the live one, and write down who did so and why.

    Raises:
        EditionMissing: there is no such edition, or it was dropped.
        EditionStale: it is to be published, and the one it was planned on is not live.
        IndexUnusable: it is to be published, and was before.
    """
    entry = _kept(connection, number)
    live = connection.scalar(sa.select(LIVE.c.edition).where(LIVE.c.id == 1))
    if kind == "publish" and entry.state != "staged":
        when = "is live already" if number == live else "was live before: go back to it instead"
        raise IndexUnusable(f"edition {number} {when}")
    if kind == "publish" and entry.base != live:
        raise EditionStale(number, entry.base, live)
    connection.execute(sa.delete(LIVE))
    connection.execute(sa.insert(LIVE).values(id=1, edition=number))
    switch = Switch(at, number, live, author, reason, kind)
    connection.execute(sa.insert(SWITCH).values(asdict(switch)))
    return switch


def drop_edition(connection: sa.Connection, number: int, at: datetime) -> None:
    """Give up an edition that never was live; the line about it stays.

    Raises:
        EditionMissing: there is no such edition.
        IndexUnusable: it was live once.
    """
    entry = _kept(connection, number)
    if entry.state != "staged":
        raise IndexUnusable(f"edition {number} was live: only the purge drops such editions")
    forget_editions(connection, [number], at)


def forget_editions(connection: sa.Connection, numbers: Iterable[int], at: datetime) -> None:
    """Take the guides out of editions; the lines about them stay."""
    gone = list(numbers)
    connection.execute(sa.delete(EDITION_GUIDE).where(EDITION_GUIDE.c.edition.in_(gone)))
    connection.execute(sa.update(EDITION).where(EDITION.c.number.in_(gone)).values(dropped_at=at))


def _kept(connection: sa.Connection, number: int) -> EditionEntry:
    found = read_editions(connection, number)
    if not found:
        raise EditionMissing(number)
    if found[0].state == "dropped":
        raise EditionMissing(number, is_dropped=True)
    return found[0]
