"""Who of the staff is there: arrived, heard of within the last seconds, with how many seats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.errors import NotPresent
from civic_assistant.handoff.giving_back import give_back_all
from civic_assistant.handoff.store import Change, Store
from civic_assistant.handoff.tables import STAFF
from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff at the desk: for which desks, with how many conversations at a time."""

    id: str
    name: str
    desks: tuple[str, ...]
    seats: int
    is_away: bool
    seen_at: datetime


class Presence:
    """Staff arrive, are heard of, go away and leave; safe to share between threads."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def arrive(
        self,
        staff_id: str,
        *,
        name: str,
        desks: Sequence[str],
        now: datetime,
        seats: int | None = None,
    ) -> Staff:
        """Take a place at these desks, under the name that citizens read; again: change it.

        Without ``seats`` the setting 'desk_seats' counts.
        """
        values: dict[str, object] = {
            "name": name.strip()[:120] or staff_id[:120],
            "desks": list(dict.fromkeys(desks)),
            "seats": max(1, seats or self._settings.desk_seats),
            "is_away": False,
            "seen_at": now,
        }
        with self._store.changing() as change:
            try:
                with change.connection.begin_nested():
                    change.connection.execute(insert(STAFF).values(id=staff_id, **values))
            except IntegrityError:
                known = update(STAFF).where(STAFF.c.id == staff_id)
                change.connection.execute(known.values(**values))
            return self._told(change, staff_id)

    def beat(self, staff_id: str, now: datetime) -> bool:
        """Say that the desk's page is open, every 15 s; False: not known, arrive again."""
        with self._store.changing() as change:
            heard = update(STAFF).where(STAFF.c.id == staff_id).values(seen_at=now)
            return change.connection.execute(heard).rowcount == 1

    def set_away(self, staff_id: str, is_away: bool, now: datetime) -> Staff:
        """Take no new conversations for a while, or take them again; those held are kept.

        Raises `NotPresent`.
        """
        with self._store.changing() as change:
            heard = update(STAFF).where(STAFF.c.id == staff_id)
            change.connection.execute(heard.values(is_away=is_away, seen_at=now))
            return self._told(change, staff_id)

    def leave(self, staff_id: str, now: datetime) -> int:
        """Go; return how many conversations the person gave back by it."""
        with self._store.changing() as change:
            # Conversations are locked before staff, as in a claim: neither waits for the other.
            given = give_back_all(change, staff_id, now)
            for desk in _desks_of(change.connection, staff_id):
                change.desk_changed(desk)
            change.connection.execute(delete(STAFF).where(STAFF.c.id == staff_id))
            return given

    def present(self, now: datetime, desk: str | None = None) -> tuple[Staff, ...]:
        """Return who is there, of one desk or of all, the longest known first."""
        with self._store.reading() as connection:
            everybody = present_staff(connection, now, self._settings.presence_seconds)
        return tuple(one for one in everybody if desk is None or desk in one.desks)

    def _told(self, change: Change, staff_id: str) -> Staff:
        row = change.connection.execute(select(STAFF).where(STAFF.c.id == staff_id)).one_or_none()
        if row is None:
            raise NotPresent(staff_id)
        staff = _staff(row)
        for desk in staff.desks:
            change.desk_changed(desk)
        return staff


def present_staff(connection: Connection, now: datetime, seconds: int) -> tuple[Staff, ...]:
    """Return who was heard of within so many seconds, away or not."""
    query = select(STAFF).where(STAFF.c.seen_at > now - timedelta(seconds=seconds))
    return tuple(_staff(row) for row in connection.execute(query.order_by(STAFF.c.id)))


def locked_staff(connection: Connection, staff_id: str, now: datetime, seconds: int) -> Staff:
    """Return a member of staff who is there, locked until the transaction ends.

    Two claims of one person are decided one after the other by it. Raises `NotPresent`.
    """
    query = select(STAFF).where(
        STAFF.c.id == staff_id, STAFF.c.seen_at > now - timedelta(seconds=seconds)
    )
    row = connection.execute(query.with_for_update()).one_or_none()
    if row is None:
        raise NotPresent(staff_id)
    return _staff(row)


def _desks_of(connection: Connection, staff_id: str) -> tuple[str, ...]:
    desks = connection.scalar(select(STAFF.c.desks).where(STAFF.c.id == staff_id))
    return tuple(desks or ())


def _staff(row: Row[tuple[object, ...]]) -> Staff:
    values = row._mapping
    return Staff(
        id=str(values["id"]),
        name=str(values["name"]),
        desks=tuple(cast("list[str]", values["desks"])),
        seats=cast(int, values["seats"]),
        is_away=bool(values["is_away"]),
        seen_at=cast(datetime, values["seen_at"]),
    )
