"""Two texts beside each other: whether the figures of one are in their places in the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from civic_assistant.figures import Figure, Kind, Reading, figures_of, ranges_of, stands_among
from civic_assistant.keywords import stems

# The share of words that a copy with small changes has in common with the original.
_COPY = 0.8
_ONE = Reading("count", Decimal(1))
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


def is_copy(one: str, other: str, language: str) -> bool:
    """Whether two texts of a language have most of their content words in common."""
    ours, theirs = content_of(one, language), content_of(other, language)
    most = max(ours.total(), theirs.total())
    return most > 0 and (ours & theirs).total() >= _COPY * most


def content_of(text: str, language: str) -> Counter[str]:
    """Return the stems of a text's content words, each with how often it stands there."""
    return Counter(stems(text, language))


def is_supported(figure: Figure, said: Text, quoted: Text) -> bool:
    """Whether a stated figure stands in the quote, as same kind, value and unit.

    "One" in words may stand for what other languages leave unsaid, unless the quote has another
    count that the sentence does not say ("two witnesses").
    """
    if stands_among(figure, quoted.known):
        return True
    is_one = figure.readings[0] == _ONE and not figure.text[:1].isdigit()
    return is_one and not _misses_one("count", said, quoted)


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
