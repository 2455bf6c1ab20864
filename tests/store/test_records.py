from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import StatementError

from civic_assistant.errors import RecordsUnusable, SettingsError
from civic_assistant.journal import Journal
from civic_assistant.migrations import migrate
from civic_assistant.records import REQUESTS, open_engine, reading, writing
from tests.store.turns import a_turn


def test_a_sqlite_file_waits_for_writers_and_overwrites_what_is_deleted(
    sqlite_engine: Engine,
) -> None:
    wanted = {"journal_mode": "wal", "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 10_000}
    with reading(sqlite_engine) as connection:
        found = {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted


def test_a_sqlite_file_is_its_owners_alone_in_a_folder_that_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "civic.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["no address", "mysql://host/name", "postgresql://host/name"])
def test_another_address_is_refused_by_the_settings_name(url: str) -> None:
    with pytest.raises(SettingsError, match="database_url"):
        open_engine(url)


def test_an_unreachable_server_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="the extra 'postgresql' is not installed")
    engine = open_engine("postgresql+psycopg://u:secret@127.0.0.1:1/x?connect_timeout=1")
    with pytest.raises(RecordsUnusable) as caught:
        migrate(engine)
    assert "127.0.0.1" in str(caught.value) and "secret" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "civic.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(RecordsUnusable, match="database_url"):
        migrate(engine)
    engine.dispose()


def test_moments_come_back_in_utc_and_need_an_offset(engine: Engine) -> None:
    here = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    row = {"number": "V", "language": "fr", "question": "", "contact": "", "status": "open"}
    with writing(engine) as connection:
        connection.execute(insert(REQUESTS).values(at=here, **row))
    with reading(engine) as connection:
        assert connection.scalar(select(REQUESTS.c.at)) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    with pytest.raises(RecordsUnusable) as caught, writing(engine) as connection:
        connection.execute(insert(REQUESTS).values(at=here.replace(tzinfo=None), **row))
    assert isinstance(caught.value.__cause__, StatementError)


def test_threads_writing_at_once_lose_nothing(engine: Engine) -> None:
    journal = Journal(engine)

    def write(writer: int) -> None:
        for number in range(10):
            journal.record(a_turn(id=f"{writer}-{number}"))

    threads = [Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM turn")) == 40
