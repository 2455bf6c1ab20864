"""How often somebody may try something in a minute, counted in the database for every process.

Neither an address nor a login is kept, only which of 1,048,576 buckets it falls into, which 4,096
IPv4 addresses share; and that no longer than until the next attempt after a minute. Two who share a
bucket within the same minute would share the limit.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from civic_assistant.limits import WINDOW_SECONDS, network_of
from civic_assistant.records import METADATA, UtcDateTime, writing

Kind = Literal["address", "login", "question"]
"""What is counted: sign-ins by address or by login, and questions by address."""
_BUCKET_DIGITS = 5
"""Hexadecimal digits: 20 bits."""

ATTEMPTS = Table(
    "attempt",
    METADATA,
    Column("bucket", String(32), primary_key=True),
    Column("moments", JSON, nullable=False),
    Column("last_at", UtcDateTime(), nullable=False, index=True),
)
"""``bucket`` is 20 bits of a digest of an address or a login, ``moments`` when it was counted in
the last minute (seconds since 1970)."""


class Attempts:
    """A sliding minute for each address or login; safe to share between threads and processes."""

    def __init__(self, engine: Engine, kind: Kind, per_minute: int) -> None:
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
            row = update(ATTEMPTS).where(ATTEMPTS.c.bucket == bucket)
            moments.append(now.timestamp())
            connection.execute(row.values(moments=moments, last_at=now))
            return True


def bucket_of(kind: Kind, who: str) -> str:
    """Return the bucket of an address or a login; an IPv6 address counts as its /64 network."""
    counted = who.strip().lower()[:64] if kind == "login" else network_of(who)
    return f"{kind}-{sha256(f'{kind} {counted}'.encode()).hexdigest()[:_BUCKET_DIGITS]}"


def _locked(connection: Connection, bucket: str, now: datetime) -> list[float]:
    """Return the moments of a bucket (seconds since 1970), locked until the transaction ends."""
    row = select(ATTEMPTS.c.moments).where(ATTEMPTS.c.bucket == bucket)
    found = connection.scalar(row.with_for_update())
    if found is None:
        try:
            with connection.begin_nested():
                empty = {"bucket": bucket, "moments": [], "last_at": now}
                connection.execute(insert(ATTEMPTS).values(empty))
        except IntegrityError:  # another process was first
            found = connection.scalar(row.with_for_update())
    return cast("list[float]", found or [])


def _forget(connection: Connection, now: datetime) -> None:
    # Who is being counted at this moment is left alone: nobody waits for anybody here.
    old = ATTEMPTS.c.last_at <= now.astimezone(UTC) - timedelta(seconds=WINDOW_SECONDS)
    free = select(ATTEMPTS.c.bucket).where(old).with_for_update(skip_locked=True)
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.bucket.in_(free)))
