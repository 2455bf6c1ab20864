"""A publish that dies, wherever it is, leaves one whole edition; the next run goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import IndexMissing
from civic_assistant.index import Index, open_index
from ingest.editions.damage import damage
from ingest.editions.wholeness import wholeness
from tests.ingest.by_hand import Town, fees

ROOT = Path(__file__).parents[2]


class Killed(BaseException):
    """What nothing catches, as nothing catches a kill."""


@contextmanager
def killed_at(where: str, *, is_before: bool) -> Iterator[None]:
    """Die at the call of a function, before it or after it."""
    with pytest.MonkeyPatch.context() as patched:
        owner, _, name = where.rpartition(".")
        module, _, kind = owner.partition(":")
        found: Any = __import__(module, fromlist=["*"])
        found = getattr(found, kind) if kind else found
        called = getattr(found, name)

        def dies(*args: Any, **named: Any) -> Any:
            if not is_before:
                called(*args, **named)
            raise Killed

        patched.setattr(found, name, dies)
        with pytest.raises(Killed):
            yield


def prices(index: Index) -> set[str]:
    live = index.live()
    return {index.guide(digest).sections[0].text.split()[-2] for digest in live.guides}


def assert_whole(town: Town) -> None:
    catalogue = open_catalogue(town.settings.index_folder)
    number = catalogue.live_edition()
    assert wholeness(catalogue, town.settings, number).is_whole
    assert list(damage(catalogue, town.settings, number)) == []


POINTS = [
    ("ingest.publish.plan_edition", False),
    ("ingest.editions.staging.store_passages", False),
    ("civic_assistant.vectors:PassageVectors.add", False),
    ("ingest.editions.staging.new_vectors", False),
    ("civic_assistant.passage_words:PassageWords.add", False),
    ("civic_assistant.keywords:KeywordIndex.save", False),
    ("ingest.editions.staging.keep_keywords", False),
    ("civic_assistant.catalogue:Catalogue.stage", True),
    ("civic_assistant.catalogue:Catalogue.stage", False),
    ("ingest.publish.check_whole", False),
    ("civic_assistant.catalogue:Catalogue.switch", True),
]


@pytest.mark.parametrize(("where", "is_before"), POINTS)
def test_whoever_dies_leaves_the_old_edition_and_the_next_run_goes_on(
    where: str, is_before: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic_assistant.edition_vectors.MOST_APART", 2)
    town = Town(tmp_path)
    town.publish(*fees(4, 10))
    index = open_index(town.settings, town.embedding)
    assert prices(index) == {"10"}
    with killed_at(where, is_before=is_before):
        town.publish(*fees(4, 20))
    assert prices(index) == prices(open_index(town.settings, town.embedding)) == {"10"}
    assert_whole(town)
    again = town.publish(*fees(4, 20))
    assert prices(index) == {"20"}
    assert again.embedded == (4 if where == "ingest.publish.plan_edition" else 0)
    assert_whole(town)
    assert list(town.settings.index_folder.rglob("*.staged")) == []


def test_a_first_publish_that_dies_leaves_nothing_live_and_the_next_goes_on(tmp_path: Path) -> None:
    town = Town(tmp_path)
    with killed_at("ingest.editions.staging.keep_keywords", is_before=True):
        town.publish(*fees(4))
    with pytest.raises(IndexMissing):
        open_index(town.settings, town.embedding)
    assert town.publish(*fees(4)).embedded == 0
    assert_whole(town)


def test_readers_see_one_whole_edition_while_others_go_live(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.publish(*fees(6, 10))
    index = open_index(town.settings, town.embedding)
    vector = town.embedding.embed_texts(["La démarche coûte 10 €."], "passage")[0]
    seen: list[set[str]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.append(prices(index))
            live = index.live()
            found = index.nearest(vector, live, town.day, 6)
            assert {id_ for id_, _ in found} <= live.places.keys()
            assert len(found) == 6
            index.cosines(vector, live.places)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for price in (20, 30, 40):
        town.publish(*fees(6, price))
    until = time.monotonic() + 30
    while {"40"} not in seen and time.monotonic() < until:
        time.sleep(0.01)
    is_over.set()
    for reader in readers:
        reader.join()
    assert {"10"} in seen and {"40"} in seen
    assert all(len(one) == 1 for one in seen)


PUBLISHER = """
import sys
from pathlib import Path
from tests.ingest.by_hand import Town, fees
town = Town(Path(sys.argv[1]))
print("ready", flush=True)
for price in range(100, 1000):
    town.publish(*fees(6, price))
    print(price, flush=True)
"""


@pytest.mark.slow
def test_a_publisher_that_is_killed_leaves_an_edition_of_one_piece(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.publish(*fees(6, 10))
    index = open_index(town.settings, town.embedding)
    for delay in (0.05, 0.4):
        running = subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert running.stdout is not None
        while running.stdout.readline() != b"101\n":
            assert running.poll() is None
        time.sleep(delay)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        running.stdout.close()
        assert len(prices(index)) == 1
        assert_whole(town)
    assert town.publish(*fees(6, 11)).guides == 6
    assert prices(index) == {"11"}
