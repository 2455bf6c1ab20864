"""The catalogue of an index: guides and passages by content, editions, the live pointer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from pydantic import TypeAdapter

from civic_assistant.errors import IndexMismatch, IndexMissing
from civic_assistant.guides import Guide, Passage

SCHEMA_VERSION = "1"
_GUIDE = TypeAdapter(Guide)
_ROWS = 500  # SQLite takes 32,766 variables a statement at most

metadata = sa.MetaData()
_note = sa.Table(
    "note",
    metadata,
    sa.Column("key", sa.String(40), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
_version = sa.Table(
    "guide_version",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("guide_id", sa.String(120), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("document", sa.String(400), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("valid_from", sa.Date),
    sa.Column("valid_until", sa.Date),
    sa.Column("payload", sa.Text, nullable=False),
)
_passage = sa.Table(
    "passage",
    metadata,
    sa.Column("digest", sa.String(64), sa.ForeignKey("guide_version.digest"), primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, index=True),
    sa.Column("section", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("context", sa.Text, nullable=False),
)
_reading = sa.Table(
    "reading",
    metadata,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("document", sa.String(400), primary_key=True),
    sa.Column("fingerprint", sa.String(100), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
)
_edition = sa.Table(
    "edition",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
)
_edition_guide = sa.Table(
    "edition_guide",
    metadata,
    sa.Column("edition", sa.Integer, sa.ForeignKey("edition.number"), primary_key=True),
    sa.Column("digest", sa.String(64), sa.ForeignKey("guide_version.digest"), primary_key=True),
)
_live = sa.Table(
    "live",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition", sa.Integer, sa.ForeignKey("edition.number"), nullable=False),
)

_PASSAGE_FIELDS = [
    _version.c[name] if name in ("guide_id", "language") else _passage.c[name]
    for name in Passage.__slots__
]


@dataclass(frozen=True, slots=True)
class GuideEntry:
    """One guide of an edition, without its text."""

    digest: str
    guide_id: str
    language: str
    source: str
    document: str
    title: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """Where a passage of an edition stands: its id and the digest of its guide's version."""

    id: str
    digest: str


def guide_digest(guide: Guide, passage_rules: str) -> str:
    """Return the identity of a guide's content under the given passage rules: 64 hex digits."""
    return hashlib.sha256(passage_rules.encode() + b"\x1f" + _GUIDE.dump_json(guide)).hexdigest()


