"""What a publish would do: which documents are new, changed, unchanged, withdrawn or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from civic_assistant.catalogue import Catalogue, GuideEntry, guide_digest
from civic_assistant.errors import ContentRefused, DocumentRefused, SourceError
from ingest.passages import PASSAGE_RULES, passages_of
from ingest.progress import Advance
from ingest.sources import DocumentFile, Loaded, Source, SourceDocument


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publish of one source would do; each name is a document below its source.

    ``digests`` is the whole next edition, the other sources' guides included. ``kept`` are
    refused documents whose published version stays. ``warnings`` are (document, what to check).
    ``files`` are those that the source's guides are read from and that it wants kept.
    """

    source: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    withdrawn: tuple[str, ...]
    kept: tuple[str, ...]
    refused: tuple[DocumentRefused, ...]
    warnings: tuple[tuple[str, str], ...]
    digests: frozenset[str]
    files: tuple[DocumentFile, ...]

    @property
    def is_change(self) -> bool:
        """Whether the next edition would differ from the live one."""
        return bool(self.added or self.changed or self.withdrawn)


def plan_edition(
    source: Source,
    catalogue: Catalogue,
    live: Sequence[GuideEntry],
    advance: Advance,
    at: datetime | None = None,
) -> Plan:
    """Read what changed in a source and return the plan of its next edition.

    What is read is kept in the catalogue at once, where nobody sees it, so that a stopped run
    goes on where it was. ``advance`` is called once a document; ``at`` is now.

    Raises:
        SourceError: the source cannot be read, or holds no guide where some are published.
    """
    before = {entry.document: entry for entry in live if entry.source == source.name}
    others = [entry for entry in live if entry.source != source.name]
    reading = _Reading(
        catalogue, source.name, {(e.guide_id, e.language): e.source for e in others}, at
    )
    for document in source.documents():
        reading.take(document)
        advance(1)
    seen = reading.digests
    if before and not seen:
        message = f"source {source.name!r} holds no readable guide, {len(before)} are published:"
        raise SourceError(f"{message} nothing was changed; check the folder or the package")
    kept = sorted(
        r.document for r in reading.refused if r.document in before and r.document not in seen
    )
    now = seen | {name: before[name].digest for name in kept}
    return Plan(
        source=source.name,
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(n for n in seen if n in before and seen[n] != before[n].digest)),
        unchanged=tuple(sorted(n for n in seen if n in before and seen[n] == before[n].digest)),
        withdrawn=tuple(sorted(before.keys() - now.keys())),
        kept=tuple(kept),
        refused=tuple(reading.refused),
        warnings=tuple(reading.warnings),
        digests=frozenset(now.values()) | {entry.digest for entry in others},
        files=tuple(dict.fromkeys(reading.files)),
    )


class _Reading:
    """Reads the documents of one source, skipping what the catalogue has read before."""

    def __init__(
        self,
        catalogue: Catalogue,
        source: str,
        taken: dict[tuple[str, str], str],
        at: datetime | None,
    ) -> None:
        self._at = at
        self._catalogue = catalogue
        self._source = source
        self._taken = taken
        self._before = catalogue.read_before(source)
        self._refused_before = catalogue.refused_before(source)
        self._published = {digest: key for key, digest in catalogue.identities(source)}
        self.digests: dict[str, str] = {}
        self.refused: list[DocumentRefused] = []
        self.warnings: list[tuple[str, str]] = []
        self.files: list[DocumentFile] = []

    def take(self, document: SourceDocument | DocumentRefused) -> None:
        if isinstance(document, DocumentRefused):
            self.refused.append(document)
            return
        try:
            self.digests[document.name] = self._digest(document)
            self.files.extend(document.files)
        except DocumentRefused as refusal:
            self.refused.append(refusal)

    def _digest(self, document: SourceDocument) -> str:
        fingerprint = f"{PASSAGE_RULES}:{document.fingerprint}"
        known = self._before.get(document.name)
        if known is not None and known[0] == fingerprint and known[1] in self._published:
            self._claim(self._published[known[1]], document.name)
            return known[1]
        loaded = self._loaded(document, fingerprint)
        guide = loaded.guide
        digest = guide_digest(guide, PASSAGE_RULES)
        self._catalogue.keep(guide, digest, passages_of(guide), fingerprint, self._at)
        self._claim((guide.id, guide.language), document.name)
        self.warnings.extend((document.name, warning) for warning in loaded.warnings)
        return digest

    def _loaded(self, document: SourceDocument, fingerprint: str) -> Loaded:
        """Read a document, unless these bytes of it were refused before: then they are again."""
        known = self._refused_before.get(document.name)
        if known is not None and known[0] == fingerprint:
            raise known[1]
        try:
            return document.load()
        except ContentRefused as refusal:
            self._catalogue.keep_refusal(self._source, refusal, fingerprint, self._at)
            raise

    def _claim(self, identity: tuple[str, str], document: str) -> None:
        """Refuse a guide id that another document of the edition carries in the same language."""
        owner = self._taken.setdefault(identity, document)
        if owner != document:
            raise DocumentRefused(
                document,
                f"the guide id {identity[0]!r} is taken in language {identity[1]!r} by {owner!r}.",
                "Give one of the two another id.",
            )
