"""Plan, stage, verify, switch: a source becomes part of the next edition."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.edition_log import NewEdition
from civic_assistant.errors import (
    IndexMismatch,
    IndexMissing,
    SourceError,
    WithdrawalsUnconfirmed,
)
from civic_assistant.index import CENTRING_NOTE, RULES_NOTE, TOKEN_BASIS_NOTE, check_model
from civic_assistant.layout_upgrade import take_vectors_out
from civic_assistant.publishing_lock import publishing
from ingest.editions.kept_documents import KeptDocuments
from ingest.editions.staging import keep_all
from ingest.editions.wholeness import check_whole, wholeness
from ingest.passages import PASSAGE_RULES
from ingest.plan import Plan, plan_edition
from ingest.progress import Progress
from ingest.reviewing.kept_questions import keep_questions
from ingest.reviewing.translations import note_text_dates
from ingest.sources import Source

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

# So few documents may always be withdrawn, whatever share of a small source they are.
FEW_WITHDRAWN = 3


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was staged. ``edition`` is its number, None when the live one would not change.

    ``base`` is the live edition that it was planned on, None for an empty index. ``guides`` and
    ``passages`` count what the next edition holds, ``embedded`` the passages that were new; seconds
    are wall-clock.
    """

    plan: Plan
    edition: int | None
    base: int | None
    guides: int
    passages: int
    embedded: int
    seconds: float
    embedding_seconds: float


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


def _now() -> datetime:
    return datetime.now(UTC)


def prepare(
    source: Source,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    *,
    clock: Callable[[], datetime] = _now,
    author: str = "",
    reason: str = "",
    is_withdrawal_confirmed: bool = False,
) -> Prepared:
    """Stage the edition that publishing a source would make; citizens see nothing of it.

    The other sources' guides are taken over from the live edition. A run that dies leaves
    everything as it was; the next one goes on from what is stored.

    Raises:
        SourceError: the source cannot be read or would empty the index.
        WithdrawalsUnconfirmed: more of it is missing than ``withdrawal_share`` allows.
        IndexMismatch: the index was written by another model or other passage rules.
        IndexBusy: another publish is running.
    """
    started = time.monotonic()
    folder = settings.index_folder
    with publishing(folder, source.name, author, clock()):
        catalogue = open_catalogue(folder, create=True)
        _check_rules(catalogue, embedding)
        take_vectors_out(settings, catalogue)
        base = live_edition(catalogue)
        entries = catalogue.entries(base) if base is not None else []
        with progress.stage("reading", None) as advance:
            plan = plan_edition(source, catalogue, entries, advance, clock())
        if not plan.digests:
            _refuse_empty(plan)
        if not is_withdrawal_confirmed:
            _check_withdrawals(plan, settings.withdrawal_share)
        if (
            base is not None
            and not plan.is_change
            and wholeness(catalogue, settings, base).is_whole
        ):
            places = len(catalogue.places(base))
            seconds = time.monotonic() - started
            return Prepared(plan, None, base, len(entries), places, 0, seconds, 0.0)
        documents = KeptDocuments(folder)
        documents.store(plan.files)
        kept = keep_all(plan.digests, catalogue, settings, embedding, progress)
        new = NewEdition(
            source=plan.source,
            keywords=kept.keywords,
            author=author,
            reason=reason,
            base=base,
            added=len(plan.added),
            changed=len(plan.changed),
            withdrawn=len(plan.withdrawn),
        )
        edition = catalogue.staged_alike(plan.digests, base)
        if edition is None:
            edition = catalogue.stage(plan.digests, new, clock())
        documents.list_edition(edition, base, plan.source, plan.files, plan.kept)
        return Prepared(
            plan=plan,
            edition=edition,
            base=base,
            guides=len(plan.digests),
            passages=kept.passages,
            embedded=kept.embedded,
            seconds=time.monotonic() - started,
            embedding_seconds=kept.embedding_seconds,
        )


def go_live(
    edition: int,
    settings: Settings,
    *,
    author: str = "",
    reason: str = "",
    clock: Callable[[], datetime] = _now,
) -> None:
    """Make a staged edition the live one, once it is seen to be whole.

    Raises:
        EditionMissing: there is no such edition, or it was dropped.
        EditionStale: another edition went live since it was planned.
        EditionBroken: it is not whole.
        IndexUnusable: it was published before.
    """
    catalogue = open_catalogue(settings.index_folder)
    check_whole(catalogue, settings, edition)
    at = clock()
    catalogue.switch(edition, at, author=author, reason=reason)
    note_text_dates(catalogue, edition, at)


def publish(
    source: Source,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    clock: Callable[[], datetime] = _now,
    *,
    author: str = "",
    reason: str = "",
    is_withdrawal_confirmed: bool = False,
    keeps_questions: bool | None = None,
) -> Published:
    """Publish a source beside the other sources of the index, and return what was done.

    `prepare` and `go_live` in one; raises what these raise. Where ``keeps_questions`` (by default
    the setting ``publish_keeps_questions``) no test question may get worse: `QuestionsWorse`.
    """
    started = time.monotonic()
    prepared = prepare(
        source,
        settings,
        embedding,
        progress,
        clock=clock,
        author=author,
        reason=reason,
        is_withdrawal_confirmed=is_withdrawal_confirmed,
    )
    keeps = settings.publish_keeps_questions if keeps_questions is None else keeps_questions
    if prepared.edition is not None:
        if keeps:
            keep_questions(prepared.base, prepared.edition, settings, embedding, progress, clock)
        go_live(prepared.edition, settings, author=author, reason=reason, clock=clock)
    return Published(
        plan=prepared.plan,
        edition=prepared.base if prepared.edition is None else prepared.edition,
        guides=prepared.guides,
        passages=prepared.passages,
        embedded=prepared.embedded,
        seconds=time.monotonic() - started,
        embedding_seconds=prepared.embedding_seconds,
    )


def live_edition(catalogue: Catalogue) -> int | None:
    """Return the live edition's number, or None for an empty index."""
    try:
        return catalogue.live_edition()
    except IndexMissing:
        return None


def _refuse_empty(plan: Plan) -> None:
    reasons = "; ".join(map(str, plan.refused[:5])) or "no guide found"
    raise SourceError(f"source {plan.source!r} has nothing to publish: {reasons}")


def _check_withdrawals(plan: Plan, share: float) -> None:
    published = len(plan.unchanged) + len(plan.changed) + len(plan.kept) + len(plan.withdrawn)
    if len(plan.withdrawn) > max(FEW_WITHDRAWN, share * published):
        raise WithdrawalsUnconfirmed(plan.source, plan.withdrawn, published)


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
