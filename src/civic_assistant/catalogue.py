"""The catalogue of an index: guides and passages by content, editions, the live pointer."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from civic_assistant.catalogue_tables import (
    EDITION_GUIDE,
    LIVE,
    NOTE,
    PASSAGE,
    READING,
    VERSION,
    open_tables,
)
from civic_assistant.edition_log import EditionEntry, NewEdition, Switch, SwitchKind
from civic_assistant.edition_rows import (
    drop_edition,
    forget_editions,
    move_pointer,
    read_editions,
    read_switches,
    write_edition,
)
from civic_assistant.errors import ContentRefused, EditionMissing, IndexMissing
from civic_assistant.guide_rows import (
    GUIDE,
    forget_unheld,
    read_refusals,
    write_reading,
    write_refusal,
    write_version,
)
from civic_assistant.guides import Guide, Passage

_ROWS = 500  # SQLite takes 32,766 variables a statement at most

_PASSAGE_FIELDS = [
    VERSION.c[name] if name in ("guide_id", "language") else PASSAGE.c[name]
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
class Forgotten:
    """The editions whose content was dropped, and how many guide versions nothing held then."""

    editions: tuple[int, ...]
    versions: int


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """Where a passage of an edition stands: its id and the digest of its guide's version."""

    id: str
    digest: str


def guide_digest(guide: Guide, passage_rules: str) -> str:
    """Return the identity of a guide's content under the given passage rules: 64 hex digits."""
    return hashlib.sha256(passage_rules.encode() + b"\x1f" + GUIDE.dump_json(guide)).hexdigest()


