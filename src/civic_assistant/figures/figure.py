"""What a figure is, and when one stands for another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "amount", "percentage", "date", "weekday", "time", "duration", "age", "measure", "rate",
    "phone", "address", "form", "reference", "ordinal", "count",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date of which any part may be left open: 2027, March 2027, 15 January, in August."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a figure.

    | kind | value | unit |
    |---|---|---|
    | amount | Decimal | ISO 4217; empty for what is free |
    | percentage, count, age | Decimal | empty |
    | ordinal | Decimal | day, month…, or empty |
    | duration | Decimal | minute, day, month, working5 (Monday to Friday), working6, clear |
    | measure | Decimal | metre, square_metre, kilogram… |
    | time | Decimal, minutes since midnight | empty |
    | date | CalendarDate | empty |
    | weekday | Decimal, 0 for Monday | empty |
    | rate (per, each) | empty | hour, day, week, month, year |
    | phone, address, form, reference | str, in one spelling | empty |

    Hours are minutes, weeks are days, years are months, because these are the same by
    definition; a day is not 24 hours.
    """

    kind: Kind
    value: Decimal | str | CalendarDate
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text, which has ``text`` at ``start:end``, and every way to understand it.

    The likeliest reading comes first. One that ``is_implied`` ("both", an article, "minor") can
    support another figure and needs no support itself.
    """

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...]
    is_implied: bool = False

    @property
    def kind(self) -> Kind:
        """The kind of the likeliest reading."""
        return self.readings[0].kind


def stands_among(claim: Figure, figures: Collection[Figure]) -> bool:
    """Whether a figure stands among others: same kind, value and unit by one of its readings.

    A claim may say less than the text: a date without its year, a form without its version, a
    site without its page. It may take the year from elsewhere among the figures when the text's
    own date leaves it open.
    """
    known = [reading for figure in figures for reading in figure.readings]
    years = {r.value.year for r in known if isinstance(r.value, CalendarDate)}
    return any(_is_known(reading, known, years) for reading in claim.readings)


def _is_known(claim: Reading, known: Iterable[Reading], years: Collection[int | None]) -> bool:
    return any(
        claim == reading
        or (claim.kind == reading.kind and _says_less(claim.value, reading.value, years))
        or (claim.kind == "ordinal" and not claim.unit and claim.value == reading.value)
        for reading in known
    )


def _says_less(
    claim: Decimal | str | CalendarDate,
    value: Decimal | str | CalendarDate,
    years: Collection[int | None],
) -> bool:
    if isinstance(claim, CalendarDate) and isinstance(value, CalendarDate):
        is_year_known = claim.year in (None, value.year) or (
            value.year is None and claim.year in years
        )
        return is_year_known and claim.month in (None, value.month) and claim.day in (
            None, value.day,
        )  # fmt: skip
    if isinstance(claim, str) and isinstance(value, str):
        return value.startswith((f"{claim}*", f"{claim}/"))
    return False
