"""Each editor's draft: their changes to the town's documents, which citizens see nothing of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select

from civic_assistant.desk.editors.tables import GUIDE_DRAFTS
from civic_assistant.desk.sessions import Member
from civic_assistant.records import reading, writing
from civic_assistant.settings import Settings
from ingest.drafts.old_drafts import drafts_folder
from ingest.drafts.working_copy import WorkingCopy
from ingest.guide_file import GUIDE_FILE


@dataclass(frozen=True, slots=True)
class OtherDraft:
    """What somebody else has changed and not published: the names of the documents."""

    author: str
    changed_at: datetime
    names: tuple[str, ...]

    @property
    def guides(self) -> frozenset[str]:
        """The ids of the guides that are changed."""
        return frozenset(guide_of(name) for name in self.names)


class Drafts:
    """The drafts under the data folder; every process of the server finds the same."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._folder = drafts_folder(settings)
        self._corpus = settings.corpus_folder

    def of(self, staff_id: str) -> WorkingCopy:
        """Return somebody's draft, empty when they have changed nothing."""
        return WorkingCopy(self._place(staff_id), self._corpus)

    def touch(self, member: Member, now: datetime) -> None:
        """Note whose draft was changed and when."""
        row = {"staff_id": member.id, "author": member.name[:120], "changed_at": now}
        with writing(self._engine) as connection:
            connection.execute(delete(GUIDE_DRAFTS).where(GUIDE_DRAFTS.c.staff_id == member.id))
            connection.execute(insert(GUIDE_DRAFTS).values(row))

    def others(self, member: Member) -> Iterator[OtherDraft]:
        """Yield what others have changed and not published, the latest first."""
        query = (
            select(GUIDE_DRAFTS)
            .where(GUIDE_DRAFTS.c.staff_id != member.id)
            .order_by(GUIDE_DRAFTS.c.changed_at.desc())
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        for row in rows:
            names = self.of(row.staff_id).changed()
            if names:
                yield OtherDraft(row.author, row.changed_at, names)

    def _place(self, staff_id: str) -> Path:
        # An id from elsewhere may hold anything: a digest is always the name of one folder.
        return self._folder / sha256(staff_id.encode()).hexdigest()[:32]


def guide_of(name: str) -> str:
    """Return the id of the guide that a document belongs to."""
    return name.split("/", maxsplit=1)[0]


def language_of(name: str) -> str | None:
    """Return the language of a document, or None for a guide's description."""
    file = name.split("/", maxsplit=1)[1]
    return None if file == GUIDE_FILE else file.split(".", maxsplit=1)[0]


def draft_digest(draft: WorkingCopy) -> str:
    """Return what tells one state of a draft from another: 64 hex digits."""
    told = "\n".join(f"{name} {draft.digest(name)}" for name in draft.changed())
    return sha256(told.encode()).hexdigest()
