"""The town that is attacked: its index, copies of it, and the product with an endpoint to ask."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from civic_assistant.assembly import Product, assemble
from civic_assistant.embedding import open_embedding
from civic_assistant.language_model.named import NamedEndpoint, Structure
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings, load_settings
from evals.attack.poisoned import PoisonedGuide, write_guide
from evals.pinned import ASKED_ON, pinned_settings, publish_corpus
from ingest.folder import FolderSource
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.publish import publish

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding

NOON = datetime.combine(ASKED_ON, time(10), UTC)
UNBOUNDED = {"language_model_day_calls": 10_000_000, "language_model_day_tokens": 10_000_000_000}
"""A budget that no run comes to the end of."""


@dataclass(frozen=True, slots=True)
class Town:
    """What is asked: settings that lead to an index and a database of their own, and the model."""

    settings: Settings
    embedding: Embedding


def open_town() -> Town:
    """Return the town on the pinned index (light), brought up to date with ``corpus/``."""
    settings = load_settings(embedding="light")
    ensure_models(settings)
    pinned = pinned_settings("town", settings, None)
    embedding = open_embedding(settings)
    publish_corpus("town", pinned, embedding, Progress(visible=False))
    return Town(pinned, embedding)


def poison(town: Town, guides: Iterable[PoisonedGuide], folder: Path) -> tuple[Town, Plan]:
    """Publish poisoned guides beside the town's into a copy of its index; its plan tells which.

    ``folder`` takes the copies of corpus and index, and a database.
    """
    corpus, index = folder / "corpus", folder / "index"
    shutil.copytree(town.settings.corpus_folder, corpus)
    shutil.copytree(town.settings.index_folder, index)
    for guide in guides:
        write_guide(corpus, guide)
    settings = town.settings.model_copy(
        update={
            "corpus_folder": corpus,
            "index_folder": index,
            "database_url": SecretStr(f"sqlite:///{folder / 'records.sqlite'}"),
        }
    )
    done = publish(FolderSource(corpus), settings, town.embedding, Progress(visible=False))
    return Town(settings, town.embedding), done.plan


def open_product(
    town: Town, address: str | None, structure: Structure = "json_schema", **limits: Any
) -> Product:
    """Return the product as it is on the day of the sets, with an endpoint at an address.

    Nothing is recorded but the calls; ``limits`` are further settings.
    """
    settings = town.settings
    if address is not None:
        named = NamedEndpoint(
            name="attacked", address=address, model="m", key=SecretStr("k"), structure=structure
        )
        settings = settings.model_copy(update={"language_models": (named,), **UNBOUNDED, **limits})
    return assemble(settings, town.embedding, clock=lambda: NOON, is_recording=False)
