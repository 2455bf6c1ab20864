"""What a killed command leaves: one whole edition of one version, and nothing lost beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from civic_assistant.catalogue import Catalogue, GuideEntry
from civic_assistant.edition_log import Switch
from civic_assistant.errors import CivicError
from civic_assistant.journal import Journal
from civic_assistant.kept_vectors import KeptVectors
from civic_assistant.publishing_lock import publisher
from civic_assistant.verified.store import VerifiedAnswers
from evals.publishing.town import Town
from evals.publishing.versions import (
    DOCUMENT,
    STANDING,
    documents_in,
    documents_of,
    guides_of,
    marks_in,
)
from ingest.editions.damage import damage
from ingest.editions.kept_documents import KeptDocuments, digest_of
from ingest.editions.old_editions import drop_old_editions
from ingest.editions.wholeness import wholeness
from ingest.passages import passages_of

_LATER = timedelta(days=1)
SOURCE = "town"


@dataclass(slots=True)
class Aftermath:
    """Looks at the index after each command; every method yields what is lost, a sentence each."""

    town: Town
    verified: tuple[str, str]
    _switches: list[Switch] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def live_version(self) -> int:
        """Return the version of the live edition, by the marks of its guides."""
        catalogue = self.town.catalogue
        return version_of(catalogue, catalogue.live_edition())

    def of_edition(self, allowed: set[int]) -> Iterator[str]:
        """See that the live edition is whole, and one of the versions that it may be."""
        catalogue = self.town.catalogue
        number = catalogue.live_edition()
        version = version_of(catalogue, number)
        if version not in allowed:
            yield f"edition {number} is of version {version}, which should be one of {allowed}"
        entries = catalogue.entries(number)
        named = tuple(sorted(entry.guide_id for entry in entries))
        if named != guides_of(version):
            yield f"edition {number} holds other guides than version {version}: {named}"
        for entry in entries:
            if entry.digest not in self._known:
                self._known[entry.digest] = _lack_of(catalogue, entry, version)
            if self._known[entry.digest]:
                yield self._known[entry.digest]
        found = wholeness(catalogue, self.town.settings, number)
        if not found.is_whole:
            yield str(found)
        yield from damage(catalogue, self.town.settings, number)
        yield from self._of_documents(number, version)

    def of_history(self) -> Iterator[str]:
        """See that no line of the history is lost or changed since the last look."""
        switches = self.town.catalogue.switches()
        if switches[: len(self._switches)] != self._switches:
            yield f"the history lost or changed a line of its first {len(self._switches)}"
        for before, after in zip([None, *switches], switches, strict=False):
            if after.before != (before.edition if before is not None else None):
                yield f"the history leaps to edition {after.edition}"
        if switches[-1].edition != self.town.catalogue.live_edition():
            yield "the last line of the history is not the live edition"
        self._switches = switches

    def of_folder(self, allowed: set[int]) -> Iterator[str]:
        """See that every document of the corpus folder is whole, of a version it may be of."""
        names = {name for version in allowed for name in documents_of(version)}
        found = documents_in(self.town.settings.corpus_folder)
        for name in sorted(names | found.keys()):
            if found.get(name) not in {documents_of(version).get(name) for version in allowed}:
                what = "is lost" if name not in found else "is not what it was"
                yield f"{name!r} of the corpus folder {what}"

    def of_answers(self, *, is_settled: bool) -> Iterator[str]:
        """See that both verified answers are there, as they should be once a publish has ended."""
        records = self.town.records()
        kept = VerifiedAnswers(records)
        standing, falling = self.verified
        states = {answer.id: answer.state for answer in kept.read([standing, falling])}
        told = {id_: [event.kind for event in kept.history(id_)] for id_ in states}
        records.dispose()
        if states.get(standing) != "live" or told.get(standing) != ["made"]:
            yield f"the verified answer on {STANDING!r} is {states.get(standing, 'lost')}"
        whole = {"suspended": ["made", "suspended"]} | ({} if is_settled else {"live": ["made"]})
        state = states.get(falling, "lost")
        if told.get(falling) != whole.get(state):
            yield f"the verified answer on a changed guide is {state}: {told.get(falling)}"

    def of_leftovers(self) -> Iterator[str]:
        """Purge as days later, and see that nothing of killed runs is left."""
        settings, catalogue = self.town.settings, self.town.catalogue
        records = self.town.records()
        now = datetime.now(UTC) + timedelta(days=settings.staged_days) + _LATER
        drop_old_editions(settings, Journal(records).editions(), now)
        records.dispose()
        staged = [e.number for e in catalogue.editions() if e.state == "staged"]
        if staged:
            yield f"editions {staged} are still staged"
        if (who := publisher(settings.index_folder)) is not None:
            yield f"the index folder is still locked: {who}"
        for folder in (settings.index_folder, settings.corpus_folder):
            for path in sorted(_unfinished(folder)):
                yield f"{path.relative_to(folder).as_posix()!r} is left over"
        strangers = KeptVectors(settings.index_folder).ids() - catalogue.passage_ids()
        if strangers:
            yield f"{len(strangers)} vectors belong to no passage"

    def _of_documents(self, number: int, version: int) -> Iterator[str]:
        kept = KeptDocuments(self.town.settings.index_folder)
        wanted = {name: digest_of(content) for name, content in documents_of(version).items()}
        if kept.files(number, SOURCE) != wanted:
            yield f"edition {number} does not say what it was read from"
            return
        for name, digest in wanted.items():
            try:
                kept.content(digest)
            except CivicError as error:
                yield f"{name!r} of edition {number}: {error}"


def version_of(catalogue: Catalogue, edition: int) -> int:
    """Return the version that most guides of an edition are of."""
    found = [
        version
        for entry in catalogue.entries(edition)
        if entry.guide_id != STANDING
        for version, _ in marks_in(catalogue.guide(entry.digest).sections[0].text)
    ]
    return max(set(found), key=found.count)


def _lack_of(catalogue: Catalogue, entry: GuideEntry, version: int) -> str:
    """Return what a guide's version lacks, or nothing."""
    name = f"{entry.guide_id}/{DOCUMENT}"
    guide = catalogue.guide(entry.digest)
    marks = [mark for section in guide.sections for mark in marks_in(section.text)]
    if marks != marks_in(documents_of(version)[name].decode()):
        return f"{name!r} is not whole in version {version}: {marks}"
    passages = [passage.id for passage in catalogue.passages([entry.digest])]
    if passages != [passage.id for passage in passages_of(guide)]:
        return f"{name!r} lacks passages in version {version}"
    return ""


def _unfinished(folder: Path) -> set[Path]:
    return {*folder.rglob("*.staged"), *folder.rglob("*.part"), *folder.rglob("publishing.json")}
