"""Fixtures that several tests share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey fail once: on a loaded machine a browser may be late. Reruns are listed."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def light_settings() -> Settings:
    """Return settings whose light model is there: built once and kept under ``var/models``."""
    settings = Settings(embedding="light", data_folder=ROOT / "var", threads=2)
    ensure_models(settings)
    return settings


@pytest.fixture(scope="session")
def light_folder(light_settings: Settings) -> Path:
    """Return the folder of the light model."""
    return ensure_models(light_settings)


@pytest.fixture(scope="session")
def embedder(light_settings: Settings) -> Embedding:
    """Open the light model."""
    return open_embedding(light_settings)


@pytest.fixture(scope="session")
def town(embedder: Embedding, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Publish ``corpus/`` once; the settings lead to its index and to a database of their own."""
    folder = tmp_path_factory.mktemp("town")
    settings = Settings(
        embedding="light",
        data_folder=ROOT / "var",
        corpus_folder=ROOT / "corpus",
        index_folder=folder / "index",
        database_url=SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
        questions_per_minute=600,
    )
    publish(FolderSource(settings.corpus_folder), settings, embedder, Progress(visible=False))
    return settings


@pytest.fixture(scope="session")
def product(town: Settings, embedder: Embedding) -> Product:
    """The whole product over the town's guides, on the day the corpus was written for."""
    return assemble(town, embedder, clock=lambda: datetime(2026, 11, 22, 10, tzinfo=UTC))
