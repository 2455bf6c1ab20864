"""Guide versions and their passages in the catalogue's tables; each call in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from civic_assistant.catalogue_tables import EDITION_GUIDE, PASSAGE, READING, REFUSAL, VERSION
from civic_assistant.errors import ContentRefused
from civic_assistant.guides import Guide, Passage

GUIDE = TypeAdapter(Guide)


def write_version(
    connection: sa.Connection, guide: Guide, digest: str, passages: Sequence[Passage]
) -> None:
    """Write a guide's version with its passages, unless it is there."""
    known = sa.select(VERSION.c.digest).where(VERSION.c.digest == digest)
    if connection.execute(known).first() is None:
        connection.execute(sa.insert(VERSION).values(_version_row(guide, digest)))
        connection.execute(
            sa.insert(PASSAGE),
            [_passage_row(p, digest, ordinal) for ordinal, p in enumerate(passages)],
        )


def write_reading(
    connection: sa.Connection, guide: Guide, digest: str, fingerprint: str, at: datetime | None
) -> None:
    """Write down what a guide's version was read from, in the place of what was read before."""
    own = (READING.c.source == guide.source, READING.c.document == guide.document)
    connection.execute(sa.delete(READING).where(*own))
    connection.execute(
        sa.insert(READING).values(
            source=guide.source,
            document=guide.document,
            fingerprint=fingerprint,
            digest=digest,
            read_at=at,
        )
    )


def write_refusal(
    connection: sa.Connection,
    source: str,
    refusal: ContentRefused,
    fingerprint: str,
    at: datetime | None,
) -> None:
    """Write down what a document was refused for, in the place of what it was before."""
    own = (REFUSAL.c.source == source, REFUSAL.c.document == refusal.document)
    connection.execute(sa.delete(REFUSAL).where(*own))
    connection.execute(
        sa.insert(REFUSAL).values(
            source=source,
            document=refusal.document,
            fingerprint=fingerprint,
            reason=refusal.reason,
            remedy=refusal.remedy,
            read_at=at,
        )
    )


def read_refusals(connection: sa.Connection, source: str) -> dict[str, tuple[str, ContentRefused]]:
    """Return, by document, the fingerprint that was refused last and the refusal."""
    rows = connection.execute(sa.select(REFUSAL).where(REFUSAL.c.source == source))
    return {
        row.document: (row.fingerprint, ContentRefused(row.document, row.reason, row.remedy))
        for row in rows
    }


def forget_unheld(connection: sa.Connection, read_before: datetime) -> int:
    """Delete the versions that no edition holds, with their passages, and return how many.

    Those that were read since ``read_before`` stay: a publish that died is gone on with from them.
    Older refusals are forgotten, so that each is looked at again now and then.
    """
    connection.execute(
        sa.delete(REFUSAL).where(
            sa.or_(REFUSAL.c.read_at.is_(None), REFUSAL.c.read_at < read_before)
        )
    )
    held = sa.select(EDITION_GUIDE.c.digest)
    is_old = sa.or_(READING.c.read_at.is_(None), READING.c.read_at < read_before)
    connection.execute(sa.delete(READING).where(READING.c.digest.not_in(held), is_old))
    unheld = sa.select(VERSION.c.digest).where(
        VERSION.c.digest.not_in(held), VERSION.c.digest.not_in(sa.select(READING.c.digest))
    )
    connection.execute(sa.delete(PASSAGE).where(PASSAGE.c.digest.in_(unheld)))
    return connection.execute(sa.delete(VERSION).where(VERSION.c.digest.in_(unheld))).rowcount


def _version_row(guide: Guide, digest: str) -> dict[str, object]:
    return {
        "digest": digest,
        "guide_id": guide.id,
        "language": guide.language,
        "source": guide.source,
        "document": guide.document,
        "title": guide.title,
        "valid_from": guide.valid_from,
        "valid_until": guide.valid_until,
        "payload": GUIDE.dump_json(guide).decode(),
    }


def _passage_row(passage: Passage, digest: str, ordinal: int) -> dict[str, object]:
    return {
        "digest": digest,
        "ordinal": ordinal,
        "id": passage.id,
        "section": passage.section,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "context": passage.context,
    }
