"""The tables of journal and requests, and how their database is opened, read and written."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from civic_assistant.errors import RecordsUnusable, SettingsError

logger = logging.getLogger(__name__)

BUSY_MILLISECONDS = 10_000
"""How long a SQLite connection waits for another one's write, and clearing up for a lock."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its offset; SQLite keeps it as UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; a moment without an offset is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must say its offset from UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TURNS = Table(
    "turn",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("at", UtcDateTime(), nullable=False, index=True),
    Column("conversation", String(128), index=True),
    Column("language", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("edition", Integer),
    Column("question", Text, nullable=False),
    Column("payload", JSON, nullable=False),
)

SAID_PLAINLY = "said_plainly"
"""The ``outcome`` of a row that says the answer of another turn more simply."""

REQUESTS = Table(
    "request",
    METADATA,
    Column("number", String(16), primary_key=True),
    Column("at", UtcDateTime(), nullable=False, index=True),
    Column("language", String(16), nullable=False),
    Column("question", Text, nullable=False),
    Column("contact", String(254), nullable=False),
    Column("name", String(120)),
    Column("turn_id", String(64), ForeignKey(TURNS.c.id, ondelete="SET NULL"), index=True),
    Column("status", String(16), nullable=False),
)


def open_engine(url: str) -> Engine:
    """Return the engine of a SQLite or PostgreSQL address; nothing is connected yet.

    A SQLite file's folder is made, and the file readable by its owner alone. Personal values never
    reach an exception or a log through it. Raises `SettingsError` for an address of another kind.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise SettingsError(
            "setting 'database_url': not a database address; write "
            "'sqlite:///FILE' or 'postgresql+psycopg://USER@HOST/NAME'."
        ) from None
    if address.drivername in ("sqlite", "sqlite+pysqlite"):
        return _open_sqlite(address)
    if address.drivername == "postgresql+psycopg":
        return create_engine(
            address, pool_pre_ping=True, hide_parameters=True, json_serializer=_to_json
        )
    raise SettingsError(
        f"setting 'database_url': {address.drivername!r} is not supported; "
        "use 'sqlite' or 'postgresql+psycopg'."
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes: committed at the end, rolled back on any error.

    Raises `RecordsUnusable` when the database does not take it.
    """
    with _translated(engine), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a connection that reads one state and hinders no writer.

    Raises `RecordsUnusable` when the database cannot be read.
    """
    with _translated(engine), engine.execution_options(reads_only=True).connect() as connection:
        yield connection


def scrub(engine: Engine, *, is_rewriting: bool = False) -> bool:
    """Clear erased records out of the database's files; return whether that could be done now.

    SQLite overwrites deleted cells at once (``secure_delete``), but copies of cells that moved stay
    in pages (3 of 15,000 when measured), and older pages in the write-ahead log: the file is
    rebuilt (``VACUUM``, .7 s for 140 MB) and the log emptied. PostgreSQL leaves deleted rows where
    they are until so many others were deleted that it tidies up by itself: its tables are tidied at
    once (``VACUUM``, which hinders nobody). Pieces may stay in the gaps of their pages unless the
    tables are written anew (``is_rewriting``: each is locked meanwhile). False when another
    connection was in the way; the next purge tries again.
    """
    if engine.dialect.name == "postgresql":
        return _vacuum(engine, "VACUUM (FULL)" if is_rewriting else "VACUUM")
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchall()[0]
        cursor.close()
    except sqlite3.OperationalError as error:
        logger.warning("the database file was not cleared of erased records: %s", error)
        return False
    finally:
        raw.close()
    return bool(busy == 0)


def _vacuum(engine: Engine, command: str) -> bool:
    quoted = engine.dialect.identifier_preparer.format_table
    tables = ", ".join(map(quoted, METADATA.sorted_tables))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {BUSY_MILLISECONDS}")
            try:
                connection.exec_driver_sql(f"{command} {tables}")
            finally:
                connection.exec_driver_sql("RESET lock_timeout")
    except SQLAlchemyError as error:
        logger.warning("the tables were not cleared of erased rows: %s", type(error).__name__)
        return False
    return True


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        address = engine.url.render_as_string(hide_password=True)
        raise RecordsUnusable(
            f"database {address!r}: {type(error).__name__}; see that it can be reached and "
            "written, and that the setting 'database_url' names it."
        ) from error


def _open_sqlite(address: URL) -> Engine:
    database = address.database
    if database and database != ":memory:" and not database.startswith("file:"):
        path = Path(database)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise SettingsError(
                f"setting 'database_url': {str(path)!r} cannot be made ({error.strerror}); "
                "name a file in a folder that may be written."
            ) from error
    engine = create_engine(
        address,
        hide_parameters=True,
        json_serializer=_to_json,
        connect_args={"timeout": BUSY_MILLISECONDS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin too late for a consistent state:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: one that reads first cannot wait for another's write.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
