"""Verified answers as they are kept: made, suspended, renewed and withdrawn, never changed else.

Logged: an answer's id and what happened to it. Never a word of it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from civic_assistant.errors import AnswerMoved, RecordMissing
from civic_assistant.records import reading, writing
from civic_assistant.verified.answers import (
    Event,
    Proposal,
    Reason,
    State,
    Support,
    VerifiedAnswer,
    Wording,
)
from civic_assistant.verified.tables import HISTORY, PASSAGES, VERIFIED, WORDINGS

logger = logging.getLogger(__name__)


class VerifiedAnswers:
    """The kept answers; every method is one transaction and raises `RecordsUnusable`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(
        self, proposal: Proposal, *, desk: str, author: str, has_doubts: bool, now: datetime
    ) -> VerifiedAnswer:
        """Keep a new live answer and return it; what is personal was taken out before."""
        answer_id = uuid.uuid4().hex[:12]
        values = {
            **_said(proposal, desk, author, has_doubts, now),
            "id": answer_id,
            "version": 1,
            "offered": 0,
        }
        with writing(self._engine) as connection:
            connection.execute(insert(VERIFIED).values(values))
            _write_parts(connection, answer_id, proposal)
            _tell(connection, answer_id, now, "made", 1, by=author)
            made = _read(connection, [answer_id])[0]
        logger.info("verified answer %s was made", answer_id)
        return made

    def answer(self, answer_id: str) -> VerifiedAnswer:
        """Return an answer in whatever state. Raises `RecordMissing`."""
        with reading(self._engine) as connection:
            found = _read(connection, [answer_id])
        if not found:
            raise RecordMissing(f"verified answer {answer_id[:32]!r}: none is kept under that id.")
        return found[0]

    def answers(self, state: State, limit: int = 500) -> tuple[VerifiedAnswer, ...]:
        """Return the answers of a state, those first whose state began last."""
        query = select(VERIFIED.c.id).where(VERIFIED.c.state == state)
        query = query.order_by(VERIFIED.c.since.desc(), VERIFIED.c.id).limit(limit)
        with reading(self._engine) as connection:
            return tuple(_read(connection, list(connection.scalars(query))))

    def live_versions(self) -> dict[str, int]:
        """Return the version of every live answer, by id."""
        query = select(VERIFIED.c.id, VERIFIED.c.version).where(VERIFIED.c.state == "live")
        with reading(self._engine) as connection:
            return {row.id: row.version for row in connection.execute(query)}

    def read(self, answer_ids: Sequence[str]) -> tuple[VerifiedAnswer, ...]:
        """Return the answers of these ids that are kept, in no order."""
        with reading(self._engine) as connection:
            return tuple(_read(connection, answer_ids))

    def counts(self) -> Mapping[State, int]:
        """Return how many answers are in each state that has any."""
        query = select(VERIFIED.c.state, func.count()).group_by(VERIFIED.c.state)
        with reading(self._engine) as connection:
            return {cast(State, state): int(n) for state, n in connection.execute(query)}

    def history(self, answer_id: str) -> tuple[Event, ...]:
        """Return what happened to an answer, oldest first."""
        query = select(HISTORY).where(HISTORY.c.answer_id == answer_id).order_by(HISTORY.c.id)
        with reading(self._engine) as connection:
            return tuple(_event(row) for row in connection.execute(query))

    def suspend(
        self, answer: VerifiedAnswer, reason: Reason, passage_id: str | None, now: datetime
    ) -> bool:
        """Suspend a live answer of just this version; False when somebody was first."""
        with writing(self._engine) as connection:
            change = (
                update(VERIFIED)
                .where(VERIFIED.c.id == answer.id, VERIFIED.c.version == answer.version)
                .where(VERIFIED.c.state == "live")
                .values(state="suspended", reason=reason, since=now)
            )
            if connection.execute(change).rowcount != 1:
                return False
            _tell(
                connection,
                answer.id,
                now,
                "suspended",
                answer.version,
                reason=reason,
                passage_id=passage_id,
            )
        logger.info("verified answer %s is suspended: %s", answer.id, reason)
        return True

    def withdraw(self, answer_id: str, *, by: str, now: datetime) -> None:
        """Take an answer out of use for good. Raises `AnswerMoved` when it is already."""
        with writing(self._engine) as connection:
            change = (
                update(VERIFIED)
                .where(VERIFIED.c.id == answer_id, VERIFIED.c.state != "withdrawn")
                .values(state="withdrawn", reason=None, since=now)
                .returning(VERIFIED.c.version)
            )
            version = connection.scalar(change)
            if version is None:
                raise AnswerMoved(f"verified answer {answer_id[:32]!r}: not there, or withdrawn.")
            _tell(connection, answer_id, now, "withdrawn", version, by=by)
        logger.info("verified answer %s was withdrawn", answer_id)

    def renew(
        self,
        answer_id: str,
        version: int,
        proposal: Proposal,
        *,
        desk: str,
        author: str,
        has_doubts: bool,
        now: datetime,
    ) -> VerifiedAnswer:
        """Put an answer in force again as a person has checked it anew: the next version.

        What it said before stays in its history. Raises `AnswerMoved` when it was withdrawn, or
        somebody renewed it since ``version``.
        """
        with writing(self._engine) as connection:
            change = (
                update(VERIFIED)
                .where(VERIFIED.c.id == answer_id, VERIFIED.c.version == version)
                .where(VERIFIED.c.state != "withdrawn")
                .values(version=version + 1)
            )
            if connection.execute(change).rowcount != 1:
                raise AnswerMoved(
                    f"verified answer {answer_id[:32]!r}: withdrawn, or renewed by somebody else."
                )
            before = _read(connection, [answer_id])[0]
            connection.execute(
                update(VERIFIED)
                .where(VERIFIED.c.id == answer_id)
                .values(_said(proposal, desk, author, has_doubts, now))
            )
            for table in (WORDINGS, PASSAGES):
                connection.execute(delete(table).where(table.c.answer_id == answer_id))
            _write_parts(connection, answer_id, proposal)
            kept = {"text": before.text, "quotes": [s.quote for s in before.supports]}
            _tell(connection, answer_id, now, "renewed", version + 1, by=author, before=kept)
            renewed = _read(connection, [answer_id])[0]
        logger.info("verified answer %s was renewed", answer_id)
        return renewed

    def count_offer(self, answer_id: str, now: datetime) -> None:
        """Count that an answer was shown."""
        with writing(self._engine) as connection:
            connection.execute(
                update(VERIFIED)
                .where(VERIFIED.c.id == answer_id)
                .values(offered=VERIFIED.c.offered + 1, offered_at=now)
            )