class Catalogue:
    """Guides and passages by the digest of their content; an edition is a set of digests.

    Nothing that an edition points to is ever changed, and the live pointer moves in one
    transaction, so that a reader sees one whole edition whatever happens to a publisher.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reads_only=True)

    def note(self, key: str) -> str | None:
        """Return what the index remembers under ``key`` (its model, its passage rules)."""
        with self._reader.connect() as connection:
            return connection.scalar(sa.select(NOTE.c.value).where(NOTE.c.key == key))

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Remember each note, in one transaction."""
        with self._engine.begin() as connection:
            for key, value in notes.items():
                connection.execute(sa.delete(NOTE).where(NOTE.c.key == key))
                connection.execute(sa.insert(NOTE).values(key=key, value=value))

    def live_edition(self) -> int:
        """Return the live edition's number; raises `IndexMissing` before the first one."""
        with self._reader.connect() as connection:
            number = connection.scalar(sa.select(LIVE.c.edition).where(LIVE.c.id == 1))
        if number is None:
            message = "nothing is published in this index: run `civic-assistant publish corpus`"
            raise IndexMissing(message)
        return int(number)

    def entries(self, edition: int) -> list[GuideEntry]:
        """Return the guides of an edition, in the order of their ids and languages."""
        fields = [VERSION.c[name] for name in GuideEntry.__slots__]
        query = (
            sa.select(*fields)
            .join(EDITION_GUIDE, EDITION_GUIDE.c.digest == VERSION.c.digest)
            .where(EDITION_GUIDE.c.edition == edition)
            .order_by(VERSION.c.guide_id, VERSION.c.language)
        )
        with self._reader.connect() as connection:
            return [GuideEntry(*row) for row in connection.execute(query)]

    def places(self, edition: int) -> list[PassagePlace]:
        """Return every passage of an edition, cards included."""
        query = (
            sa.select(PASSAGE.c.id, PASSAGE.c.digest)
            .join(EDITION_GUIDE, EDITION_GUIDE.c.digest == PASSAGE.c.digest)
            .where(EDITION_GUIDE.c.edition == edition)
        )
        with self._reader.connect() as connection:
            return [PassagePlace(*row) for row in connection.execute(query)]

    def ids_by_language(self, digests: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids of the passages of guide versions by language, in the order of the ids."""
        found: dict[str, set[str]] = {}
        for group in _groups(sorted(set(digests))):
            query = (
                sa.select(VERSION.c.language, PASSAGE.c.id)
                .join(VERSION, VERSION.c.digest == PASSAGE.c.digest)
                .where(PASSAGE.c.digest.in_(group))
            )
            with self._reader.connect() as connection:
                for language, id_ in connection.execute(query):
                    found.setdefault(language, set()).add(id_)
        return {language: sorted(ids) for language, ids in sorted(found.items())}

    def passages_with(self, ids: Sequence[str]) -> Iterator[Passage]:
        """Yield the passages of these ids, each once; unknown ids are left out."""
        for group in _groups(sorted(ids)):
            query = (
                sa.select(*_PASSAGE_FIELDS)
                .join(VERSION, VERSION.c.digest == PASSAGE.c.digest)
                .where(PASSAGE.c.id.in_(group))
                .group_by(PASSAGE.c.id)
            )
            with self._reader.connect() as connection:
                for row in connection.execute(query):
                    yield Passage(*row)

    def guide(self, digest: str) -> Guide:
        """Return a guide's version, whole."""
        query = sa.select(VERSION.c.payload).where(VERSION.c.digest == digest)
        with self._reader.connect() as connection:
            return GUIDE.validate_json(connection.execute(query).scalar_one())

    def passages(self, digests: Iterable[str]) -> Iterator[Passage]:
        """Yield the passages of guide versions, in the order of each guide."""
        for group in _groups(sorted(set(digests))):
            query = (
                sa.select(*_PASSAGE_FIELDS)
                .join(VERSION, VERSION.c.digest == PASSAGE.c.digest)
                .where(PASSAGE.c.digest.in_(group))
                .order_by(PASSAGE.c.digest, PASSAGE.c.ordinal)
            )
            with self._reader.connect() as connection:
                for row in connection.execute(query):
                    yield Passage(*row)

    def passages_at(self, places: Sequence[PassagePlace]) -> dict[str, Passage]:
        """Return the passages at these places, by id."""
        wanted = {(place.id, place.digest) for place in places}
        # Asked by id alone: by digest too, SQLite would read every passage of these guides.
        query = (
            sa.select(PASSAGE.c.digest, *_PASSAGE_FIELDS)
            .join(VERSION, VERSION.c.digest == PASSAGE.c.digest)
            .where(PASSAGE.c.id.in_([place.id for place in places]))
        )
        with self._reader.connect() as connection:
            rows = connection.execute(query)
            found = (Passage(*fields) for digest, *fields in rows if (fields[0], digest) in wanted)
            return {passage.id: passage for passage in found}

    def read_before(self, source: str) -> dict[str, tuple[str, str]]:
        """Return, by document, the (fingerprint, digest) of what was last read from a source."""
        query = sa.select(READING.c.document, READING.c.fingerprint, READING.c.digest).where(
            READING.c.source == source
        )
        with self._reader.connect() as connection:
            rows = connection.execute(query)
            return {row.document: (row.fingerprint, row.digest) for row in rows}

    def identities(self, source: str) -> list[tuple[tuple[str, str], str]]:
        """Return ((guide id, language), digest) of every version ever read from a source."""
        fields = (VERSION.c.guide_id, VERSION.c.language, VERSION.c.digest)
        query = sa.select(*fields).where(VERSION.c.source == source)
        with self._reader.connect() as connection:
            rows = connection.execute(query)
            return [((row.guide_id, row.language), row.digest) for row in rows]

    def keep(
        self,
        guide: Guide,
        digest: str,
        passages: Sequence[Passage],
        fingerprint: str,
        at: datetime | None = None,
    ) -> None:
        """Keep a guide's version and passages and remember what it was read from, and when.

        Nobody sees it until an edition points to it; keeping it twice changes nothing.
        """
        with self._engine.begin() as connection:
            write_version(connection, guide, digest, passages)
            write_reading(connection, guide, digest, fingerprint, at)

    def refused_before(self, source: str) -> dict[str, tuple[str, ContentRefused]]:
        """Return, by document, the (fingerprint, refusal) of what was last refused of a source."""
        with self._reader.connect() as connection:
            return read_refusals(connection, source)

    def keep_refusal(
        self, source: str, refusal: ContentRefused, fingerprint: str, at: datetime | None = None
    ) -> None:
        """Remember what the bytes of a document are refused for, and when they were read."""
        with self._engine.begin() as connection:
            write_refusal(connection, source, refusal, fingerprint, at)

    def stage(self, digests: Iterable[str], new: NewEdition, at: datetime) -> int:
        """Write down a new edition that nobody reads yet, and return its number."""
        with self._engine.begin() as connection:
            return write_edition(connection, digests, new, at)

    def staged_alike(self, digests: Iterable[str], base: int | None) -> int | None:
        """Return the staged edition of just these guides on this base, or None."""
        wanted = set(digests)
        for entry in self.editions():
            if entry.state == "staged" and entry.base == base:
                held = {guide.digest for guide in self.entries(entry.number)}
                if held == wanted:
                    return entry.number
        return None

    def editions(self) -> list[EditionEntry]:
        """Return every edition there ever was, in the order of their numbers."""
        with self._reader.connect() as connection:
            return read_editions(connection)

    def edition(self, number: int) -> EditionEntry:
        """Return what is written about an edition; raises `EditionMissing` for an unknown one."""
        with self._reader.connect() as connection:
            found = read_editions(connection, number)
        if not found:
            raise EditionMissing(number)
        return found[0]

    def switches(self) -> list[Switch]:
        """Return when which edition went live, oldest first."""
        with self._reader.connect() as connection:
            return read_switches(connection)

    def switch(
        self,
        edition: int,
        at: datetime,
        *,
        kind: SwitchKind = "publish",
        author: str = "",
        reason: str = "",
    ) -> Switch:
        """Make an edition the live one and write that down, in one transaction.

        Raises:
            EditionMissing: there is no such edition, or it was dropped.
            EditionStale: it is to be published, and the one it was planned on is not live.
            IndexUnusable: it is to be published, and was before.
        """
        with self._engine.begin() as connection:
            return move_pointer(connection, edition, at, kind, author, reason)

    def drop_staged(self, number: int, at: datetime) -> None:
        """Give up an edition that never was live; what only it held goes with the next purge.

        Raises:
            EditionMissing: there is no such edition.
            IndexUnusable: it was live once, so that answers may rest on it.
        """
        with self._engine.begin() as connection:
            drop_edition(connection, number, at)

    def keep_only(self, numbers: Collection[int], read_since: datetime, at: datetime) -> Forgotten:
        """Drop the content of all other editions, and the versions that nothing holds any more.

        Versions that were read since ``read_since`` stay, for a publish that goes on. The live
        edition must be among ``numbers``: a reader would find nothing.
        """
        with self._engine.begin() as connection:
            gone = [
                entry.number
                for entry in read_editions(connection)
                if entry.state != "dropped" and entry.number not in numbers
            ]
            forget_editions(connection, gone, at)
            return Forgotten(tuple(gone), forget_unheld(connection, read_since))

    def passage_ids(self) -> set[str]:
        """Return the id of every passage that is kept, of whatever edition."""
        with self._reader.connect() as connection:
            return set(connection.scalars(sa.select(PASSAGE.c.id).distinct()))


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
    return Catalogue(open_tables(path))


def _groups(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _ROWS):
        yield values[start : start + _ROWS]
