"""Bring the database to the tables that this version of the product needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

from civic_assistant.records import writing

# Any number that no other program in the same database is likely to lock.
_LOCK = 7_320_441_905


def migrate(engine: Engine) -> None:
    """Bring the database to the newest revision; nothing happens when it is there already.

    Several processes may start at once: the first takes a lock (PostgreSQL's advisory lock,
    SQLite's write lock), the others wait for it and find nothing to do. All steps happen or none.
    Raises `RecordsUnusable` when the database cannot be reached.
    """
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
