"""What somebody took back: never to be published again by a program alone."""

from __future__ import annotations

from civic_assistant.catalogue import Catalogue
from civic_assistant.edition_log import line_of

_Guides = dict[tuple[str, str], str]


def brought_back(catalogue: Catalogue, edition: int) -> tuple[str, ...]:
    """Return the documents in which a staged edition repeats what was taken back.

    These are documents that read, or are gone, as in an edition that a step back left behind, and
    not as in the live one. Whatever is published by hand after the step back settles it.
    """
    line = line_of(catalogue.switches())
    if line.live is None or not line.future:
        return ()
    live, staged = _guides(catalogue, line.live), _guides(catalogue, edition)
    differing = [key for key in live.keys() | staged.keys() if live.get(key) != staged.get(key)]
    left = [_guides(catalogue, number) for number in line.future]
    repeated = (key for key in differing if any(staged.get(key) == one.get(key) for one in left))
    return tuple(sorted(document for _, document in repeated))


def _guides(catalogue: Catalogue, edition: int) -> _Guides:
    """Return the digests of an edition's guides by source and document."""
    return {(e.source, e.document): e.digest for e in catalogue.entries(edition)}
