"""A database of its own for one run: a SQLite file, or a schema on a PostgreSQL server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from civic_assistant.errors import CivicError

Kind = Literal["sqlite", "postgresql"]
SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/test"
"""Where the tests look for a server too."""


class NoServer(CivicError):
    """No PostgreSQL server can be used, and why."""


@contextmanager
def database(kind: Kind, folder: Path, server: str = SERVER) -> Iterator[str]:
    """Yield the address of an empty database; what was in it is gone afterwards.

    Raises `NoServer` when no PostgreSQL server answers at ``server``.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'civic.sqlite'}"
        return
    schema = f"civic_run_{secrets.token_hex(6)}"
    try:
        engine = create_engine(server, connect_args={"connect_timeout": 3})
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except (ImportError, NoSuchModuleError, ArgumentError) as error:
        raise NoServer(f"PostgreSQL: {error}; install the extra 'postgresql'.") from error
    except SQLAlchemyError as error:
        address = server.rsplit("@", 1)[-1]
        raise NoServer(
            f"PostgreSQL: no server answers at {address} ({type(error).__name__}); start one, or "
            "name yours with --postgresql."
        ) from error
    try:
        yield f"{server}?options=-csearch_path%3D{schema}"
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()
