"""Plan, stage, verify, switch: a source becomes part of the next edition."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.errors import IndexMismatch, IndexMissing, IndexUnusable, SourceError
from civic_assistant.guides import Passage
from civic_assistant.index import (
    CENTRING_NOTE,
    RULES_NOTE,
    TOKEN_BASIS_NOTE,
    TOKENS_FILE,
    check_model,
    keywords_folder,
)
from civic_assistant.keywords import KeywordIndex
from civic_assistant.passage_tokens import PassageTokens
from civic_assistant.vectors import PassageVectors, open_vectors
from ingest.passages import PASSAGE_RULES
from ingest.plan import Plan, plan_edition
from ingest.progress import Progress
from ingest.sources import Source
from ingest.storing import store_passages

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

EDITIONS_WITH_KEYWORDS = 3


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. ``edition`` is the live one afterwards; seconds are wall-clock."""

    plan: Plan
    edition: int | None
    guides: int
    passages: int
    embedded: int
    seconds: float
    embedding_seconds: float


def publish(
    source: Source,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Published:
    """Publish a source beside the other sources of the index, and return what was done.

    A run that dies leaves the live edition as it was; the next one goes on from what is stored.

    Raises:
        SourceError: the source cannot be read or would empty the index.
        IndexMismatch: the index was written by another model or other passage rules.
        IndexUnusable: another publish is running, or the stage did not verify.
    """
    started = time.monotonic()
    folder = settings.index_folder
    catalogue = open_catalogue(folder, create=True)
    try:
        with FileLock(folder / "publish.lock", timeout=0):
            _check_rules(catalogue, embedding)
            try:
                live: int | None = catalogue.live_edition()
            except IndexMissing:
                live = None
            entries = catalogue.entries(live) if live is not None else []
            with progress.stage("reading", None) as advance:
                plan = plan_edition(source, catalogue, entries, advance)
            if not plan.digests:
                _refuse_empty(plan)
            if live is not None and not plan.is_change:
                seconds = time.monotonic() - started
                places = len(catalogue.places(live))
                return Published(plan, live, len(entries), places, 0, seconds, 0.0)
            return _publish(plan, folder, catalogue, settings, embedding, progress, clock, started)
    except Timeout as error:
        message = f"another publish is running in {str(folder)!r}: wait for it and try again"
        raise IndexUnusable(message) from error


def _refuse_empty(plan: Plan) -> None:
    reasons = "; ".join(map(str, plan.refused[:5])) or "no guide found"
    raise SourceError(f"source {plan.source!r} has nothing to publish: {reasons}")


def _check_rules(catalogue: Catalogue, embedding: Embedding) -> None:
    check_model(catalogue, embedding)
    rules = catalogue.note(RULES_NOTE)
    if rules is not None and rules != PASSAGE_RULES:
        raise IndexMismatch(
            f"the index was cut by passage rules {rules!r}, this program has {PASSAGE_RULES!r}: "
            "publish into a new CIVIC_INDEX_FOLDER"
        )
    if catalogue.note(CENTRING_NOTE) is not None and catalogue.note(TOKEN_BASIS_NOTE) is None:
        raise IndexMismatch(
            "an earlier version of the program wrote the index, without token vectors: "
            "publish into a new CIVIC_INDEX_FOLDER"
        )


def _publish(
    plan: Plan,
    folder: Path,
    catalogue: Catalogue,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    clock: Callable[[], datetime],
    started: float,
) -> Published:
    vectors = open_vectors(settings, folder)
    passages = list({p.id: p for p in catalogue.passages(plan.digests)}.values())
    stored = vectors.stored([p.id for p in passages])
    missing = [p for p in passages if p.id not in stored]
    embedding_started = time.monotonic()
    with progress.stage("embedding", len(missing)) as advance:
        tokens_path = folder / TOKENS_FILE
        tokens = store_passages(missing, catalogue, embedding, vectors, tokens_path, advance)
    embedding_seconds = time.monotonic() - embedding_started
    edition = catalogue.stage(plan.digests, clock())
    _write_keywords(keywords_folder(folder, edition), passages)
    _verify(catalogue, vectors, tokens, edition, passages)
    catalogue.switch(edition)
    _drop_old_keywords(folder, edition)
    return Published(
        plan=plan,
        edition=edition,
        guides=len(plan.digests),
        passages=len(passages),
        embedded=len(missing),
        seconds=time.monotonic() - started,
        embedding_seconds=embedding_seconds,
    )


def _write_keywords(folder: Path, passages: Sequence[Passage]) -> None:
    staged = folder.with_name(f"{folder.name}.staged")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    staged.mkdir(parents=True)
    KeywordIndex.build(passages).save(staged)
    staged.rename(folder)


def _verify(
    catalogue: Catalogue,
    vectors: PassageVectors,
    tokens: PassageTokens,
    edition: int,
    passages: Sequence[Passage],
) -> None:
    """Check, before anybody reads it, that the staged edition is whole."""
    places = {place.id for place in catalogue.places(edition)}
    wanted = {p.id for p in passages}
    without_vector = wanted - (vectors.stored(sorted(wanted)) & tokens.stored(sorted(wanted)))
    if places != wanted or without_vector:
        raise IndexUnusable(
            f"edition {edition} is not whole ({len(wanted - places)} passages missing, "
            f"{len(without_vector)} without vector): it was not made live; publish again"
        )


def _drop_old_keywords(folder: Path, edition: int) -> None:
    for old in (folder / "keywords").iterdir():
        number = old.name.removesuffix(".staged")
        if number.isdigit() and int(number) <= edition - EDITIONS_WITH_KEYWORDS:
            shutil.rmtree(old)
