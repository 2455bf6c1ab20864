"""Editions over a Chroma server: a real one, run by the installed package, that indexes share."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from civic_assistant.embedding import Embedding
from civic_assistant.errors import IndexUnusable
from civic_assistant.guides import Guide
from civic_assistant.index import Index, open_index
from civic_assistant.settings import Settings
from civic_assistant.vectors import open_vectors
from ingest.editions.old_editions import drop_old_editions
from ingest.editions.rolling import roll_back, roll_forward
from ingest.progress import Progress
from ingest.publish import Published, publish
from tests.ingest.by_hand import Shelf, WordEmbedding, fee, fees

START_SECONDS = 90.0
"""How long the server may take to answer; the machine may be busy."""
TODAY = date(2026, 11, 22)
EMBEDDING: Embedding = WordEmbedding()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run ``chroma run`` and return its port; skips, saying why, where it does not start."""
    program = shutil.which("chroma", path=Path(sys.executable).parent)
    if program is None:
        pytest.skip("the installed chromadb has no program 'chroma'")
    folder, port = tmp_path_factory.mktemp("chroma"), _free_port()
    log = folder / "log"
    options = ["--path", str(folder / "data"), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen([program, "run", *options], stdout=said, stderr=said, cwd=folder)
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if server.poll() is not None or time.monotonic() > until:
                pytest.skip(f"'chroma run' did not start: {log.read_text('utf-8')[-300:]!r}")
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=2).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def settings(port: int, tmp_path: Path) -> Settings:
    return Settings(
        index_folder=tmp_path / f"index-{tmp_path.name}"[:40],
        chroma_host="127.0.0.1",
        chroma_port=port,
        editions_kept=1,
    )


def published(settings: Settings, *guides: Guide) -> Published:
    return publish(Shelf(guides), settings, EMBEDDING, Progress(visible=False), author="awa")


def asked(index: Index, question: str) -> list[tuple[str, str]]:
    """Return (guide, text) of the passages near a question, nearest first."""
    live = index.live()
    vector = EMBEDDING.embed_texts([question], "passage")[0]
    ids = [id_ for id_, _ in index.nearest(vector, live, TODAY, len(live.places))]
    passages = index.passages(ids, live)
    assert passages.keys() == set(live.places), "every passage of the edition is found, once"
    return [(passages[id_].guide_id, passages[id_].text) for id_ in ids]


def prices(index: Index) -> set[str]:
    near = asked(index, "La démarche coûte 10 €.")
    return {text.split(" coûte ")[1] for _, text in near if " coûte " in text}


def test_two_editions_are_published_asked_taken_back_and_dropped(settings: Settings) -> None:
    first = published(settings, *fees(5, 10))
    index = open_index(settings, EMBEDDING)
    assert prices(index) == {"10 €."}
    assert list(settings.index_folder.glob("chroma*")) == [], "nothing is embedded beside a server"

    second = published(settings, *fees(4, 10), fee("guide-04", 99))
    assert (first.edition, second.edition, second.embedded) == (1, 2, 1)
    assert prices(index) == {"10 €.", "99 €."}
    nearest = asked(index, "La démarche guide-04 coûte 99 €.")[0]
    assert nearest == ("guide-04", "La démarche guide-04 coûte 99 €.")

    assert roll_back(settings).edition == 1
    assert prices(index) == prices(open_index(settings, EMBEDDING)) == {"10 €."}
    assert roll_forward(settings).edition == 2

    held = set(open_vectors(settings, settings.index_folder).ids())
    dropped = drop_old_editions(settings, (), datetime.now(UTC) + timedelta(days=30))
    assert (dropped.editions, dropped.passages) == ((1,), 1)
    left = set(open_vectors(settings, settings.index_folder).ids())
    assert left == set(index.live().places) < held
    assert prices(index) == {"10 €.", "99 €."}


def test_what_was_dropped_comes_back_with_its_guide(settings: Settings) -> None:
    published(settings, *fees(3, 10))
    published(settings, *fees(2, 10), fee("guide-02", 99))
    drop_old_editions(settings, (), datetime.now(UTC) + timedelta(days=30))
    again = published(settings, *fees(3, 10))
    assert again.embedded == 1
    assert prices(open_index(settings, EMBEDDING)) == {"10 €."}


def test_indexes_on_one_server_see_nothing_of_each_other(settings: Settings) -> None:
    other = settings.model_copy(
        update={"index_folder": settings.index_folder.with_name("index-other")}
    )
    published(settings, *fees(3, 10))
    published(other, *fees(3, 20))
    assert prices(open_index(settings, EMBEDDING)) == {"10 €."}
    assert prices(open_index(other, EMBEDDING)) == {"20 €."}
    own = open_index(settings, EMBEDDING).live().places
    assert set(open_vectors(settings, settings.index_folder).ids()) == set(own)


def test_a_server_that_is_not_there_publishes_nothing_and_is_named(
    settings: Settings,
) -> None:
    published(settings, *fees(3, 10))
    away = settings.model_copy(update={"chroma_port": _free_port()})
    with pytest.raises(IndexUnusable, match=r"127\.0\.0\.1"):
        published(away, *fees(3, 20))
    assert prices(open_index(settings, EMBEDDING)) == {"10 €."}
