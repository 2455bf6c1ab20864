"""How often somebody may try to sign in, counted in the database for every process at once.

Neither an address nor a login is kept, only which of 1,048,576 buckets it falls into, which 4,096
IPv4 addresses share; and that no longer than until the next attempt after a minute. Two who share a
bucket within the same minute would share the limit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.desk.tables import STAFF_ATTEMPTS
from civic_assistant.limits import WINDOW_SECONDS, network_of
from civic_assistant.records import writing

_BUCKET_DIGITS = 5
"""Hexadecimal digits: 20 bits."""


class Attempts:
    """A sliding minute for each address or login; safe to share between threads and processes."""

    def __init__(self, engine: Engine, kind: Literal["address", "login"], per_minute: int) -> None:
        self._engine = engine
        self._kind = kind
        self._per_minute = per_minute

    def admits(self, who: str, now: datetime) -> bool:
        """Whether one more attempt may be made now; if so, this counts as one.

        What is turned away does not count, so that waiting always helps. Raises `RecordsUnusable`.
        """
        bucket = bucket_of(self._kind, who)
        since = (now - timedelta(seconds=WINDOW_SECONDS)).timestamp()
        with writing(self._engine) as connection:
            _forget(connection, now)
            moments = [at for at in _locked(connection, bucket, now) if at > since]
            if len(moments) >= self._per_minute:
                return False
            row = update(STAFF_ATTEMPTS).where(STAFF_ATTEMPTS.c.bucket == bucket)
            moments.append(now.timestamp())
            connection.execute(row.values(moments=moments, last_at=now))
            return True


def bucket_of(kind: str, who: str) -> str:
    """Return the bucket of an address or a login; an IPv6 address counts as its /64 network."""
    counted = network_of(who) if kind == "address" else who.strip().lower()[:64]
    return f"{kind}-{sha256(f'{kind} {counted}'.encode()).hexdigest()[:_BUCKET_DIGITS]}"


def _locked(connection: Connection, bucket: str, now: datetime) -> list[float]:
    """Return the moments of a bucket (seconds since 1970), locked until the transaction ends."""
    row = select(STAFF_ATTEMPTS.c.moments).where(STAFF_ATTEMPTS.c.bucket == bucket)
    found = connection.scalar(row.with_for_update())
    if found is None:
        try:
            with connection.begin_nested():
                empty = {"bucket": bucket, "moments": [], "last_at": now}
                connection.execute(insert(STAFF_ATTEMPTS).values(empty))
        except IntegrityError:  # another process was first
            found = connection.scalar(row.with_for_update())
    return cast("list[float]", found or [])


def _forget(connection: Connection, now: datetime) -> None:
    # Who is being counted at this moment is left alone: nobody waits for anybody here.
    old = STAFF_ATTEMPTS.c.last_at <= now.astimezone(UTC) - timedelta(seconds=WINDOW_SECONDS)
    free = select(STAFF_ATTEMPTS.c.bucket).where(old).with_for_update(skip_locked=True)
    connection.execute(delete(STAFF_ATTEMPTS).where(STAFF_ATTEMPTS.c.bucket.in_(free)))
