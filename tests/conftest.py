"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def embedder() -> Embedding:
    """Open the light model; its folder is built once and kept under ``var/models``."""
    settings = Settings(embedding="light", data_folder=ROOT / "var", threads=2)
    ensure_models(settings)
    return open_embedding(settings)
