"""Corrections as they are kept: versions are added and ended, never rewritten.

So what a citizen was shown can be found again for any moment, as long as the journal keeps it.

Logged: a correction's id and what happened to it. Never a word of it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Set
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, insert, or_, select, update

from civic_assistant.corrections.correction import Correction, Draft
from civic_assistant.corrections.tables import CORRECTIONS, TEXTS
from civic_assistant.errors import CorrectionMoved, CorrectionRefused, RecordMissing
from civic_assistant.records import reading, writing

logger = logging.getLogger(__name__)

GUIDE_MOST = 4
"""Corrections of one guide that run or are planned: whoever needs more should change the guide."""

_C = CORRECTIONS.c
_NEWEST = (
    select(_C.id.label("id"), func.max(_C.version).label("version")).group_by(_C.id).subquery()
)
_IS_NEWEST = and_(_C.id == _NEWEST.c.id, _C.version == _NEWEST.c.version)


class Corrections:
    """The kept corrections; every method is one transaction and raises `RecordsUnusable`.

    Days (``today``) are the town's, moments (``now``, ``at``) say their offset.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, draft: Draft, *, author: str, today: date, now: datetime) -> Correction:
        """Keep a new correction and return it.

        Raises `CorrectionRefused` where the guide has as many as one may have.
        """
        correction = _version(draft, uuid.uuid4().hex[:12], 1, author, now, now)
        with writing(self._engine) as connection:
            _check_room(connection, draft.guide_id, today)
            _write(connection, correction)
        logger.info("correction %s was made", correction.id)
        return correction

    def change(
        self,
        correction_id: str,
        version: int,
        draft: Draft,
        *,
        author: str,
        today: date,
        now: datetime,
    ) -> Correction:
        """Put another version in the place of ``version``, which stays kept, and return it.

        An ended correction runs again by it. Raises `CorrectionMoved` when it is not there, or
        somebody changed or ended it since ``version``, and `CorrectionRefused` as `add` does.
        """
        with writing(self._engine) as connection:
            before = _newest(connection, correction_id)
            if before is None or before.version != version:
                raise CorrectionMoved(correction_id)
            if before.guide_id != draft.guide_id or before.state(today) == "ended":
                _check_room(connection, draft.guide_id, today)
            said_at = before.said_at if _says_the_same(before, draft) else now
            changed = _version(draft, correction_id, version + 1, author, now, said_at)
            if before.ended_at is None:
                _end(connection, before, author, now)
            _write(connection, changed)
        logger.info("correction %s was changed", correction_id)
        return changed

    def end(self, correction_id: str, *, by: str, now: datetime) -> None:
        """Show a correction no more. Raises `CorrectionMoved` when it is not there or has ended."""
        with writing(self._engine) as connection:
            before = _newest(connection, correction_id)
            if before is None or before.ended_at is not None:
                raise CorrectionMoved(correction_id)
            _end(connection, before, by, now)
        logger.info("correction %s was ended", correction_id)

    def correction(self, correction_id: str) -> Correction:
        """Return the newest version of a correction. Raises `RecordMissing`."""
        with reading(self._engine) as connection:
            found = _newest(connection, correction_id)
        if found is None:
            raise RecordMissing(f"correction {correction_id[:32]!r}: none is kept under that id.")
        return found

    def history(self, correction_id: str) -> tuple[Correction, ...]:
        """Return the kept versions of a correction, oldest first."""
        with reading(self._engine) as connection:
            return _read(connection, _C.id == correction_id)

    def running(
        self, guide_ids: Iterable[str] | None, today: date, at: datetime | None = None
    ) -> tuple[Correction, ...]:
        """Return the corrections of guides that run on a day, those first that started first.

        None for ``guide_ids`` means every guide. ``at`` asks for what was kept at a moment, as an
        answer of then is derived again; without it, for what is kept now.
        """
        runs = and_(_C.starts <= today, or_(_C.ends.is_(None), _C.ends >= today))
        if at is None:
            runs = and_(runs, _C.ended_at.is_(None))
        else:
            runs = and_(runs, _C.made_at <= at, or_(_C.ended_at.is_(None), _C.ended_at > at))
        if guide_ids is not None:
            runs = and_(runs, _C.guide_id.in_(list(guide_ids)))
        with reading(self._engine) as connection:
            return _read(connection, runs)

    def all(self) -> tuple[Correction, ...]:
        """Return the newest version of every kept correction, ended ones included."""
        with reading(self._engine) as connection:
            return _read(connection, _IS_NEWEST)

    def overdue(self, today: date) -> tuple[Correction, ...]:
        """Return those that run or are planned and whose review date has passed."""
        late = and_(_C.review_by < today, or_(_C.ends.is_(None), _C.ends >= today))
        with reading(self._engine) as connection:
            return _read(connection, and_(_C.ended_at.is_(None), late))


