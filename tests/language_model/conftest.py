"""A town of one guide, whose gate lets everything through: what is asked here is the model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.embedding import Embedding
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.settings import Settings
from ingest.folder import FolderSource
from ingest.progress import Progress
from ingest.publish import publish
from tests.store.conftest import engine, sqlite_url, url
from tests.store.emptied import emptied_url, postgresql_url

__all__ = ["emptied_url", "engine", "postgresql_url", "sqlite_url", "url"]

ROOT = Path(__file__).parents[2]
GUIDE = "cantine-scolaire"
NOON = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture(scope="package")
def small_town(embedder: Embedding, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Publish the guide on school meals alone, in French alone."""
    return publish_guide(tmp_path_factory.mktemp("small-town"), embedder, "fr")


def publish_guide(folder: Path, embedder: Embedding, *languages: str) -> Settings:
    """Publish the guide on school meals in these languages, and nothing else."""
    guide = folder / "corpus" / GUIDE
    guide.mkdir(parents=True)
    for name in ("guide.toml", *(f"{language}.md" for language in languages)):
        shutil.copy(ROOT / "corpus" / GUIDE / name, guide / name)
    settings = Settings(
        embedding="light",
        data_folder=ROOT / "var",
        corpus_folder=folder / "corpus",
        index_folder=folder / "index",
        database_url=SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
        gate_threshold=0.0,
    )
    publish(FolderSource(settings.corpus_folder), settings, embedder, Progress(visible=False))
    return settings


@pytest.fixture(scope="package")
def open_product(small_town: Settings, embedder: Embedding) -> Callable[..., Product]:
    """Return what opens the product before an endpoint, or before two, with other settings."""

    def opened(address: str, *, second: str | None = None, **settings: Any) -> Product:
        addresses = [address, second] if second else [address]
        named = tuple(
            NamedEndpoint(name=name, address=each, model="m", key=SecretStr("k"))
            for name, each in zip(("near", "far"), addresses, strict=False)
        )
        limits = {
            "language_model_connect_seconds": 60.0,
            "language_model_first_seconds": 60.0,
            "language_model_call_seconds": 60.0,
            "language_model_seconds": 60.0,
        }
        update = {"language_models": named, **limits, **settings}
        return assemble(small_town.model_copy(update=update), embedder, clock=lambda: NOON)

    return opened
