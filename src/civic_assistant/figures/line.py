"""The lexemes of a text in a row, and the numbers that are made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from civic_assistant.figures.clock import Clock
from civic_assistant.figures.drafts import Draft, Measure
from civic_assistant.figures.figure import Reading
from civic_assistant.figures.lexemes import Lexeme
from civic_assistant.figures.lexicon import Lexicon, Role
from civic_assistant.figures.units import TIMES

CLOSE: Final = re.compile(r"[ '\-]{0,2}")
CUE: Final = re.compile(r"[ .:'\-]{0,2}")
_ATTACHED: Final = re.compile(r"[\-'.]?")
_DOT: Final = re.compile(r"\. ?")
_DOTTED_ORDINAL: Final = re.compile(r"\. ?[^\W\d_]")
_DOTTED: Final = frozenset({"de", "pl", "tr"})
_HUNDRED: Final = 100
_THOUSAND: Final = 1000
_TEN: Final = 10
# Units whose ordinals are told apart: the third day, the third working day.
_RANKED: Final = frozenset({"day", "working", "working5", "working6", "month", "year"})
_HALF: Final = Decimal("0.5")


# A figure and the first lexeme after it.
Found = tuple[Draft, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number made of the lexemes up to ``next``, which is the first after it.

    ``is_sure`` is false where the word is a number only before a unit (French "neuf").
    """

    next: int
    values: tuple[Decimal, ...]
    is_numeral: bool
    is_sure: bool = True
    is_ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A text's lexemes; ``clocks`` maps where a lexeme starts to the time that it is."""

    text: str
    lexemes: Sequence[Lexeme]
    lexicon: Lexicon
    clocks: Mapping[int, Clock]

    def value(self, position: int, role: Role) -> Decimal | str | None:
        """Return what the lexeme at a position means in a role, or None."""
        if not 0 <= position < len(self.lexemes):
            return None
        return self.lexemes[position].roles.get(role)

    def has(self, position: int, *roles: Role) -> bool:
        """Whether the lexeme at a position has one of the roles."""
        return any(self.value(position, role) is not None for role in roles)

    def follows(self, position: int, gap: re.Pattern[str] = CLOSE) -> bool:
        """Whether the lexeme at a position stands right after the one before it."""
        if not 0 < position < len(self.lexemes):
            return False
        start, end = self.lexemes[position - 1].end, self.lexemes[position].start
        return gap.fullmatch(self.text, start, end) is not None

    def unit_after(self, position: int, *roles: Role) -> int | None:
        """Return where, from a position, one of the roles follows, small words between; or None."""
        for place in range(position, position + 3):
            if not self.follows(place):
                return None
            if self.has(place, *roles):
                return place
            if not self.has(place, "filler"):
                return None
        return None

    def number(self, position: int) -> Number | None:
        """Return the number that begins at a position."""
        if position >= len(self.lexemes):
            return None
        lexeme = self.lexemes[position]
        found = self._numeral(position) if lexeme.values else self._in_words(position)
        if found and self.has(found.next, "and_half") and self.follows(found.next):
            values = tuple(value + _HALF for value in found.values)
            return Number(found.next + 1, values, found.is_numeral, found.is_sure)
        return found

    def ordinal(self, position: int) -> tuple[Decimal, int, bool] | None:
        """Return the ordinal word at a position, the first lexeme after it, whether it is sure."""
        for role in ("ordinal", "weak_ordinal"):
            value = self.value(position, role)
            if isinstance(value, Decimal):
                unit = self.value(position + 1, "ordinal") if self.follows(position + 1) else None
                if value in (20, 30) and isinstance(unit, Decimal) and unit < _TEN:
                    return value + unit, position + 2, True  # Polish "dwudziestego piątego"
                return value, position + 1, role == "ordinal"
        tens = self._word(position)
        unit = self.value(position + 1, "ordinal") or self.value(position + 1, "weak_ordinal")
        if tens in (20, 30) and isinstance(unit, Decimal) and self.follows(position + 1):
            return tens + unit, position + 2, True
        return None

    def ranks(self, value: Decimal, position: int, after: int) -> list[Reading]:
        """Return the readings of an ordinal: of a length of time, of a birthday, of anything."""
        place = self.unit_after(after, "unit")
        if place is None and self.has(after, "unit") and self.follows(after, _DOT):
            place = after
        if place is None and self.lexicon.language == "ar" and self.follows(position):
            place = position - 1  # "the day, the third"
        unit = "" if place is None else str(self.value(place, "unit") or "")
        if unit == "age":
            return [Reading("ordinal", value), Reading("age", value)]
        named = [name for name, _ in TIMES.get(unit, ())] if unit in _RANKED else [""]
        return [Reading("ordinal", value, name) for name in named]

    def _numeral(self, position: int) -> Number:
        lexeme = self.lexemes[position]
        after = position + 1
        scale = self.value(after, "number")
        if isinstance(scale, Decimal) and scale >= _THOUSAND and self.follows(after):
            return Number(after + 1, tuple(v * scale for v in lexeme.values), is_numeral=True)
        if self.has(after, "ordinal_ending") and self.follows(after, _ATTACHED):
            return Number(after + 1, lexeme.values, is_numeral=True, is_ordinal=True)
        is_ordinal = self.text.startswith("°", lexeme.end)  # 1° gennaio
        if self.is_dotted(position) and self.has(after, "unit") and self.follows(after, _DOT):
            is_ordinal = True  # 18. Lebensjahr
        return Number(after, lexeme.values, is_numeral=True, is_ordinal=is_ordinal)

    def is_dotted(self, position: int) -> bool:
        """Whether a numeral may be an ordinal by the full stop after it: "3. Kind"."""
        lexeme = self.lexemes[position]
        dot = _DOTTED_ORDINAL.match(self.text, lexeme.end)
        return self.lexicon.language in _DOTTED and lexeme.text.isdigit() and dot is not None

    def _in_words(self, position: int) -> Number | None:
        value = self._word(position)
        if value is None:
            return None
        is_sure = self.has(position, "number")
        after = position + 1
        while True:
            is_joined = self.has(after, "joiner") and self.follows(after)
            place = after + is_joined
            part = self._word(place)
            if part is None and is_joined and self.has(place, "article"):  # vingt et un
                part = Decimal(1)
            if part is None or not self.follows(place):
                break
            together = self._together(value, part, self.lexemes[place].is_joined)
            if together is None:
                break
            value, after, is_sure = together, place + 1, True
        if self.lexicon.language == "zh":
            start = self.lexemes[position].start
            is_ordinal = start > 0 and self.text[start - 1] == "第"
            return Number(after, (value,), is_numeral=False, is_sure=is_sure, is_ordinal=is_ordinal)
        return Number(after, (value,), is_numeral=False, is_sure=is_sure)

    def _word(self, position: int) -> Decimal | None:
        for role in ("number", "unsure_number"):
            value = self.value(position, role)
            if isinstance(value, Decimal):
                return value
        return None

    def _together(self, left: Decimal, right: Decimal, is_joined: bool) -> Decimal | None:
        """Return the number that two number words make side by side, or None when they do not."""
        if right in (_HUNDRED, _THOUSAND, 1_000_000) and left < right:
            return left * right
        if left >= _THOUSAND and left % _THOUSAND == 0 and right < _THOUSAND:
            return left + right
        if left >= _HUNDRED and left % _HUNDRED == 0 and 0 < right < _HUNDRED:
            return left + right
        tens = left % _HUNDRED
        fewest = _TEN if self.lexicon.language == "tr" else 2 * _TEN
        is_tens = tens >= fewest and tens % _TEN == 0
        most = 2 * _TEN if self.lexicon.language == "fr" and tens in (60, 80) else _TEN
        if is_tens and 0 < right < most:
            return left + right
        if is_joined and 0 < tens < _TEN and right >= 2 * _TEN and right % _TEN == 0:
            return left + right
        return None


def made(
    line: Line, first: int, after: int, number: Number, measure: Measure, end: int | None = None
) -> Found | None:
    """Return the figure that a number and its unit are, from the first lexeme to ``after``."""
    readings = tuple(r for value in number.values for r in measure(value))
    if not readings:
        return None
    start = line.lexemes[first].start
    end = line.lexemes[after - 1].end if end is None else end
    return Draft(start, end, readings, values=number.values, measure=measure), after
