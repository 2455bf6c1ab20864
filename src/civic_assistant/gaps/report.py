"""The gap report put together: collected, grouped by meaning, named, and safe to be shown.

Nothing is shown of a gap that one conversation alone asked but its label and its numbers: samples
and replies need two, and every word of them must be known (see `vocabulary`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Engine, func, select

from civic_assistant.errors import RecordMissing
from civic_assistant.gaps.collecting import Unanswered, collect
from civic_assistant.gaps.describing import Describer, Span
from civic_assistant.gaps.gap import Gap, GapReport
from civic_assistant.gaps.grouping import grouped
from civic_assistant.gaps.trends import weeks_of
from civic_assistant.handoff.tables import HANDOFFS, MESSAGES
from civic_assistant.question_vectors import keep_vectors, kept_vectors
from civic_assistant.records import TURNS, reading, writing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from civic_assistant.glossary import Glossary
    from civic_assistant.index import Index, LiveEdition
    from civic_assistant.settings import Settings

_KEPT_REPORTS = 4

Embed = Callable[[str, str], "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A report with what it was made from: as long as that is so, it need not be made again."""

    state: tuple[object, ...]
    report: GapReport
    members: Mapping[str, Gap] = field(repr=False)


class GapReports:
    """Makes gap reports; safe to call from several threads.

    ``embed`` turns a question of a language into the vector it would be searched by, and ``model``
    names what decides that vector: only questions from before vectors were kept are read again.
    """

    def __init__(
        self,
        records: Engine,
        index: Index,
        embed: Embed,
        model: str,
        glossary: Glossary,
        settings: Settings,
        zone: ZoneInfo,
    ) -> None:
        self._records = records
        self._index = index
        self._embed = embed
        self._model = model
        self._glossary = glossary
        self._settings = settings
        self._zone = zone
        self._making = threading.Lock()
        self._seen: dict[tuple[datetime, datetime, str], _Seen] = {}

    def report(self, now: datetime, days: int | None = None, language: str = "") -> GapReport:
        """Return the gaps of the last ``days`` days, as many as the journal keeps at most.

        With a ``language``, of the questions in it alone; what is no gap is counted in all. Raises
        `IndexMissing` before anything is published, and `RecordsUnusable`.
        """
        return self._made(now, days, language).report

    def gap(self, question_id: str, now: datetime) -> Gap:
        """Return the gap that holds a question, over all that the journal keeps.

        Raises `RecordMissing` when none does: the question was erased, or its time is over.
        """
        gap = self._made(now, None, "").members.get(question_id)
        if gap is None:
            raise RecordMissing(
                f"gap {question_id[:32]!r}: none holds that question; it may be erased, or older "
                "than the setting 'journal_days'."
            )
        return gap

    def _made(self, now: datetime, days: int | None, language: str) -> _Seen:
        length = min(days or self._settings.journal_days, self._settings.journal_days)
        midnight = now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        until = midnight + timedelta(days=1)
        since = until - timedelta(days=length)
        with self._making:
            live = self._index.live()
            state = (live.number, *self._state(since, until))
            seen = self._seen.pop((since, until, language), None)
            if seen is None or seen.state != state:
                seen = _Seen(state, *self._make(since, until, language, live))
            self._seen[since, until, language] = seen
            for old in list(self._seen)[:-_KEPT_REPORTS]:
                del self._seen[old]
            return seen

    def _state(self, since: datetime, until: datetime) -> tuple[object, ...]:
        """Return what changes whenever a report of this span would."""
        turns = select(func.count(), func.max(TURNS.c.at)).where(
            TURNS.c.at >= since, TURNS.c.at < until
        )
        handoffs = select(
            func.count(),
            func.max(HANDOFFS.c.asked_at),
            func.max(HANDOFFS.c.closed_at),
            func.count(HANDOFFS.c.request_number),
        )
        replies = select(func.count(), func.max(MESSAGES.c.at)).where(MESSAGES.c.role == "agent")
        with reading(self._records) as connection:
            found = [connection.execute(query).one() for query in (turns, handoffs, replies)]
        return tuple(value for row in found for value in row)

    def _make(
        self, since: datetime, until: datetime, language: str, live: LiveEdition
    ) -> tuple[GapReport, dict[str, Gap]]:
        with reading(self._records) as connection:
            collected = collect(connection, since, until)
        if language:
            collected.unanswered = [o for o in collected.unanswered if o.language == language]
        vectors = self._vectors(collected.unanswered)
        groups = grouped(vectors)
        weeks = weeks_of(since, until - timedelta(microseconds=1), self._zone)
        describer = Describer(
            collected,
            groups,
            vectors,
            self._index,
            live,
            self._glossary,
            Span(since, until, weeks, self._zone),
            self._settings.town_language,
        )
        gaps = [describer.gap(place) for place in range(len(groups))]
        members = {
            collected.unanswered[n].id: gap
            for gap, group in zip(gaps, groups, strict=True)
            for n in group
        }
        gaps.sort(key=lambda gap: (-gap.conversations, -gap.questions, gap.since, gap.id))
        report = GapReport(
            since=since,
            until=until,
            weeks=weeks,
            gaps=tuple(gaps),
            turns=collected.turns,
            looked_up=len(collected.asked),
            could_not_look=collected.could_not_look,
            screened=collected.screened,
            at_once=collected.at_once,
            edition=live.number,
        )
        return report, members

    def _vectors(self, questions: Sequence[Unanswered]) -> NDArray[np.float32]:
        """Return the questions' vectors; those not kept are made, and kept beside their turns."""
        if not questions:
            return np.empty((0, 1), np.float32)
        with reading(self._records) as connection:
            turns = [one.id for one in questions if one.is_turn]
            vectors = kept_vectors(connection, turns, self._model)
        made: dict[tuple[str, str], NDArray[np.float32]] = {}
        fresh: dict[str, NDArray[np.float32]] = {}
        for one in questions:
            if one.id not in vectors:
                key = (one.language, one.text)
                if key not in made:
                    made[key] = self._embed(one.text, one.language)
                vectors[one.id] = made[key]
                fresh |= {one.id: made[key]} if one.is_turn else {}
        if fresh:
            with writing(self._records) as connection:
                keep_vectors(connection, fresh, self._model)
        return np.stack([vectors[one.id] for one in questions])
