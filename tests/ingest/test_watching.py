"""Watching a real folder, publishing into a real index."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from civic_assistant.catalogue import open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.editions.rolling import roll_back
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from ingest.watching.resting import RestingState
from ingest.watching.told import told_watched
from ingest.watching.watch import Watched, last_watched, watch_guides
from tests.ingest.watched import (
    PATIENCE,
    catalogue_of,
    corpus,
    fees,
    settings,
    wait_for,
    watching_folder,
    write,
)

__all__ = ["corpus", "settings"]


def test_what_changes_in_the_folder_is_published_when_it_came_to_rest(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_folder(corpus, settings, embedder) as running:
        first = running.next()
        assert (first.state, first.refused) == ("published", ())
        write(corpus, "marche", "15 €")
        second = running.next()
    assert (second.state, second.author, second.reason) == ("published", "Awa", "marche/fr.md")
    assert fees(settings) == {"marche": "15 €", "brocante": "12 €"}
    switch = open_catalogue(settings.index_folder).switches()[-1]
    assert (switch.author, switch.reason) == ("Awa", "marche/fr.md")
    assert last_watched(settings.index_folder) == second


def test_a_file_that_is_still_being_copied_waits(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    whole = b"# March\xc3\xa9\n\n## Tarifs\n\nLa place co\xc3\xbbte 15 \xe2\x82\xac par jour.\n"
    with watching_folder(corpus, settings, embedder, settle=1.5) as running:
        running.next()
        with (corpus / "marche" / "fr.md").open("wb") as copied:
            for byte in range(len(whole)):
                copied.write(whole[byte : byte + 1])
                copied.flush()
                time.sleep(0.05)
        assert running.next().state == "published"
        assert fees(settings)["marche"] == "15 €"
        published = [e for e in catalogue_of(settings).editions() if e.state == "published"]
        assert len(published) == 2


def test_a_refused_document_keeps_what_is_published_and_the_rest_goes_on(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    with watching_folder(corpus, settings, embedder) as running:
        running.next()
        (corpus / "marche" / "fr.md").write_bytes(b"# \xff\xfe\n")
        write(corpus, "brocante", "9 €")
        second = running.next()
    assert second.state == "published"
    assert [refused.document for refused in second.refused] == ["marche/fr.md"]
    assert any("refused: 'marche/fr.md'" in line for line in told_watched(second))
    assert fees(settings) == {"marche": "12 €", "brocante": "9 €"}


def test_an_emptied_folder_changes_nothing_and_a_full_one_goes_on(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    aside = corpus.with_name("aside")
    with watching_folder(corpus, settings, embedder) as running:
        running.next()
        aside.mkdir()
        for guide in ("marche", "brocante"):
            (corpus / guide).rename(aside / guide)
        failed = running.next()
        assert (failed.state, failed.edition) == ("failed", 1)
        assert "no readable guide" in failed.problem
        write(corpus, "marche", "15 €")
        (aside / "brocante").rename(corpus / "brocante")
        assert running.next().state == "published"
    assert fees(settings) == {"marche": "15 €", "brocante": "12 €"}


def test_what_somebody_took_back_is_not_published_again(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    town = FolderSource(corpus)
    publish(town, settings, embedder, Progress(visible=False))
    write(corpus, "marche", "15 €")
    publish(town, settings, embedder, Progress(visible=False))
    roll_back(settings)
    with watching_folder(corpus, settings, embedder) as running:
        held = running.next()
        assert (held.state, held.taken_back) == ("held", ("marche/fr.md",))
        assert fees(settings)["marche"] == "12 €"
        write(corpus, "marche", "14 €")
        assert running.next().state == "published"
    assert fees(settings)["marche"] == "14 €"


def test_watching_waits_for_another_publisher(
    corpus: Path, settings: Settings, embedder: Embedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.watching.watch.RETRY_SECONDS", 0.1)
    settings.index_folder.mkdir()
    lock = FileLock(settings.index_folder / "publish.lock")
    lock.acquire()
    with watching_folder(corpus, settings, embedder) as running:
        assert running.is_quiet(2.0)
        lock.release()
        assert running.next().state == "published"


def test_a_publish_that_is_under_way_ends_when_watching_is_to_stop(
    corpus: Path, settings: Settings, embedder: Embedding
) -> None:
    for number in range(20):
        write(corpus, f"guide-{number}", f"{number} €")
    stop = threading.Event()
    told: list[Watched] = []

    class Stopping(FolderSource):
        """Asks to stop when the third document is listed."""

        def documents(self):  # type: ignore[no-untyped-def]
            for number, document in enumerate(super().documents()):
                if number == 2:
                    stop.set()
                yield document

    states = iter([RestingState(Stopping(corpus), "Awa", "")])
    watch_guides(states, settings, embedder, stop, told.append)
    assert told == []
    assert open_catalogue(settings.index_folder).editions() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_stops_cleanly_on_a_signal(
    corpus: Path, settings: Settings, embedder: Embedding, tmp_path: Path, number: int
) -> None:
    publish(FolderSource(corpus), settings, embedder, Progress(visible=False))
    command = [sys.executable, "-m", "civic_assistant.command_line", "watch", str(corpus)]
    options = ["--index", str(settings.index_folder), "--light", "--settle", "0.1"]
    environment = os.environ | {"CIVIC_DATA_FOLDER": str(Settings().data_folder.resolve())}
    with (tmp_path / "log").open("w+") as log:
        program = subprocess.Popen(
            [*command, *options], stdout=log, stderr=log, env=environment, cwd=tmp_path
        )
        try:
            assert wait_for(lambda: "stays" in (tmp_path / "log").read_text(encoding="utf-8"))
            program.send_signal(number)
            assert program.wait(PATIENCE) == 0
        finally:
            program.kill()
            program.wait()
    told = (tmp_path / "log").read_text(encoding="utf-8")
    assert told.endswith("civic-assistant: no longer watching\n")
    assert "Traceback" not in told
