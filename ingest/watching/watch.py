"""Watching guides, and publishing whatever comes to rest; a broken state never goes live."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import TypeAdapter

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import CivicError, EditionStale, IndexBusy, QuestionsWorse
from ingest.drafts.whole_files import write_whole
from ingest.plan import Plan
from ingest.progress import Advance, Progress
from ingest.publish import go_live, live_edition, prepare
from ingest.reviewing.kept_questions import keep_questions
from ingest.watching.resting import RestingState
from ingest.watching.taken_back import brought_back

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings

RETRY_SECONDS = 5.0
"""After how long a publish is tried again while another one runs."""
_FILE = "watched.json"
_NAMED = 3

WatchState = Literal["published", "unchanged", "held", "failed"]
"""``held``: it could be published and was not, because a commit is not whole or somebody took it
back; ``failed``: nothing can be published as it is. The live edition stays in both."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that was refused, why, and what to do."""

    document: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Watched:
    """What the last state that came to rest led to.

    ``edition`` is the live one, None when nothing is published. ``taken_back`` are the documents
    that somebody took back, ``problem`` what stopped the rest.
    """

    at: datetime
    state: WatchState
    edition: int | None
    author: str
    reason: str
    refused: tuple[Refused, ...] = ()
    taken_back: tuple[str, ...] = ()
    problem: str = ""


_WATCHED = TypeAdapter(Watched)


class WatchStopped(Exception):
    """Watching was to end while something was read; nothing was published."""


class StoppableProgress(Progress):
    """A progress that ends a publish at its next step once ``stop`` is set."""

    def __init__(self, stop: threading.Event, *, visible: bool) -> None:
        super().__init__(visible=visible)
        self._stop = stop

    @contextmanager
    def stage(self, name: str, total: int | None) -> Iterator[Advance]:
        """Show a stage as `Progress` does; its steps raise `WatchStopped` when it is time."""
        with super().stage(name, total) as advance:

            def step(count: int) -> None:
                advance(count)
                if self._stop.is_set():
                    raise WatchStopped

            yield step


def watch_guides(
    states: Iterator[RestingState],
    settings: Settings,
    embedding: Embedding,
    stop: threading.Event,
    told: Callable[[Watched], None],
    *,
    is_visible: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Publish each state that comes to rest, until ``stop`` is set; what came of it is told.

    What stands there at the beginning is the first. The last outcome is kept in the index folder,
    refusals included (`last_watched`). Whatever cannot be published leaves the live edition.
    """
    progress = StoppableProgress(stop, visible=is_visible)
    try:
        for state in states:
            watched = _publish(state, settings, embedding, progress, clock)
            while watched is None and state.is_current() and not stop.wait(RETRY_SECONDS):
                watched = _publish(state, settings, embedding, progress, clock)
            if watched is not None:
                write_whole(settings.index_folder / _FILE, _WATCHED.dump_json(watched, indent=1))
                told(watched)
    except WatchStopped:
        return


def last_watched(index_folder: Path) -> Watched | None:
    """Return what watching last led to in an index folder, or None when nothing watched it."""
    path = index_folder / _FILE
    return _WATCHED.validate_json(path.read_bytes()) if path.exists() else None


def _publish(
    state: RestingState,
    settings: Settings,
    embedding: Embedding,
    progress: Progress,
    clock: Callable[[], datetime],
) -> Watched | None:
    """Publish a state as far as that may be, and return what came of it.

    None to try again: another publish was under way, or the guides moved while they were read.
    """
    who = partial(Watched, clock(), author=state.author)
    try:
        prepared = prepare(
            state.source,
            settings,
            embedding,
            progress,
            clock=clock,
            author=state.author,
            reason=state.reason,
        )
    except IndexBusy:
        return None
    except CivicError as error:
        return who("failed", _live(settings), reason=state.reason, problem=str(error))
    reason = state.reason or _documents(prepared.plan)
    told = partial(who, reason=reason)
    refused = tuple(Refused(r.document, r.reason, r.remedy) for r in prepared.plan.refused)
    edition = prepared.edition
    if edition is None:
        return told("unchanged", prepared.base, refused=refused)
    catalogue = open_catalogue(settings.index_folder)
    taken_back = brought_back(catalogue, edition)
    problem = ""
    try:
        if settings.publish_keeps_questions and not taken_back:
            keep_questions(prepared.base, edition, settings, embedding, progress, clock)
    except QuestionsWorse as error:
        problem = str(error)
    except CivicError as error:
        return told("failed", prepared.base, refused=refused, problem=str(error))
    if not state.is_current():
        catalogue.drop_staged(edition, clock())
        return None
    if taken_back or problem or (state.is_unit and refused):
        catalogue.drop_staged(edition, clock())
        held = partial(told, "held", prepared.base, refused=refused)
        return held(taken_back=taken_back, problem=problem)
    try:
        go_live(edition, settings, author=state.author, reason=reason, clock=clock)
    except EditionStale:
        catalogue.drop_staged(edition, clock())
        return None
    except CivicError as error:
        return told("failed", prepared.base, refused=refused, problem=str(error))
    return told("published", edition, refused=refused)


def _documents(plan: Plan) -> str:
    """Return which documents a plan changes: what there is to say of a folder that nobody signs."""
    names = sorted((*plan.added, *plan.changed, *plan.withdrawn))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _live(settings: Settings) -> int | None:
    try:
        return live_edition(open_catalogue(settings.index_folder))
    except CivicError:
        return None
