"""What an index holds after a publish and what that publish changed, read from the index."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from civic_assistant.catalogue import Catalogue, GuideEntry, open_catalogue
from civic_assistant.kept_vectors import KeptVectors
from ingest.publish import live_edition
from ingest.reviewing.differences import guide_change


@dataclass(frozen=True, slots=True)
class Changes:
    """How many guides of a source a publish added, changed, withdrew and left as they were.

    ``reworded`` are the changed ones of which a section, title or description reads otherwise: the
    others changed in dates, links or the like. Sections are those of all guides that came, changed
    or went.
    """

    added: int
    changed: int
    reworded: int
    withdrawn: int
    unchanged: int
    sections_added: int
    sections_changed: int
    sections_withdrawn: int


@dataclass(frozen=True, slots=True)
class Held:
    """The live edition of an index: its number (None: nothing is live), guides and passages.

    ``vectors`` counts the passages of all editions that have one: it grows by what was embedded.
    """

    edition: int | None = None
    guides: frozenset[tuple[str, str, str]] = frozenset()
    passages: frozenset[str] = frozenset()
    vectors: int = 0


def held_in(index_folder: Path) -> Held:
    """Return what an index folder holds live; guides are (id, language, digest of the content)."""
    catalogue = open_catalogue(index_folder, create=True)
    edition = live_edition(catalogue)
    entries = catalogue.entries(edition) if edition is not None else []
    places = catalogue.places(edition) if edition is not None else []
    return Held(
        edition=edition,
        guides=frozenset((entry.guide_id, entry.language, entry.digest) for entry in entries),
        passages=frozenset(place.id for place in places),
        vectors=len(KeptVectors(index_folder).ids()),
    )


def changed_since(index_folder: Path, before: Held, source: str) -> tuple[Held, Changes]:
    """Return what an index holds live now, and what that changes of a source over ``before``."""
    now = held_in(index_folder)
    return now, changes_between(index_folder, before.edition, now.edition, source)


def changes_between(
    index_folder: Path, before: int | None, after: int | None, source: str
) -> Changes:
    """Count what the edition ``after`` changes of a source over the edition ``before``.

    None stands for an edition of no guides. A guide is the same one by its id and language.
    """
    catalogue = open_catalogue(index_folder)
    old, new = _by_key(catalogue, before, source), _by_key(catalogue, after, source)
    shared = old.keys() & new.keys()
    differing = sorted(key for key in shared if old[key] != new[key])
    sections: Counter[str] = Counter()
    reworded = 0
    for key in differing:
        change = guide_change(catalogue.guide(old[key]), catalogue.guide(new[key]))
        reworded += change.is_text
        sections.update(section.kind for section in change.sections)
    come = sum(len(catalogue.guide(new[key]).sections) for key in new.keys() - shared)
    gone = sum(len(catalogue.guide(old[key]).sections) for key in old.keys() - shared)
    return Changes(
        added=len(new) - len(shared),
        changed=len(differing),
        reworded=reworded,
        withdrawn=len(old) - len(shared),
        unchanged=len(shared) - len(differing),
        sections_added=sections["added"] + come,
        sections_changed=sections["changed"],
        sections_withdrawn=sections["removed"] + gone,
    )


def differences(updated: Held, rebuilt: Held, kept: frozenset[str]) -> list[str]:
    """Say in which guides and passages an updated index is not what a rebuilt one is.

    ``kept`` are ids of guides that stay as published because they can no longer be read; a rebuilt
    index cannot have them, so that they are no difference.
    """
    extra = frozenset(guide for guide in updated.guides if guide[0] not in kept)
    told = _told("guides", extra, rebuilt.guides)
    if not kept:
        told += _told("passages", updated.passages, rebuilt.passages)
    elif lost := rebuilt.passages - updated.passages:
        told.append(f"{len(lost)} passages of the rebuilt index are not in the updated one")
    return told


def kept_guides(index_folder: Path, first: int, updated: Held, rebuilt: Held) -> frozenset[str]:
    """Return the guides that only an updated index has, just as the edition ``first`` has them."""
    catalogue = open_catalogue(index_folder)
    before = {(e.guide_id, e.language, e.digest) for e in catalogue.entries(first)}
    there = {guide[:2] for guide in rebuilt.guides}
    return frozenset(
        guide[0] for guide in updated.guides if guide in before and guide[:2] not in there
    )


def _by_key(catalogue: Catalogue, edition: int | None, source: str) -> dict[tuple[str, str], str]:
    entries: list[GuideEntry] = catalogue.entries(edition) if edition is not None else []
    return {(e.guide_id, e.language): e.digest for e in entries if e.source == source}


def _told(what: str, updated: frozenset[object], rebuilt: frozenset[object]) -> list[str]:
    apart = updated ^ rebuilt
    if not apart:
        return []
    shown = ", ".join(sorted(map(str, apart))[:3])
    return [
        f"{len(updated - rebuilt)} {what} only in the updated index, {len(rebuilt - updated)} only "
        f"in the rebuilt one: {shown}"
    ]
