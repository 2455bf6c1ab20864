"""The human side over a real database, with desks that are open on weekdays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from civic_assistant.handoff import Handoff, open_handoff
from civic_assistant.records import open_engine
from civic_assistant.settings import Settings
from tests.handoff.scene import AT, Scene
from tests.store.conftest import engine, sqlite_engine, sqlite_url, url
from tests.store.emptied import emptied_url, postgresql_url

__all__ = ["emptied_url", "engine", "postgresql_url", "sqlite_engine", "sqlite_url", "url"]

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
