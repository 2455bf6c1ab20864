"""A procedure at a glance: who, documents, cost, delay, where, online, in the guide's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from civic_assistant.chat.markdown import safe_address
from civic_assistant.corrections.showing import RunningCorrections
from civic_assistant.guides import FactKind, Guide, Section
from civic_assistant.index import Index
from civic_assistant.outcomes import ShownCorrection

KINDS: tuple[FactKind, ...] = (
    "who", "documents", "cost", "delay", "where", "hours", "how", "online_service", "form",
    "contact", "legal_basis",
)  # fmt: skip
"""The fields of a card, in its order."""


@dataclass(frozen=True, slots=True)
class CardEntry:
    """One thing a guide says of a field: for which case, under which heading, line by line."""

    situation: str
    heading: str
    lines: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class ProcedureCard:
    """A guide's fields; ``missing`` are the main ones about which it says nothing.

    ``corrections`` run now and overrule the fields.
    """

    guide_id: str
    title: str
    language: str
    department: str
    address: str
    attribution: str
    fields: tuple[tuple[FactKind, tuple[CardEntry, ...]], ...]
    missing: tuple[FactKind, ...]
    corrections: tuple[ShownCorrection, ...] = ()


def procedure_card(
    index: Index,
    guide_id: str,
    languages: tuple[str, ...],
    corrections: RunningCorrections,
    now: datetime,
) -> ProcedureCard | None:
    """Return the card of a guide in the first of these languages that it has, else in any.

    None when the live edition does not hold the guide. Raises `RecordsUnusable`.
    """
    versions = index.live().versions.get(guide_id)
    if not versions:
        return None
    language = next((tag for tag in languages if tag in versions), next(iter(versions)))
    card = card_of(index.guide(versions[language].digest))
    return replace(card, corrections=corrections.of({guide_id: card.title}, language, now))


def card_of(guide: Guide) -> ProcedureCard:
    """Return a guide's card, made only of its facts and of the sections whose topic is known."""
    fields = tuple((kind, entries) for kind in KINDS if (entries := tuple(_entries(guide, kind))))
    told = {kind for kind, _ in fields}
    return ProcedureCard(
        guide_id=guide.id,
        title=guide.title,
        language=guide.language,
        department=guide.department or guide.authority,
        address=safe_address(guide.address) or "",
        attribution=guide.attribution,
        fields=fields,
        missing=tuple(kind for kind in KINDS[:5] if kind not in told),
    )


def _entries(guide: Guide, kind: FactKind) -> Iterator[CardEntry]:
    for fact in guide.facts:
        if fact.kind == kind:
            address = safe_address(fact.address) or ""
            yield CardEntry(" › ".join(fact.situation), "", (fact.text,), address)
    for section in guide.sections:
        if section.topic == kind and section.text:
            heading = " › ".join(section.path)
            yield CardEntry(" › ".join(section.situation), heading, tuple(_lines(section)), "")


def _lines(section: Section) -> Iterator[str]:
    for block in section.blocks:
        text = section.text[block.start : block.end].replace(" | ", " : ")
        yield f"– {text}" if block.kind in ("item", "row") else text
