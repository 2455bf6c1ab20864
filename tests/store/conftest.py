"""Real databases: a SQLite file, and a schema of its own on a PostgreSQL server when one runs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from civic_assistant.migrations import migrate
from civic_assistant.records import open_engine

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'civic.sqlite'}"


@contextmanager
def postgresql_schema() -> Iterator[str]:
    """Make a schema of its own, yield its address and drop it; skips where no server runs."""
    pytest.importorskip("psycopg", reason="the extra 'postgresql' is not installed")
    schema = f"civic_{secrets.token_hex(6)}"
    server = create_engine(SERVER, connect_args={"connect_timeout": 2})
    try:
        with server.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        pytest.skip("no PostgreSQL server answers on 127.0.0.1:5432 (user postgres, database test)")
    yield f"{SERVER}?options=-csearch_path%3D{schema}"
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    with postgresql_schema() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    opened = open_engine(sqlite_url)
    migrate(opened)
    yield opened
    opened.dispose()
