"""Whether a figure is the least or the most: "at least two months", "under 18", "au plus"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
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


def is_bound_turned(claim: Figure, said: Text, quoted: Text) -> bool:
    """Whether a figure is said to be the most where the quote has it as the least, or back.

    Only words on both sides count: a bound that is left out on one side is not seen.
    """
    if claim.kind in _NAMES:
        return False
    bound = _bound(claim, said.text, said.language)
    if bound is None or (claim.is_implied and claim.kind != "duration"):
        return False
    alike = [figure for figure in quoted.known if stands_among(claim, [figure])]
    # Articles are everywhere: beside a stated number they say nothing.
    stated = [figure for figure in alike if not (claim.kind == "count" and figure.is_implied)]
    meant = {_bound(figure, quoted.text, quoted.language) for figure in stated or alike}
    return bool(meant) and meant <= set(_BOUNDS) - {bound}


def _bound(figure: Figure, text: str, language: str) -> Bound | None:
    """Return the bound beside a figure; "at least" outweighs "before" and "within"."""
    itself = (
        b for b in _BOUNDS if _patterns(language)[f"{b}_itself"].fullmatch(plain(figure.text).text)
    )
    if (bound := next(itself, None)) is not None:
        return bound
    before = _bound_before(plain(text[: figure.start]).text, language)
    after = plain(text[figure.end :]).text
    ends = (
        bound
        for bound in _BOUNDS
        for place in ("after", "next")
        if _patterns(language)[f"{bound}_{place}"].match(after)
    )
    behind: Bound | None = next(ends, None)
    return before or behind if language in _POSTPOSED else behind or before


def _bound_before(before: str, language: str) -> Bound | None:
    nearest: tuple[int, int, Bound] | None = None
    for bound in _BOUNDS:
        for match in _patterns(language)[bound].finditer(before):
            place = (match.end(), match.end() - match.start(), bound)
            nearest = place if nearest is None else max(nearest, place)
    is_near = nearest is not None and _IS_NEAR.fullmatch(before, nearest[0])
    return nearest[2] if nearest is not None and is_near else None


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    table = tomllib.loads(files("civic_assistant").joinpath("bounds.toml").read_text("utf-8"))
    words = table.get(language, table["en"])
    return {
        f"{bound}{place}": wording_pattern(words.get(f"{bound}{place}", ()), language, lead)
        for bound in _BOUNDS
        for place, lead in _PLACES.items()
    }
