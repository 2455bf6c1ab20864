"""The pinned index: what a question set is asked over, the same from run to run."""

from __future__ import annotations

import hashlib
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, SecretStr

from civic_assistant.errors import SourceError
from evals.questions import Corpus, QuestionSet
from ingest.folder import FolderSource
from ingest.national.source import NationalFolder
from ingest.progress import Progress
from ingest.publish import publish
from ingest.sources import Source

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.index import LiveEdition
    from civic_assistant.settings import Settings

ASKED_ON = date(2026, 11, 22)
"""The day on which every set is asked: guides expire, and the figures must not move with them."""
CHECKOUT = Path(__file__).parent.parent


class Manifest(BaseModel):
    """What a run was made of; two runs can be compared where these agree.

    ``edition_digest`` covers every passage of the edition, ``commit`` ends with ``+`` where the
    checkout held changes. ``stale`` names what the set expects and the edition does not hold;
    ``seconds`` is wall-clock.
    """

    model_config = ConfigDict(frozen=True)

    set_name: str
    pool: str
    corpus: Corpus
    is_kept_aside: bool
    asked_on: date
    began_at: datetime
    edition: int
    edition_digest: str
    guides: int
    passages: int
    embedding: str
    gate: str
    commit: str
    settings: dict[str, Any]
    stale: tuple[str, ...] = ()
    seconds: float = 0.0


def pinned_settings(corpus: Corpus, settings: Settings, index: Path | None) -> Settings:
    """Return settings that lead to the index of a corpus and to a database nobody else uses."""
    folder = settings.data_folder / "evals" / "index"
    chosen = index or folder / f"{corpus}-{settings.embedding}"
    database = settings.data_folder / "evals" / "evals.sqlite"
    database.parent.mkdir(parents=True, exist_ok=True)
    changed = {"index_folder": chosen, "database_url": SecretStr(f"sqlite:///{database}")}
    return settings.model_copy(update=changed)


def publish_corpus(
    corpus: Corpus, settings: Settings, embedding: Embedding, progress: Progress
) -> None:
    """Bring the pinned index up to date with its corpus; nothing is embedded again.

    Raises:
        SourceError: the national guides were never fetched.
    """
    publish(_source(corpus, settings), settings, embedding, progress)


def _source(corpus: Corpus, settings: Settings) -> Source:
    if corpus == "town":
        return FolderSource(settings.corpus_folder)
    name = re.sub(r"[@/]+", "-", settings.national_package).strip("-")
    package = settings.data_folder / "national" / name
    if not package.is_dir():
        raise SourceError(
            f"the national guides are not in {str(package)!r}: fetch them with `make national`, "
            "or name an index that holds them with --index"
        )
    return NationalFolder(package, settings.national_audiences)


def edition_digest(live: LiveEdition) -> str:
    """Return the digest of an edition's passages: 16 hex digits over their ids.

    A passage's id is itself a digest of its text and context.
    """
    return hashlib.sha256("\n".join(sorted(live.places)).encode()).hexdigest()[:16]


def manifest_of(
    asked: QuestionSet, live: LiveEdition, settings: Settings, embedding: str, gate: str
) -> Manifest:
    """Return the manifest of a run that begins now."""
    return Manifest(
        set_name=asked.name,
        pool=asked.card.pool,
        corpus=asked.card.corpus,
        is_kept_aside=asked.card.is_kept_aside,
        asked_on=ASKED_ON,
        began_at=datetime.now(UTC),
        edition=live.number,
        edition_digest=edition_digest(live),
        guides=len(live.versions),
        passages=len(live.places),
        embedding=embedding,
        gate=gate,
        commit=checkout_commit(),
        settings=settings.model_dump(mode="json"),
    )


def checkout_commit() -> str:
    """Return the checkout's commit, or ``unknown`` outside one."""
    described = ["git", "-C", str(CHECKOUT), "describe", "--always", "--abbrev=12", "--dirty=+"]
    try:
        ended = subprocess.run(described, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return ended.stdout.strip()
