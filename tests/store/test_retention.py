from __future__ import annotations

import random
import secrets
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from civic_assistant.journal import Journal
from civic_assistant.records import reading
from civic_assistant.requests import Requests
from civic_assistant.retention import Purged, purge
from civic_assistant.settings import Settings
from tests.store.turns import AT, a_turn

SETTINGS = Settings(journal_days=90, request_days=180)


def test_purge_obeys_the_two_settings(engine: Engine) -> None:
    journal, requests = Journal(engine), Requests(engine)
    for days in (0, 89, 91, 179, 181):
        at = AT - timedelta(days=days)
        journal.record(a_turn(id=f"t-{days}", at=at))
        requests.leave(
            question=str(days), contact="a@b.fr", language="fr", now=at, turn_id=f"t-{days}"
        )

    assert purge(engine, SETTINGS, AT) == Purged(turns=3, requests=1)
    with reading(engine) as connection:
        assert set(connection.scalars(text("SELECT id FROM turn"))) == {"t-0", "t-89"}
    links = {request.question: request.turn_id for request in requests.open_requests()}
    assert links == {"0": "t-0", "89": "t-89", "91": None, "179": None}


def test_purging_again_erases_nothing(engine: Engine) -> None:
    Journal(engine).record(a_turn())
    assert purge(engine, SETTINGS, AT) == Purged(turns=0, requests=0)


def test_nothing_erased_is_left_in_the_files(sqlite_engine: Engine, tmp_path: Path) -> None:
    journal, requests = Journal(sqlite_engine), Requests(sqlite_engine)
    chance = random.Random(7)
    for number in range(120):
        is_old = number % 3 > 0
        at = AT - timedelta(days=400 if is_old else 1)
        word = "vieillemarque" if is_old else "marquerecente"
        question = f"{word} {chance.randbytes(chance.randrange(1500)).hex()} {word}"
        journal.record(a_turn(id=secrets.token_hex(8), at=at, question=question))
        requests.leave(question=question, contact=f"{word}@b.fr", language="fr", now=at)
    assert _count(tmp_path, b"vieillemarque") > 0

    purged = purge(sqlite_engine, SETTINGS, AT)

    assert purged == Purged(turns=80, requests=80, is_complete=True)
    assert _count(tmp_path, b"vieillemarque") == 0
    assert _count(tmp_path, b"marquerecente") >= 40


def test_a_purge_beside_a_reader_says_that_it_is_not_complete(sqlite_engine: Engine) -> None:
    Journal(sqlite_engine).record(a_turn(at=AT - timedelta(days=400)))
    with reading(sqlite_engine) as reader:
        reader.execute(text("SELECT count(*) FROM turn")).all()
        _wait_little(sqlite_engine)
        assert not purge(sqlite_engine, SETTINGS, AT).is_complete

    assert purge(sqlite_engine, SETTINGS, AT) == Purged(turns=0, requests=0, is_complete=True)


def test_an_erased_request_leaves_the_files(sqlite_engine: Engine, tmp_path: Path) -> None:
    requests = Requests(sqlite_engine)
    number = requests.leave(question="x", contact="trace@b.fr", language="fr", now=AT)
    requests.erase(number)
    assert _count(tmp_path, b"trace@b.fr") == 0


def _count(folder: Path, word: bytes) -> int:
    return sum(path.read_bytes().count(word) for path in folder.iterdir())


def _wait_little(engine: Engine) -> None:
    """Let the connection that the purge will take give up a lock soon."""
    raw = engine.raw_connection()
    raw.cursor().execute("PRAGMA busy_timeout = 100")
    raw.close()
