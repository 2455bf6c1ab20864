"""The tables of an index's catalogue, how they are opened, and older layouts brought up to date."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from civic_assistant.errors import IndexMismatch, IndexUnusable
from civic_assistant.records import UtcDateTime

LAYOUT = "3"
_LAYOUT_NOTE = "schema"
_BUSY_MILLISECONDS = 30_000

METADATA = sa.MetaData()
NOTE = sa.Table(
    "note",
    METADATA,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
VERSION = sa.Table(
    "guide_version",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("guide_id", sa.String(120), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("document", sa.String(400), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_until", sa.Date),
    sa.Column("payload", sa.Text, nullable=False),
)
PASSAGE = sa.Table(
    "passage",
    METADATA,
    sa.Column("digest", sa.String(64), sa.ForeignKey("guide_version.digest"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, index=True),
    sa.Column("section", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
)
READING = sa.Table(
    "reading",
    METADATA,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("document", sa.String(400), primary_key=True),
    sa.Column("fingerprint", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("read_at", UtcDateTime()),
)
REFUSAL = sa.Table(
    "refusal",
    METADATA,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("document", sa.String(400), primary_key=True),
    sa.Column("fingerprint", sa.String(100), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("remedy", sa.Text, nullable=False),
    sa.Column("read_at", UtcDateTime()),
)
"""Documents that were read and refused, as `READING` has those that became a guide."""
EDITION = sa.Table(
    "edition",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("staged_at", UtcDateTime(), nullable=False),
    sa.Column("source", sa.String(40), nullable=False, server_default=""),
    sa.Column("keywords", sa.String(64), nullable=False, server_default=""),
    sa.Column("author", sa.String(120), nullable=False, server_default=""),
    sa.Column("reason", sa.String(400), nullable=False, server_default=""),
    sa.Column("base", sa.Integer),
    sa.Column("added", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("withdrawn", sa.Integer, nullable=False, server_default="0"),
    sa.Column("dropped_at", UtcDateTime()),
)
EDITION_GUIDE = sa.Table(
    "edition_guide",
    METADATA,
    sa.Column("edition", sa.Integer, sa.ForeignKey("edition.number"), primary_key=True),
    sa.Column("digest", sa.String(64), sa.ForeignKey("guide_version.digest"), primary_key=True),
)
LIVE = sa.Table(
    "live",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition", sa.Integer, sa.ForeignKey("edition.number"), nullable=False),
)
SWITCH = sa.Table(
    "switch",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime(), nullable=False),
    sa.Column("edition", sa.Integer, sa.ForeignKey("edition.number"), nullable=False, index=True),
    sa.Column("before", sa.Integer),
    sa.Column("author", sa.String(120), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
)

# Layout 1 wrote an edition's words into a folder of its number, switched to each edition at once,
# and knew no way back. Layout 2 remembered no refusals, whose table is simply made.
_FROM_1_TO_2 = (
    "ALTER TABLE edition RENAME COLUMN published_at TO staged_at",
    "ALTER TABLE edition ADD COLUMN source VARCHAR(40) NOT NULL DEFAULT ''",
    "ALTER TABLE edition ADD COLUMN keywords VARCHAR(64) NOT NULL DEFAULT ''",
    "ALTER TABLE edition ADD COLUMN author VARCHAR(120) NOT NULL DEFAULT ''",
    "ALTER TABLE edition ADD COLUMN reason VARCHAR(400) NOT NULL DEFAULT ''",
    "ALTER TABLE edition ADD COLUMN base INTEGER",
    "ALTER TABLE edition ADD COLUMN added INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE edition ADD COLUMN changed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE edition ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE edition ADD COLUMN dropped_at DATETIME",
    "ALTER TABLE reading ADD COLUMN read_at DATETIME",
    "UPDATE edition SET keywords = CAST(number AS TEXT)",
    "UPDATE edition SET base = (SELECT max(e.number) FROM edition e"
    " WHERE e.number < edition.number)",
    "INSERT INTO switch (at, edition, before, author, reason, kind)"
    " SELECT staged_at, number, base, '', '', 'publish' FROM edition"
    " WHERE number <= (SELECT edition FROM live) ORDER BY number",
)


def open_tables(path: Path) -> sa.Engine:
    """Open a catalogue's file, made when it is missing; an older layout is brought up to date.

    Writing transactions take the file's lock at once; those with the execution option
    ``reads_only`` see one state and hinder nobody.

    Raises:
        IndexMismatch: the layout is unknown.
        IndexUnusable: the file cannot be read.
    """
    engine = sa.create_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    try:
        with engine.execution_options(reads_only=True).connect() as connection:
            written = _layout(connection)
        if written != LAYOUT:
            with engine.begin() as connection:
                _bring_up_to_date(connection, path)
    except sa.exc.DatabaseError as error:
        message = f"the catalogue {str(path)!r} cannot be read ({error.orig}): restore the index"
        raise IndexUnusable(f"{message} folder, or publish into a new one") from error
    return engine


def _layout(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(NOTE.name):
        return None
    return connection.scalar(sa.select(NOTE.c.value).where(NOTE.c.key == _LAYOUT_NOTE))


def _bring_up_to_date(connection: sa.Connection, path: Path) -> None:
    """Make the tables, or change them, in one transaction that another process may have won."""
    written = _layout(connection)
    if written not in (None, "1", "2", LAYOUT):
        raise IndexMismatch(
            f"the index {str(path.parent)!r} has layout {written!r}, this program reads "
            f"{LAYOUT!r}: install the version that wrote it, or publish into a new index folder"
        )
    METADATA.create_all(connection)
    if written == "1":
        for statement in _FROM_1_TO_2:
            connection.exec_driver_sql(statement)
    connection.execute(sa.delete(NOTE).where(NOTE.c.key == _LAYOUT_NOTE))
    connection.execute(sa.insert(NOTE).values(key=_LAYOUT_NOTE, value=LAYOUT))


def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin too late, and not at all before a table is changed:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin(connection: sa.Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
