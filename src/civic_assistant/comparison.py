"""Two texts beside each other: whether the figures of one are in their places in the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from civic_assistant.figures import Figure, Kind, figures_of, ranges_of, stands_among

# Kinds by which two figures are not yet alike.
_ANY: frozenset[Kind] = frozenset({"count", "ordinal"})


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a language with its figures; ``known`` holds those that are only implied too."""

    text: str
    language: str
    known: tuple[Figure, ...]

    @classmethod
    def read(cls, text: str, language: str) -> Text:
        """Read the figures of a text."""
        return cls(text, language, figures_of(text, language))

    @property
    def figures(self) -> list[Figure]:
        """The figures that the text states."""
        return [figure for figure in self.known if not figure.is_implied]


def swapped_figures(said: Text, quoted: Text) -> Iterator[Figure]:
    """Yield figures that stand in the quote in the place of another one.

    A range must be one of the quote's, where the quote has any of its kind. A figure may not
    stand more often than in the quote while the quote has another of its kind that is not said.
    """
    ranges = ranges_of(quoted.known, quoted.text, quoted.language, loosely=True)
    for one, other in ranges_of(said.known, said.text, said.language):
        kinds = _kinds(one) & _kinds(other) - _ANY
        alike = [(a, b) for a, b in ranges if _kinds(a) & _kinds(b) & kinds]
        if alike and not any(_meets(one, a) and _meets(other, b) for a, b in alike):
            yield other
    for figure in said.figures:
        again = sum(_is_alike(figure, other) for other in said.known)
        held = sum(_meets(figure, known) for known in quoted.known)
        if 0 < held < again and _misses_one(figure.kind, said, quoted):
            yield figure


def _is_alike(one: Figure, other: Figure) -> bool:
    return not set(one.readings).isdisjoint(other.readings)


def _misses_one(kind: Kind, said: Text, quoted: Text) -> bool:
    """Whether the quote has a figure of a kind that the sentence does not say."""
    return any(
        kind != "rate"
        and kind in _kinds(figure)
        and not any(_meets(claim, figure) for claim in said.figures)
        for figure in quoted.figures
    )


def _meets(claim: Figure, figure: Figure) -> bool:
    return stands_among(claim, [figure])


def _kinds(figure: Figure) -> frozenset[Kind]:
    return frozenset(reading.kind for reading in figure.readings)