class Catalogue:
    """Guides and passages by the digest of their content; an edition is a set of digests.

    Nothing that an edition points to is ever changed, and the live pointer moves in one
    transaction, so that a reader sees one whole edition whatever happens to a publisher.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)
        written = self.note("schema")
        if written is None:
            self.set_notes({"schema": SCHEMA_VERSION})
        elif written != SCHEMA_VERSION:
            message = f"the index has layout {written!r}, this program reads {SCHEMA_VERSION!r}:"
            raise IndexMismatch(f"{message} publish into a new index folder")

    def note(self, key: str) -> str | None:
        """Return what the index remembers under ``key`` (its model, its passage rules)."""
        with self._engine.connect() as connection:
            return connection.scalar(sa.select(_note.c.value).where(_note.c.key == key))

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Remember each note, in one transaction."""
        with self._engine.begin() as connection:
            for key, value in notes.items():
                connection.execute(sa.delete(_note).where(_note.c.key == key))
                connection.execute(sa.insert(_note).values(key=key, value=value))

    def live_edition(self) -> int:
        """Return the live edition's number; raises `IndexMissing` before the first one."""
        with self._engine.connect() as connection:
            number = connection.scalar(sa.select(_live.c.edition).where(_live.c.id == 1))
        if number is None:
            message = "nothing is published in this index: run `civic-assistant publish corpus`"
            raise IndexMissing(message)
        return int(number)

    def entries(self, edition: int) -> list[GuideEntry]:
        """Return the guides of an edition, in the order of their ids and languages."""
        fields = [_version.c[name] for name in GuideEntry.__slots__]
        query = (
            sa.select(*fields)
            .join(_edition_guide, _edition_guide.c.digest == _version.c.digest)
            .where(_edition_guide.c.edition == edition)
            .order_by(_version.c.guide_id, _version.c.language)
        )
        with self._engine.connect() as connection:
            return [GuideEntry(*row) for row in connection.execute(query)]

    def places(self, edition: int) -> list[PassagePlace]:
        """Return every passage of an edition, cards included."""
        query = (
            sa.select(_passage.c.id, _passage.c.digest)
            .join(_edition_guide, _edition_guide.c.digest == _passage.c.digest)
            .where(_edition_guide.c.edition == edition)
        )
        with self._engine.connect() as connection:
            return [PassagePlace(*row) for row in connection.execute(query)]

    def guide(self, digest: str) -> Guide:
        """Return a guide's version, whole."""
        query = sa.select(_version.c.payload).where(_version.c.digest == digest)
        with self._engine.connect() as connection:
            return _GUIDE.validate_json(connection.execute(query).scalar_one())

    def passages(self, digests: Iterable[str]) -> Iterator[Passage]:
        """Yield the passages of guide versions, in the order of each guide."""
        for group in _groups(sorted(set(digests))):
            query = (
                sa.select(*_PASSAGE_FIELDS)
                .join(_version, _version.c.digest == _passage.c.digest)
                .where(_passage.c.digest.in_(group))
                .order_by(_passage.c.digest, _passage.c.ordinal)
            )
            with self._engine.connect() as connection:
                for row in connection.execute(query):
                    yield Passage(*row)

    def passages_at(self, places: Sequence[PassagePlace]) -> dict[str, Passage]:
        """Return the passages at these places, by id."""
        wanted = {(place.id, place.digest) for place in places}
        # Asked by id alone: by digest too, SQLite would read every passage of these guides.
        query = (
            sa.select(_passage.c.digest, *_PASSAGE_FIELDS)
            .join(_version, _version.c.digest == _passage.c.digest)
            .where(_passage.c.id.in_([place.id for place in places]))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            found = (Passage(*fields) for digest, *fields in rows if (fields[0], digest) in wanted)
            return {passage.id: passage for passage in found}

    def read_before(self, source: str) -> dict[str, tuple[str, str]]:
        """Return, by document, the (fingerprint, digest) of what was last read from a source."""
        query = sa.select(_reading.c.document, _reading.c.fingerprint, _reading.c.digest).where(
            _reading.c.source == source
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return {row.document: (row.fingerprint, row.digest) for row in rows}

    def identities(self, source: str) -> list[tuple[tuple[str, str], str]]:
        """Return ((guide id, language), digest) of every version ever read from a source."""
        fields = (_version.c.guide_id, _version.c.language, _version.c.digest)
        query = sa.select(*fields).where(_version.c.source == source)
        with self._engine.connect() as connection:
            rows = connection.execute(query)
            return [((row.guide_id, row.language), row.digest) for row in rows]

    def keep(
        self, guide: Guide, digest: str, passages: Sequence[Passage], fingerprint: str
    ) -> None:
        """Keep a guide's version and passages and remember what it was read from.

        Nobody sees it until an edition points to it; keeping it twice changes nothing.
        """
        reading = {"source": guide.source, "document": guide.document}
        with self._engine.begin() as connection:
            known = sa.select(_version.c.digest).where(_version.c.digest == digest)
            if connection.execute(known).first() is None:
                connection.execute(sa.insert(_version).values(_version_row(guide, digest)))
                connection.execute(
                    sa.insert(_passage),
                    [_passage_row(p, digest, ordinal) for ordinal, p in enumerate(passages)],
                )
            connection.execute(
                sa.delete(_reading).where(
                    _reading.c.source == guide.source, _reading.c.document == guide.document
                )
            )
            connection.execute(
                sa.insert(_reading).values(**reading, fingerprint=fingerprint, digest=digest)
            )

    def stage(self, digests: Iterable[str], at: datetime) -> int:
        """Write down a new edition that nobody reads yet, and return its number."""
        with self._engine.begin() as connection:
            number: int = connection.execute(
                sa.insert(_edition).values(published_at=at).returning(_edition.c.number)
            ).scalar_one()
            rows = [{"edition": number, "digest": digest} for digest in sorted(set(digests))]
            if rows:
                connection.execute(sa.insert(_edition_guide), rows)
        return number

    def switch(self, edition: int) -> None:
        """Make an edition the live one, in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_live))
            connection.execute(sa.insert(_live).values(id=1, edition=edition))


def open_catalogue(index_folder: Path, *, create: bool = False) -> Catalogue:
    """Open the catalogue of an index folder.

    Raises:
        IndexMissing: the folder holds no catalogue and ``create`` is false.
    """
    path = index_folder / "catalogue.sqlite"
    if not path.exists() and not create:
        message = f"no index in {str(index_folder)!r}: run `civic-assistant publish corpus`"
        raise IndexMissing(message)
    index_folder.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}")

    @sa.event.listens_for(engine, "connect")
    def _tune(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA busy_timeout=30000")
        cursor.close()

    return Catalogue(engine)


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
        "payload": _GUIDE.dump_json(guide).decode(),
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


def _groups(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _ROWS):
        yield values[start : start + _ROWS]
