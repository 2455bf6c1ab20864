from __future__ import annotations

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from civic_assistant.migrations import migrate
from civic_assistant.records import METADATA, open_engine, reading

START = """
import sys
from civic_assistant.migrations import migrate
from civic_assistant.records import open_engine
sys.stdin.readline()
migrate(open_engine(sys.argv[1]))
"""


def test_migrations_lead_to_the_tables_the_code_uses(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    before = _revisions(engine)
    migrate(engine)
    assert _revisions(engine) == before
    assert len(before) == 1


def test_processes_that_start_at_once_all_find_the_tables(url: str) -> None:
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", START, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in starting:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors

    engine = open_engine(url)
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM turn")) == 0
    engine.dispose()


def _revisions(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.scalars(text("SELECT version_num FROM alembic_version")))