def _said(
    proposal: Proposal, desk: str, author: str, has_doubts: bool, now: datetime
) -> dict[str, object]:
    return {
        "text": proposal.text,
        "language": proposal.language,
        "desk": desk[:120],
        "author": author[:120],
        "checked_at": now,
        "ends_on": proposal.ends_on,
        "has_doubts": has_doubts,
        "state": "live",
        "reason": None,
        "since": now,
    }


def _write_parts(connection: Connection, answer_id: str, proposal: Proposal) -> None:
    parts: tuple[tuple[Table, Sequence[Wording | Support]], ...] = (
        (WORDINGS, proposal.wordings),
        (PASSAGES, proposal.supports),
    )
    for table, entries in parts:
        rows = [
            {"answer_id": answer_id, "position": place}
            | {name: getattr(entry, name) for name in type(entry).__slots__}
            for place, entry in enumerate(entries)
        ]
        if rows:
            connection.execute(insert(table), rows)


def _tell(
    connection: Connection, answer_id: str, now: datetime, kind: str, version: int, **values: object
) -> None:
    row = {"answer_id": answer_id, "at": now, "kind": kind, "version": version, **values}
    connection.execute(insert(HISTORY).values(row))


def _read(connection: Connection, answer_ids: Sequence[str]) -> list[VerifiedAnswer]:
    """Return the answers in the order of their ids; one that is not kept is left out."""
    wordings: dict[str, list[Wording]] = {}
    for row in _parts(connection, WORDINGS, answer_ids):
        wordings.setdefault(row.answer_id, []).append(Wording(row.text, row.language))
    supports: dict[str, list[Support]] = {}
    for row in _parts(connection, PASSAGES, answer_ids):
        support = Support(**{name: row._mapping[name] for name in Support.__slots__})
        supports.setdefault(row.answer_id, []).append(support)
    rows = connection.execute(select(VERIFIED).where(VERIFIED.c.id.in_(answer_ids)))
    found = {
        str(row.id): VerifiedAnswer(
            **row._mapping,
            wordings=tuple(wordings.get(row.id, ())),
            supports=tuple(supports.get(row.id, ())),
        )
        for row in rows
    }
    return [found[id_] for id_ in answer_ids if id_ in found]


def _parts(connection: Connection, table: Table, answer_ids: Sequence[str]) -> Sequence[Row[Any]]:
    query = select(table).where(table.c.answer_id.in_(answer_ids))
    return connection.execute(query.order_by(table.c.answer_id, table.c.position)).all()


def _event(row: Row[Any]) -> Event:
    before = row.before or {}
    return Event(
        at=row.at,
        kind=row.kind,
        version=row.version,
        by=row.by,
        reason=row.reason,
        passage_id=row.passage_id,
        text_before=str(before.get("text", "")),
        quotes_before=tuple(before.get("quotes", ())),
    )
