"""One schema on PostgreSQL for many tests, emptied after each: making one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from civic_assistant.records import open_engine
from tests.store.conftest import postgresql_schema

_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'alembic_version'
"""


@pytest.fixture(scope="session")
def emptied_url() -> Iterator[str]:
    """Return the address of one schema for all tests."""
    with postgresql_schema() as url:
        # The server is not to wait for the disk: no test pulls its plug.
        yield f"{url}%20-csynchronous_commit%3Doff"


@pytest.fixture
def postgresql_url(emptied_url: str) -> Iterator[str]:
    yield emptied_url
    emptied = open_engine(emptied_url)
    with emptied.begin() as connection:
        names = connection.scalars(text(_TABLES)).all()
        if names:
            connection.execute(text(f"TRUNCATE {', '.join(names)} CASCADE"))
    emptied.dispose()