def _version(
    draft: Draft, correction_id: str, version: int, author: str, now: datetime, said_at: datetime
) -> Correction:
    return Correction(
        id=correction_id,
        version=version,
        guide_id=draft.guide_id,
        texts=dict(draft.texts),
        starts=draft.starts,
        ends=draft.ends,
        review_by=draft.review_by,
        author=author[:120],
        made_at=now,
        said_at=said_at,
        ended_at=None,
        ended_by=None,
    )


def _says_the_same(before: Correction, draft: Draft) -> bool:
    """Whether a draft only adds languages or moves days; not the first day, which citizens read."""
    is_said = all(draft.texts.get(tag) == text for tag, text in before.texts.items())
    return is_said and (before.guide_id, before.starts) == (draft.guide_id, draft.starts)


def _check_room(connection: Connection, guide_id: str, today: date) -> None:
    query = select(func.count()).where(
        _C.guide_id == guide_id,
        _C.ended_at.is_(None),
        or_(_C.ends.is_(None), _C.ends >= today),
    )
    if connection.execute(query).scalar_one() >= GUIDE_MOST:
        raise CorrectionRefused("too_many")


def _write(connection: Connection, correction: Correction) -> None:
    row = {name: getattr(correction, name) for name in Correction.__slots__ if name != "texts"}
    connection.execute(insert(CORRECTIONS).values(row))
    texts = [
        {
            "correction_id": correction.id,
            "version": correction.version,
            "language": language,
            "position": position,
            "text": text,
        }
        for position, (language, text) in enumerate(correction.texts.items())
    ]
    connection.execute(insert(TEXTS), texts)


def _end(connection: Connection, version: Correction, by: str, now: datetime) -> None:
    change = (
        update(CORRECTIONS)
        .where(_C.id == version.id, _C.version == version.version, _C.ended_at.is_(None))
        .values(ended_at=now, ended_by=by[:120])
    )
    if connection.execute(change).rowcount != 1:
        raise CorrectionMoved(version.id)


def _newest(connection: Connection, correction_id: str) -> Correction | None:
    found = _read(connection, and_(_IS_NEWEST, _C.id == correction_id))
    return found[0] if found else None


def _read(connection: Connection, which: ColumnElement[bool]) -> tuple[Correction, ...]:
    query = select(CORRECTIONS).where(which).order_by(_C.starts, _C.made_at, _C.id, _C.version)
    rows = connection.execute(query).all()
    texts = _texts(connection, {row.id for row in rows})
    return tuple(Correction(**row._mapping, texts=texts[row.id, row.version]) for row in rows)


def _texts(
    connection: Connection, correction_ids: Set[str]
) -> dict[tuple[str, int], dict[str, str]]:
    kept = select(TEXTS).where(TEXTS.c.correction_id.in_(correction_ids))
    texts: dict[tuple[str, int], dict[str, str]] = {}
    if correction_ids:
        for row in connection.execute(kept.order_by(TEXTS.c.position)):
            texts.setdefault((row.correction_id, row.version), {})[row.language] = row.text
    return texts
