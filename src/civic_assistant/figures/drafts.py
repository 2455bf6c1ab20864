"""A figure while a text is being read: in plain offsets, with the number and unit it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from civic_assistant.figures.figure import Reading

Measure = Callable[[Decimal], tuple[Reading, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """``values`` are what its bare number may be worth; ``measure`` gives a number its unit.

    In a range ("3 to 5 weeks") the figure that ``is_bare``, without a unit, takes the other's
    measure. ``half`` is "am", "pm" or, of a time that may be either, "open"; ``hours`` are those
    since midnight of what is or may be a time.
    """

    start: int
    end: int
    readings: tuple[Reading, ...]
    is_implied: bool = False
    values: tuple[Decimal, ...] = ()
    measure: Measure | None = None
    is_bare: bool = False
    half: str | None = None
    hours: Decimal | None = None
