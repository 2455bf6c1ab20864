"""What a number is worth in a unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from civic_assistant.figures.drafts import Measure
from civic_assistant.figures.figure import Reading
from civic_assistant.figures.references import year_readings

# The unit in which lengths of time are compared, and how many of it one is.
TIMES: Final[Mapping[str, tuple[tuple[str, int], ...]]] = {
    "minute": (("minute", 1),),
    "hour": (("minute", 60),),
    "day": (("day", 1),),
    "week": (("day", 7),),
    "month": (("month", 1),),
    "quarter": (("month", 3),),
    "half_year": (("month", 6),),
    "year": (("month", 12),),
    "working": (("working5", 1), ("working6", 1)),
    "working5": (("working5", 1),),
    "working6": (("working6", 1),),
    "clear": (("clear", 1), ("day", 1)),
}
_CENT: Final = Decimal("0.01")
_FORM_LENGTH: Final = 5
_OLDEST: Final = 120


def unit_measure(unit: str) -> Measure:
    """Return what gives a number a unit of time, of age or of size.

    Working days of an unnamed sort are read both ways: Monday to Friday and to Saturday. Years
    are also an age.
    """

    def measure(value: Decimal) -> tuple[Reading, ...]:
        if unit == "percent":
            return percent_measure(value)
        if unit == "age":
            return (Reading("age", value),)
        if unit == "count":
            return (Reading("count", value),)
        if unit not in TIMES:
            return (Reading("measure", value, unit),)
        lengths = tuple(Reading("duration", value * n, name) for name, n in TIMES[unit])
        is_age = unit == "year" and value <= _OLDEST
        return (*lengths, Reading("age", value)) if is_age else lengths

    return measure


def money_measure(currency: str) -> Measure:
    """Return what makes a number an amount; nothing at all is free in any currency."""

    def measure(value: Decimal) -> tuple[Reading, ...]:
        if currency == "cent":
            return (Reading("amount", value * _CENT, "EUR"),)
        amount = Reading("amount", value, currency)
        return (amount,) if value else (amount, FREE)

    return measure


FREE: Final = Reading("amount", Decimal(0))


def percent_measure(value: Decimal) -> tuple[Reading, ...]:
    """Return a number as a percentage."""
    return (Reading("percentage", value),)


def bare_readings(value: Decimal, text: str) -> tuple[Reading, ...]:
    """Return the readings of a number without a unit: a count, a year, the number of a form."""
    readings = [Reading("count", value), *year_readings(value)]
    if text.isdigit() and len(text) == _FORM_LENGTH:
        readings.append(Reading("form", text))
    return tuple(readings)
