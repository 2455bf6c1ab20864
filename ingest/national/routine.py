"""The national feed as a routine: planned like any edition, published alone when little is new.

A run that finds nothing new, or the same as what already waits, changes nothing: a timer may start
it as often as it likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from civic_assistant.catalogue import Catalogue, open_catalogue
from civic_assistant.errors import IndexUnusable, QuestionsWorse
from ingest.editions.kept_documents import KeptDocuments
from ingest.plan import Plan
from ingest.progress import Progress
from ingest.publish import Prepared, go_live, prepare
from ingest.reviewing.kept_questions import keep_questions
from ingest.reviewing.references import NationalNews, national_news
from ingest.sources import Source
from ingest.watching.taken_back import brought_back

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

ROUTINE = "national routine"
"""Who stages and publishes, when nobody says otherwise."""

RunMode = Literal["plan", "automatic", "publish"]
"""``plan``: stage and tell; ``automatic``: publish what changes little, stage the rest;
``publish``: publish whatever it is."""
RunState = Literal["unchanged", "published", "waiting"]
"""``waiting``: staged, for a person to look at and to publish."""
Hindrance = Literal["first", "share", "taken_back", "questions"]
"""Why a run did not publish by itself: no such guides were published before, so many of them
change, somebody took back what it would publish, or test questions of the town would get worse."""


@dataclass(frozen=True, slots=True)
class RoutineRun:
    """What came of one run.

    ``edition`` is the live one, or the one that waits. ``share`` is the part of the published
    guides that change, are withdrawn, or can no longer be read. ``hindrances`` are empty unless it
    was to publish by itself and did not. ``taken_back`` are documents that somebody took back.
    """

    state: RunState
    edition: int | None
    prepared: Prepared
    share: float
    hindrances: tuple[Hindrance, ...]
    taken_back: tuple[str, ...]
    news: NationalNews


def run_routine(
    source: Source,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    mode: RunMode,
    *,
    author: str = ROUTINE,
    reason: str = "",
    is_withdrawal_confirmed: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> RoutineRun:
    """Plan and stage the national guides, and publish them as far as the mode goes.

    Little is a share below ``national_auto_share``. Of several editions that this author staged
    one after the other only the last waits. Nothing but the source is asked of the network.

    Raises:
        SourceError, WithdrawalsUnconfirmed, IndexUnusable: as `prepare` and `go_live` do; the live
            edition stays, and the next run begins anew.
        QuestionsWorse: in mode ``publish``, where ``publish_keeps_questions`` forbids it.
    """
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
    catalogue = open_catalogue(settings.index_folder)
    prepared = _only_one_waiting(catalogue, prepared, author, clock())
    share = touched_share(prepared.plan)
    if prepared.edition is None:
        return RoutineRun("unchanged", prepared.base, prepared, share, (), (), NationalNews())
    edition = prepared.edition
    documents = KeptDocuments(settings.index_folder)
    news = national_news(catalogue, documents, prepared.base, edition)
    taken_back = brought_back(catalogue, edition)
    found: dict[Hindrance, bool] = {
        "first": not _published(prepared.plan),
        "share": share >= settings.national_auto_share,
        "taken_back": bool(taken_back),
    }
    hindrances = tuple(h for h, is_there in found.items() if is_there and mode == "automatic")
    if mode != "plan" and not hindrances and settings.publish_keeps_questions:
        try:
            keep_questions(prepared.base, edition, settings, embedding, progress, clock)
        except QuestionsWorse:
            if mode == "publish":
                raise
            hindrances = ("questions",)
    state: RunState = "waiting"
    if mode != "plan" and not hindrances:
        go_live(edition, settings, author=author, reason=reason, clock=clock)
        state = "published"
    return RoutineRun(state, edition, prepared, share, hindrances, taken_back, news)


def touched_share(plan: Plan) -> float:
    """Return the part of a source's published documents that a plan changes, from 0 to 1.

    Changed, withdrawn, or refused though published: a feed that can suddenly not be read is no
    small change. Where nothing was published there is no share, and it is 0.
    """
    published = _published(plan)
    touched = len(plan.changed) + len(plan.withdrawn) + len(plan.kept)
    return touched / published if published else 0.0


def _published(plan: Plan) -> int:
    return len(plan.unchanged) + len(plan.changed) + len(plan.kept) + len(plan.withdrawn)


def _only_one_waiting(
    catalogue: Catalogue, prepared: Prepared, author: str, now: datetime
) -> Prepared:
    """Drop what this author staged before, or what was just staged when the same waits already."""
    earlier = [
        entry
        for entry in catalogue.editions()
        if entry.state == "staged"
        and (entry.author, entry.source) == (author, prepared.plan.source)
        and entry.number != prepared.edition
    ]
    waiting = None
    for entry in earlier:
        is_same = entry.base == prepared.base and prepared.plan.digests == {
            guide.digest for guide in catalogue.entries(entry.number)
        }
        if is_same and prepared.edition is not None and waiting is None:
            waiting = entry.number
        else:
            _drop(catalogue, entry.number, now)
    if waiting is None or prepared.edition is None:
        return prepared
    _drop(catalogue, prepared.edition, now)
    return replace(prepared, edition=waiting)


def _drop(catalogue: Catalogue, number: int, now: datetime) -> None:
    try:
        catalogue.drop_staged(number, now)
    except IndexUnusable:  # somebody published or dropped it meanwhile
        return
