"""Which addresses of the live edition's guides are dead, moved or slow, by department."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urldefrag

from civic_assistant.catalogue import Catalogue, GuideEntry
from civic_assistant.index import is_in_force
from ingest.addresses.asking import Answer, AskingBounds, ask_addresses
from ingest.addresses.named_addresses import named_addresses, with_links
from ingest.editions.kept_documents import KeptDocuments
from ingest.progress import Advance, Progress
from ingest.readers.service_public.guide import SOURCE as NATIONAL

MOST_ADDRESSES = 5_000
"""Most addresses asked in one run; at fifteen seconds each, eight at a time, under three hours."""


@dataclass(frozen=True, slots=True)
class GuideAddress:
    """An address that a guide names: where it stands, and in which of the guide's documents."""

    department: str
    guide_id: str
    title: str
    address: str
    place: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressFinding:
    """An address that is not well, and what it answered."""

    named: GuideAddress
    answer: Answer


@dataclass(frozen=True, slots=True)
class AddressReport:
    """What asking came to: findings by department and guide, the worst first in each.

    ``asked`` counts different addresses, ``left_out`` those beyond `MOST_ADDRESSES`.
    """

    edition: int
    asked: int
    left_out: int
    findings: tuple[AddressFinding, ...]


_WORST_FIRST = ("dead", "moved", "closed", "slow", "not_asked")


def report_addresses(
    catalogue: Catalogue,
    documents: KeptDocuments,
    progress: Progress,
    today: date,
    *,
    sources: Collection[str] | None = None,
    bounds: AskingBounds | None = None,
    is_loopback_allowed: bool = False,
) -> AddressReport:
    """Ask every address that the live edition's guides in force name, and return what is wrong.

    ``sources`` says whose guides, all but the national ones by default: what is wrong in those,
    the town cannot mend. This sends requests to the internet: only when somebody asked for it.

    Raises:
        IndexMissing: Nothing is published.
    """
    edition = catalogue.live_edition()
    entries = [
        entry
        for entry in catalogue.entries(edition)
        if is_in_force(entry, today)
        and (entry.source in sources if sources is not None else entry.source != NATIONAL)
    ]
    named = guide_addresses(catalogue, documents, edition, entries)
    wanted = list(dict.fromkeys(urldefrag(one.address).url for one in named))
    asked = wanted[:MOST_ADDRESSES]
    with progress.stage("addresses", len(asked)) as advance:
        answers = _answers(asked, advance, bounds, is_loopback_allowed)
    found = (
        AddressFinding(one, answer)
        for one in named
        if (answer := answers.get(urldefrag(one.address).url)) and answer.state != "well"
    )
    return AddressReport(
        edition=edition,
        asked=len(asked),
        left_out=len(wanted) - len(asked),
        findings=tuple(sorted(found, key=_order)),
    )


def guide_addresses(
    catalogue: Catalogue, documents: KeptDocuments, edition: int, entries: Iterable[GuideEntry]
) -> tuple[GuideAddress, ...]:
    """Return what guides of an edition name: each address once a guide, where it stands first."""
    found: dict[tuple[str, str], GuideAddress] = {}
    for entry, linked in with_links(entries, documents, edition):
        guide = catalogue.guide(entry.digest)
        places = {one.address: one.place for one in named_addresses(guide)}
        for address in linked:
            places.setdefault(address, "link")
        for address, place in places.items():
            first = found.setdefault(
                (guide.id, address),
                GuideAddress(guide.department, guide.id, guide.title, address, place, ()),
            )
            named = replace(first, documents=(*first.documents, entry.document))
            found[guide.id, address] = named
    return tuple(found.values())


def _answers(
    addresses: list[str], advance: Advance, bounds: AskingBounds | None, is_loopback_allowed: bool
) -> dict[str, Answer]:
    asking = ask_addresses(addresses, advance, bounds, is_loopback_allowed=is_loopback_allowed)
    return asyncio.run(asking)


def _order(finding: AddressFinding) -> tuple[str, str, int, str]:
    named, state = finding.named, finding.answer.state
    return named.department, named.guide_id, _WORST_FIRST.index(state), named.address
