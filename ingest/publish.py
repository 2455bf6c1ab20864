"""Plan, stage, verify, switch: a source becomes part of the next edition."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.centring import Centring, learn_centring
from civic_assistant.errors import IndexMismatch, IndexMissing, IndexUnusable, SourceError
from civic_assistant.guides import Passage
from civic_assistant.index import (
    CENTRING_NOTE,
    MODEL_NOTE,
    RULES_NOTE,
    TOKEN_BASIS_NOTE,
    TOKENS_FILE,
    check_model,
    keywords_folder,
)
from civic_assistant.keywords import KeywordIndex
from civic_assistant.passage_tokens import PassageTokens, TokenBasis, learn_token_basis
from civic_assistant.vectors import PassageVectors, open_vectors
from ingest.passages import PASSAGE_RULES
from ingest.plan import Plan, plan_edition
from ingest.progress import Progress
from ingest.sources import Source

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

# Passages embedded and stored together: what a killed run loses at most.
BATCH = 256
# Passages from which a new index learns its means.
SAMPLE = 3000
TOKEN_SAMPLE = 300
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
    centring, basis = _learnt(catalogue, embedding, missing)
    tokens = PassageTokens(folder / TOKENS_FILE, basis)
    with progress.stage("embedding", len(missing)) as advance:
        for batch in _batches(missing):
            ids = [p.id for p in batch]
            read = embedding.read_texts([p.embedded_text for p in batch], "passage")
            tokens.add(ids, read.tokens)  # first: a stored vector says that nothing is missing
            centred = _centred(read.vectors, batch, centring)
            vectors.add(ids, centred, [p.guide_id for p in batch])
            advance(len(batch))
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


def _learnt(
    catalogue: Catalogue, embedding: Embedding, missing: Sequence[Passage]
) -> tuple[Centring, TokenBasis]:
    """Return the index's means and axes, learnt from its first passages and kept ever after."""
    written, kept = catalogue.note(CENTRING_NOTE), catalogue.note(TOKEN_BASIS_NOTE)
    if written is not None and kept is not None:
        return Centring.from_json(json.loads(written)), TokenBasis.from_json(json.loads(kept))
    sample = random.Random(0).sample(list(missing), min(SAMPLE, len(missing)))
    by_language: dict[str, list[str]] = {}
    for passage in sample:
        by_language.setdefault(passage.language, []).append(passage.embedded_text)
    centring = learn_centring(
        embedding,
        {lang: embedding.embed_texts(texts, "passage") for lang, texts in by_language.items()},
    )
    basis = learn_token_basis(embedding, [p.embedded_text for p in sample[:TOKEN_SAMPLE]])
    catalogue.set_notes(
        {
            CENTRING_NOTE: json.dumps(centring.to_json()),
            TOKEN_BASIS_NOTE: json.dumps(basis.to_json()),
            MODEL_NOTE: embedding.identity,
            RULES_NOTE: PASSAGE_RULES,
        }
    )
    return centring, basis


def _centred(
    vectors: np.typing.NDArray[np.float32], batch: Sequence[Passage], centring: Centring
) -> np.typing.NDArray[np.float32]:
    centred = np.empty_like(vectors)
    languages = np.array([p.language for p in batch])
    for language in set(languages.tolist()):
        rows = languages == language
        centred[rows] = centring.centred(vectors[rows], "passage", language)
    return centred


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


def _batches(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    for start in range(0, len(passages), BATCH):
        yield passages[start : start + BATCH]
