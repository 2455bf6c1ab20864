"""Whether an edition is whole: everything that answering from it needs is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from civic_assistant.catalogue import Catalogue
from civic_assistant.errors import EditionBroken, EditionMissing
from civic_assistant.index import keywords_folder, open_tokens
from civic_assistant.kept_vectors import KeptVectors

if TYPE_CHECKING:
    from civic_assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Wholeness:
    """How many passages an edition has, and how many of them lack what."""

    edition: int
    passages: int
    without_vector: int
    without_tokens: int
    has_words: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return (
            self.passages > 0
            and self.has_words
            and not (self.without_vector or self.without_tokens)
        )

    def __str__(self) -> str:
        words = "with its exact words" if self.has_words else "without its exact words"
        return (
            f"edition {self.edition}: {self.passages} passages, {self.without_vector} without "
            f"vector, {self.without_tokens} without tokens, {words}"
        )


def wholeness(catalogue: Catalogue, settings: Settings, number: int) -> Wholeness:
    """Count what an edition has and lacks; raises `EditionMissing` when it is not kept."""
    entry = catalogue.edition(number)
    if entry.state == "dropped":
        raise EditionMissing(number, is_dropped=True)
    folder = settings.index_folder
    ids = sorted({place.id for place in catalogue.places(number)})
    return Wholeness(
        edition=number,
        passages=len(ids),
        without_vector=len(ids) - len(KeptVectors(folder).stored(ids)),
        without_tokens=len(ids) - len(open_tokens(folder, catalogue).stored(ids)),
        has_words=keywords_folder(folder, entry.keywords).is_dir(),
    )


def check_whole(catalogue: Catalogue, settings: Settings, number: int) -> None:
    """See that an edition may go live.

    Raises:
        EditionMissing: there is no such edition, or it was dropped.
        EditionBroken: it lacks something.
    """
    found = wholeness(catalogue, settings, number)
    if not found.is_whole:
        raise EditionBroken(f"{found}: it was not made live; publish again")
