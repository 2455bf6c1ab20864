"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings

ROOT = Path(__file__).parent.parent


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
