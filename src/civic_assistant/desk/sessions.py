"""Who is signed in: a token in a cookie, of which the database holds the digest only."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import cast

from sqlalchemy import Engine, delete, insert, select

from civic_assistant.desk.tables import STAFF_SESSIONS
from civic_assistant.records import reading, writing
from civic_assistant.settings import StaffRole


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff who is signed in: the identity that the handoff's ``staff_id`` names."""

    id: str
    name: str
    desks: tuple[str, ...]
    roles: tuple[StaffRole, ...]

    @property
    def is_lead(self) -> bool:
        """Whether every desk and the figures are theirs to see."""
        return "lead" in self.roles

    @property
    def is_editor(self) -> bool:
        """Whether they change and publish guides."""
        return "editor" in self.roles

    @property
    def is_at_desk(self) -> bool:
        """Whether they talk with citizens; who edits only has no place there and reads nothing."""
        return self.is_lead or "agent" in self.roles


class Sessions:
    """Sessions are opened, found and ended; each ends by itself after ``hours``."""

    def __init__(self, engine: Engine, hours: int) -> None:
        self._engine = engine
        self._lasts = timedelta(hours=hours)

    def open(self, member: Member, now: datetime) -> str:
        """Sign somebody in and return the new token, in clear only here; forget ended sessions."""
        token = secrets.token_urlsafe(32)
        row = {
            "digest": digest_of(token),
            "staff_id": member.id,
            "name": member.name,
            "desks": list(member.desks),
            "roles": list(member.roles),
            "opened_at": now,
            "ends_at": now + self._lasts,
        }
        with writing(self._engine) as connection:
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.ends_at <= now))
            connection.execute(insert(STAFF_SESSIONS).values(row))
        return token

    def member(self, token: str, now: datetime) -> Member | None:
        """Return who holds the token, or None when nobody does or the session is over."""
        query = select(STAFF_SESSIONS).where(
            STAFF_SESSIONS.c.digest == digest_of(token), STAFF_SESSIONS.c.ends_at > now
        )
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        values = row._mapping
        return Member(
            id=str(values["staff_id"]),
            name=str(values["name"]),
            desks=tuple(cast("list[str]", values["desks"])),
            roles=tuple(cast("list[StaffRole]", values["roles"])),
        )

    def end(self, token: str) -> None:
        """Sign the holder of the token out."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.digest == digest_of(token))
            )


def digest_of(token: str) -> str:
    """Return what is kept of a token; it has 256 random bits, so no salt is needed."""
    return sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """Return what a form must send back with a request that changes something.

    It follows from the cookie's token, which no other site can read, and does not tell it.
    """
    return hmac.new(token.encode(), b"civic-assistant desk form", sha256).hexdigest()


def is_own_form(token: str, sent: str) -> bool:
    """Whether a form came from a page of this session."""
    return hmac.compare_digest(form_token(token).encode(), sent.encode())
