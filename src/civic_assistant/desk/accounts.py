"""Local accounts of staff, for towns without an identity provider.

Logged: that an account was made, changed or removed. Never a login or a password.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.desk.tables import STAFF_ACCOUNTS, STAFF_SESSIONS
from civic_assistant.errors import AccountRefused, RecordMissing, RecordsUnusable
from civic_assistant.limits import plain_text
from civic_assistant.records import reading, writing
from civic_assistant.settings import StaffRole

logger = logging.getLogger(__name__)

PASSWORD_LEAST = 12
PASSWORD_MOST = 200
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff who signs in with a password; ``desks`` are the ids of the desks."""

    id: str
    login: str
    name: str
    desks: tuple[str, ...]
    roles: tuple[StaffRole, ...]
    created_at: datetime


class Accounts:
    """Accounts are added, listed, checked and removed."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        # A hash takes 64 MiB: one at a time, so that many attempts at once exhaust nothing.
        self._hashing = Lock()
        self._nobody = self._hash(secrets.token_urlsafe(32))

    def add(
        self,
        login: str,
        *,
        name: str,
        password: str,
        desks: Iterable[str],
        roles: Iterable[StaffRole],
        now: datetime,
    ) -> Account:
        """Keep a new account. Raises `AccountRefused`, which says what is wrong with it."""
        account = Account(
            id=secrets.token_hex(12),
            login=usable_login(login),
            name=plain_text(name).strip()[:120] or login,
            desks=tuple(dict.fromkeys(desks)),
            roles=tuple(dict.fromkeys(roles)) or ("agent",),
            created_at=now,
        )
        row = {
            "id": account.id,
            "login": account.login,
            "name": account.name,
            "password": self._hash(usable_password(password)),
            "desks": list(account.desks),
            "roles": list(account.roles),
            "created_at": now,
        }
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(STAFF_ACCOUNTS).values(row))
        except RecordsUnusable as error:
            if isinstance(error.__cause__, IntegrityError):
                message = f"login {account.login!r}: taken; choose another or remove it first."
                raise AccountRefused(message) from None
            raise
        logger.info("an account of staff was made")
        return account

    def accounts(self) -> tuple[Account, ...]:
        """Return every account, by login."""
        query = select(STAFF_ACCOUNTS).order_by(STAFF_ACCOUNTS.c.login)
        with reading(self._engine) as connection:
            return tuple(_account(row) for row in connection.execute(query))

    def remove(self, login: str) -> None:
        """Take an account away and sign it out everywhere. Raises `RecordMissing`."""
        staff_id = self._id_of(login)
        with writing(self._engine) as connection:
            connection.execute(delete(STAFF_ACCOUNTS).where(STAFF_ACCOUNTS.c.id == staff_id))
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.staff_id == staff_id))
        logger.info("an account of staff was removed")

    def set_password(self, login: str, password: str) -> None:
        """Give an account another password and sign it out everywhere.

        Raises `RecordMissing` and `AccountRefused`.
        """
        staff_id = self._id_of(login)
        hashed = self._hash(usable_password(password))
        change = update(STAFF_ACCOUNTS).where(STAFF_ACCOUNTS.c.id == staff_id)
        with writing(self._engine) as connection:
            connection.execute(change.values(password=hashed))
            connection.execute(delete(STAFF_SESSIONS).where(STAFF_SESSIONS.c.staff_id == staff_id))
        logger.info("the password of an account of staff was changed")

    def check(self, login: str, password: str) -> Account | None:
        """Return the account when the password is its own, else None.

        A login that nobody has takes as long as a wrong password.
        """
        query = select(STAFF_ACCOUNTS).where(STAFF_ACCOUNTS.c.login == login.strip().lower()[:64])
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        kept = self._nobody if row is None else str(row._mapping["password"])
        if len(password) > PASSWORD_MOST or not self._verifies(kept, password) or row is None:
            return None
        if self._hasher.check_needs_rehash(kept):
            change = update(STAFF_ACCOUNTS).where(STAFF_ACCOUNTS.c.id == row._mapping["id"])
            with writing(self._engine) as connection:
                connection.execute(change.values(password=self._hash(password)))
        return _account(row)

    def _hash(self, password: str) -> str:
        with self._hashing:
            return self._hasher.hash(password)

    def _verifies(self, hashed: str, password: str) -> bool:
        try:
            with self._hashing:
                return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    def _id_of(self, login: str) -> str:
        query = select(STAFF_ACCOUNTS.c.id).where(STAFF_ACCOUNTS.c.login == login.strip().lower())
        with reading(self._engine) as connection:
            staff_id = connection.scalar(query)
        if staff_id is None:
            raise RecordMissing(
                f"login {login!r}: no such account; `civic-assistant staff list` names them."
            )
        return str(staff_id)


def usable_login(login: str) -> str:
    """Return a login in small letters; raises `AccountRefused` for one that cannot be used."""
    written = login.strip().lower()
    if not _LOGIN.fullmatch(written):
        raise AccountRefused(
            f"login {login!r}: up to 64 letters a to z, digits, and . _ - @ between them."
        )
    return written


def usable_password(password: str) -> str:
    """Return the password; raises `AccountRefused` for one too short or too long."""
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise AccountRefused(
            f"password: {len(password)} characters; {PASSWORD_LEAST} to {PASSWORD_MOST} are needed."
        )
    return password


def _account(row: Row[tuple[object, ...]]) -> Account:
    values = row._mapping
    return Account(
        id=str(values["id"]),
        login=str(values["login"]),
        name=str(values["name"]),
        desks=tuple(cast("list[str]", values["desks"])),
        roles=tuple(cast("list[StaffRole]", values["roles"])),
        created_at=cast(datetime, values["created_at"]),
    )
