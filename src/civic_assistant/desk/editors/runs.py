"""One thing at a time is planned, published or taken back: which, by whom, and how far it is."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import ColumnElement, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from civic_assistant.desk.editors.tables import GUIDE_RUNS
from civic_assistant.desk.sessions import Member
from civic_assistant.errors import GuidesBusy, RecordsUnusable
from civic_assistant.records import reading, writing

RunKind = Literal["plan", "review", "publish", "return"]
"""``review``: a look at an edition that another feed's command staged."""
RunState = Literal["running", "done", "failed"]

SILENT = timedelta(seconds=60)
"""A run that was not heard of for so long died with its process."""
BEAT_SECONDS = 10.0
_SLOT = "only"
_C = GUIDE_RUNS.c


@dataclass(frozen=True, slots=True)
class Run:
    """One planning, publishing or going back; ids follow each other in time.

    ``stage`` is what it is at, ``done`` of ``total`` steps of it are taken (None: nobody knows how
    many). ``draft`` is the digest of the draft that it began with, ``edition`` what it staged or
    made live. A failed run has a ``problem``, a key of the words, and what was ``told``.
    """

    id: str
    kind: RunKind
    staff_id: str
    author: str
    reason: str
    state: RunState
    stage: str
    done: int
    total: int | None
    started_at: datetime
    heard_at: datetime
    ended_at: datetime | None
    edition: int | None
    draft: str
    problem: str | None
    told: str


_FIELDS = [_C[field.name] for field in fields(Run)]


class Runs:
    """The runs of every process; each method is one transaction and raises `RecordsUnusable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def begin(
        self,
        kind: RunKind,
        member: Member,
        *,
        draft: str = "",
        edition: int | None = None,
        reason: str = "",
    ) -> Run:
        """Begin a run. Raises `GuidesBusy`, which names who has begun another."""
        now = self._clock()
        run = Run(
            id=f"{time.time_ns():016x}{secrets.token_hex(6)}",
            kind=kind,
            staff_id=member.id,
            author=member.name[:120],
            reason=reason,
            state="running",
            stage="starting",
            done=0,
            total=None,
            started_at=now,
            heard_at=now,
            ended_at=None,
            edition=edition,
            draft=draft,
            problem=None,
            told="",
        )
        row = {field.name: getattr(run, field.name) for field in fields(Run)}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(GUIDE_RUNS).values(**row, slot=_SLOT))
        except RecordsUnusable as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
            busy = self.running()
            raise GuidesBusy(busy.author if busy else "?", busy.kind if busy else kind) from None
        return run

    def running(self) -> Run | None:
        """Return the run that goes on, or that nobody has ended, if there is one."""
        return self._one(_C.slot == _SLOT)

    def run(self, run_id: str) -> Run | None:
        """Return a run by its id."""
        return self._one(_C.id == run_id)

    def latest(self, staff_id: str, kind: RunKind | None = None, *, but: str = "") -> Run | None:
        """Return the last run that somebody began, of a kind or of any, ``but`` one left out."""
        of_kind = [] if kind is None else [_C.kind == kind]
        return self._one(_C.staff_id == staff_id, _C.id != but, *of_kind)

    def latest_of(self, edition: int, kind: RunKind) -> Run | None:
        """Return the last run of a kind that was about an edition, whoever began it."""
        return self._one(_C.edition == edition, _C.kind == kind)

    def outcome(self, run_id: str) -> JsonValue:
        """Return what a run came to, as `finish` kept it."""
        with reading(self._engine) as connection:
            kept: JsonValue = connection.scalar(select(_C.outcome).where(_C.id == run_id))
        return kept

    def advance(self, run_id: str, stage: str, done: int, total: int | None) -> None:
        """Say how far a run is."""
        self._set(run_id, stage=stage, done=done, total=total, heard_at=self._clock())

    def is_silent(self, run: Run) -> bool:
        """Whether a run that goes on was not heard of for so long that its process must be gone."""
        return run.state == "running" and run.heard_at < self._clock() - SILENT

    def finish(self, run_id: str, *, edition: int | None = None, outcome: JsonValue = None) -> None:
        """End a run that came to what it was begun for; ``outcome`` is kept with it."""
        self._set(
            run_id,
            state="done",
            slot=None,
            ended_at=self._clock(),
            edition=edition,
            outcome=outcome,
        )

    def fail(self, run_id: str, problem: str, told: str = "", outcome: JsonValue = None) -> None:
        """End a run that came to nothing."""
        self._set(
            run_id,
            state="failed",
            slot=None,
            ended_at=self._clock(),
            problem=problem,
            told=told,
            outcome=outcome,
        )

    def forget(self, staff_id: str) -> None:
        """Forget what somebody's plans came to: their draft is published or given up."""
        change = update(GUIDE_RUNS).where(_C.staff_id == staff_id, _C.kind == "plan")
        with writing(self._engine) as connection:
            connection.execute(change.values(outcome=None, edition=None))

    @contextmanager
    def beating(self, run_id: str, seconds: float = BEAT_SECONDS) -> Iterator[None]:
        """Let a run be heard of while something slow goes on in it."""
        over = Event()

        def beat() -> None:
            while not over.wait(seconds):
                with suppress(RecordsUnusable):
                    self._set(run_id, heard_at=self._clock())

        heart = Thread(target=beat, name="guides-heart", daemon=True)
        heart.start()
        try:
            yield
        finally:
            over.set()
            heart.join()

    def _set(self, run_id: str, **values: object) -> None:
        change = update(GUIDE_RUNS).where(_C.id == run_id, _C.state == "running")
        with writing(self._engine) as connection:
            connection.execute(change.values(values))

    def _one(self, *which: ColumnElement[bool]) -> Run | None:
        query = select(*_FIELDS).where(*which).order_by(_C.id.desc()).limit(1)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Run(**row._mapping)
