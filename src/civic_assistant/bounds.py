"""Whether a figure is the least or the most: "at least two months", "under 18", "au plus"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from civic_assistant.comparison import Text
from civic_assistant.figures import Figure, Kind, stands_among
from civic_assistant.figures.plain import plain
from civic_assistant.wording import wording_pattern

Bound = Literal["least", "most"]

_BOUNDS: tuple[Bound, Bound] = ("least", "most")
# Where a bound stands by its figure, and what may stand between them.
_PLACES = {
    "": "",
    "_after": r"[ ,'\-]{0,2}(?:\w+ ){0,2}?",
    "_next": r"[ '\-]{0,2}",
    "_itself": "",
}
# Kinds of figures that are neither more nor less.
_NAMES: frozenset[Kind] = frozenset({"phone", "address", "form", "reference", "weekday"})
# Where "before" and "within" stand behind the figure, and "at least" before it.
_POSTPOSED = frozenset({"tr", "zh"})
# What may stand between a bound and its figure: "au moins les deux".
_IS_NEAR = re.compile(r"[^\d\n,;:.()|]{0,12}")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words ``text[start:end]`` of a text, which make a figure the least or the most."""

    bound: Bound
    start: int
    end: int


def is_bound_turned(claim: Figure, said: Text, quoted: Text) -> bool:
    """Whether a figure is said to be the most where the quote has it as the least, or back.

    Only words on both sides count: a bound that is left out on one side is not seen.
    """
    bound = _bound(claim, said) if _may_be_bound(claim) else None
    if bound is None:
        return False
    meant = _bounds_meant(claim, quoted)
    return bool(meant) and meant <= set(_BOUNDS) - {bound}


def shared_bounds(said: Text, quoted: Text) -> Iterator[tuple[int, int]]:
    """Yield where a text has the words of a bound that the quote gives to the same figure.

    "Not older than" is such a bound beside "at most", and denies nothing.
    """
    for claim in filter(_may_be_bound, said.known):
        words = _words(claim, said)
        if words and words[0].bound in _bounds_meant(claim, quoted):
            yield from ((w.start, w.end) for w in words if w.bound == words[0].bound)


def _may_be_bound(claim: Figure) -> bool:
    return claim.kind not in _NAMES and (claim.kind == "duration" or not claim.is_implied)


def _bounds_meant(claim: Figure, quoted: Text) -> set[Bound | None]:
    """Return what the figures of a quote that are a claim's are: least, most or neither."""
    alike = [figure for figure in quoted.known if stands_among(claim, [figure])]
    # Articles are everywhere: beside a stated number they say nothing.
    stated = [figure for figure in alike if not (claim.kind == "count" and figure.is_implied)]
    return {_bound(figure, quoted) for figure in stated or alike}


def _bound(figure: Figure, text: Text) -> Bound | None:
    words = _words(figure, text)
    return words[0].bound if words else None


def _words(figure: Figure, text: Text) -> list[_Words]:
    """Return the words of a figure's bound, the weightiest first.

    "At least" outweighs "before" and "within".
    """
    patterns = _patterns(text.language)
    shown = plain(figure.text).text
    for bound in _BOUNDS:
        if patterns[f"{bound}_itself"].fullmatch(shown):
            return [_Words(bound, figure.start, figure.end)]
    before = _words_before(text.text[: figure.start], patterns)
    behind = _words_behind(text.text, figure.end, patterns)
    found = (before, behind) if text.language in _POSTPOSED else (behind, before)
    return [words for words in found if words is not None]


def _words_before(text: str, patterns: Mapping[str, re.Pattern[str]]) -> _Words | None:
    """Return the words of a bound that end nearest to the end of a text, the longest of them."""
    shown = plain(text)
    nearest: tuple[int, int, Bound] | None = None
    for bound in _BOUNDS:
        for match in patterns[bound].finditer(shown.text):
            place = (match.end(), match.end() - match.start(), bound)
            nearest = place if nearest is None else max(nearest, place)
    if nearest is None or not _IS_NEAR.fullmatch(shown.text, nearest[0]):
        return None
    end, length, bound = nearest
    return _Words(bound, *shown.origin(end - length, end))


def _words_behind(text: str, place: int, patterns: Mapping[str, re.Pattern[str]]) -> _Words | None:
    """Return the words of a bound that begin nearest to a place in a text, the longest of them."""
    shown = plain(text[place:])
    found = (
        (match.start("phrase"), -match.end(), bound)
        for bound in _BOUNDS
        for behind in ("after", "next")
        if (match := patterns[f"{bound}_{behind}"].match(shown.text))
    )
    nearest = min(found, default=None)
    if nearest is None:
        return None
    start, end = shown.origin(nearest[0], -nearest[1])
    return _Words(nearest[2], place + start, place + end)


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    table = tomllib.loads(files("civic_assistant").joinpath("bounds.toml").read_text("utf-8"))
    words = table.get(language, table["en"])
    return {
        f"{bound}{place}": wording_pattern(words.get(f"{bound}{place}", ()), language, lead)
        for bound in _BOUNDS
        for place, lead in _PLACES.items()
    }
