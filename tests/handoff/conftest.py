"""The human side over a real database, with desks that are open on weekdays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.records import open_engine
from civic_assistant.settings import Settings
from tests.handoff.scene import AT, Scene
from tests.store.conftest import engine, postgresql_schema, sqlite_engine, sqlite_url, url

__all__ = ["engine", "sqlite_engine", "sqlite_url", "url"]

_TABLES = """
SELECT quote_ident(tablename) FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'alembic_version'
"""
DESKS = """
[[desk]]
id = "accueil"
name = "Accueil"
[desk.week]
monday = ["08:30-12:00", "13:30-17:30"]
tuesday = ["08:30-12:00", "13:30-17:30"]
wednesday = ["08:30-12:00"]

[[desk]]
id = "etat-civil"
name = "État civil"
departments = ["État civil", "Titres d'identité"]
[desk.week]
monday = ["08:30-12:00"]
tuesday = ["08:30-17:30"]
"""


@pytest.fixture(scope="session")
def emptied_url() -> Iterator[str]:
    """Return the address of one schema for all tests: making and migrating one takes seconds."""
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


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    path = tmp_path / "desks.toml"
    path.write_text(DESKS, encoding="utf-8")
    return Settings(desks_file=path, desk_seats=2)


@pytest.fixture
def handoff(engine: Engine, settings: Settings) -> Handoff:
    return open_handoff(engine, settings, clock=lambda: AT)


@pytest.fixture
def scene(handoff: Handoff) -> Scene:
    return Scene(handoff)


@pytest.fixture
def another_process(url: str, settings: Settings) -> Iterator[Callable[[], Handoff]]:
    """Return a maker of human sides with connections of their own, as another process has them."""
    opened: list[Engine] = []

    def make() -> Handoff:
        opened.append(open_engine(url))
        return open_handoff(opened[-1], settings, clock=lambda: AT)

    yield make
    for each in opened:
        each.dispose()
