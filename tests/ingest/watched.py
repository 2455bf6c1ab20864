"""A folder and a Git checkout of a small town's guides, and a thread that watches them."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.embedding import Embedding
from civic_assistant.settings import Settings
from ingest.watching.checkout import Checkout
from ingest.watching.resting import RestingState, resting_commits, resting_folder
from ingest.watching.watch import Watched, watch_guides

PATIENCE = 120.0
"""Seconds a test waits for what should take a few; the machine may be busy."""
SETTLE = 0.3


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(embedding="light", index_folder=tmp_path / "index")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for name in ("marche", "brocante"):
        write(folder, name, "12 €")
    return folder


@pytest.fixture
def repository(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    git(corpus.parent, "init", "-q", "-b", "main")
    (corpus.parent / ".gitignore").write_text("index/\n", encoding="utf-8")
    commit(corpus, "Premiers guides")
    return corpus


def write(folder: Path, name: str, fee: str) -> None:
    (folder / name).mkdir(parents=True, exist_ok=True)
    toml = f'id = "{name}"\ndepartment = "Commerce"\n'
    (folder / name / "guide.toml").write_text(toml, encoding="utf-8")
    text = f"# {name.title()}\n\n## Tarifs\n\nLa place coûte {fee} par jour.\n"
    (folder / name / "fr.md").write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Awa Diop", "-c", "user.email=awa@ville.example"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-q", "-m", message)


class Watching(threading.Thread):
    """Watches; ``next`` waits for what comes of the next state."""

    def __init__(self, watch: Callable[[Callable[[Watched], None]], None]) -> None:
        super().__init__()
        self._watch = watch
        self._told: list[Watched] = []
        self._has_told = threading.Condition()
        self._read = 0
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._watch(self.tell)
        except BaseException as error:
            with self._has_told:
                self.failure = error
                self._has_told.notify_all()

    def tell(self, watched: Watched) -> None:
        with self._has_told:
            self._told.append(watched)
            self._has_told.notify_all()

    def next(self) -> Watched:
        with self._has_told:
            assert self._has_told.wait_for(self._has_more, PATIENCE)
            assert self.failure is None
            self._read += 1
            return self._told[self._read - 1]

    def is_quiet(self, seconds: float) -> bool:
        with self._has_told:
            return not self._has_told.wait_for(self._has_more, seconds)

    def _has_more(self) -> bool:
        return len(self._told) > self._read or self.failure is not None


@contextmanager
def watching(
    settings: Settings,
    embedder: Embedding,
    states: Callable[[threading.Event], Generator[RestingState, None, None]],
) -> Iterator[Watching]:
    stop = threading.Event()
    running = Watching(lambda tell: watch_guides(states(stop), settings, embedder, stop, tell))
    running.start()
    try:
        yield running
    finally:
        stop.set()
        running.join(PATIENCE)
        assert not running.is_alive()
        assert running.failure is None


@contextmanager
def watching_folder(
    corpus: Path, settings: Settings, embedder: Embedding, settle: float = SETTLE
) -> Iterator[Watching]:
    with watching(
        settings, embedder, lambda stop: resting_folder(corpus, stop, settle, "Awa")
    ) as running:
        yield running


@contextmanager
def watching_git(corpus: Path, settings: Settings, embedder: Embedding) -> Iterator[Watching]:
    with watching(
        settings, embedder, lambda stop: resting_commits(Checkout(corpus), stop, 0.0, 0.2)
    ) as running:
        yield running


def catalogue_of(settings: Settings) -> Catalogue:
    return open_catalogue(settings.index_folder)


def fees(settings: Settings) -> dict[str, str]:
    """Return what each guide of the live edition costs."""
    catalogue = open_catalogue(settings.index_folder)
    texts = {
        entry.guide_id: catalogue.guide(entry.digest).sections[0].text
        for entry in catalogue.entries(catalogue.live_edition())
    }
    return {guide: text.split("coûte ")[1].split(" par")[0] for guide, text in texts.items()}


def wait_for(is_so: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if is_so():
            return True
        time.sleep(0.1)
    return False
