"""Numbers written in digits or in Chinese characters, in every way that readers may take them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

# Groups of three parted by a blank, a point, a comma or an apostrophe, or plain digits.
NUMERAL: Final = re.compile(
    r"(?<![a-z0-9_])(?<!\d[.,])"
    r"(?:\d{1,3}(?:[ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)(?![ ]\d)"
    r"|\d{1,3}(?:'\d{3})+(?:[.,]\d{1,2})?(?!\d)"
    r"|\d{1,3}(?:,\d{3})+\.\d{1,2}(?!\d)"
    r"|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    r"|\d{1,3}(?:,\d{3}){2,}(?!\d)"
    r"|\d+(?:[.,]\d+)?)"
)
# Where a point or a comma before three digits groups thousands.
_GROUPING_POINT: Final = frozenset({"de", "es", "it", "pt", "tr", "ro"})
_GROUPING_COMMA: Final = frozenset({"en", "zh", "ar"})
_GROUP: Final = 3
_HAN_DIGITS: Final = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
                      "六": 6, "七": 7, "八": 8, "九": 9}  # fmt: skip
_HAN_SCALES: Final = {"十": 10, "百": 100, "千": 1000}


def values_of(numeral: str, language: str) -> tuple[Decimal, ...]:
    """Return what a numeral in ASCII digits may be worth, the likeliest for the language first.

    ``1.234`` is 1234 or 1.234; both are returned. Source: CLDR number patterns.
    """
    bare = numeral.replace(" ", "").replace("'", "")
    marks = [c for c in bare if c in ".,"]
    if not marks:
        return (Decimal(bare),)
    if len(set(marks)) > 1:
        grouping = marks[0]
        return (Decimal(bare.replace(grouping, "").replace(marks[-1], ".")),)
    if len(marks) > 1:
        return (Decimal(bare.replace(marks[0], "")),)
    mark = marks[0]
    decimal = Decimal(bare.replace(mark, "."))
    whole, _, part = bare.partition(mark)
    if len(part) != _GROUP or not 1 <= len(whole) <= _GROUP or whole.startswith("0"):
        return (decimal,)
    grouped = Decimal(whole + part)
    groups = _GROUPING_POINT if mark == "." else _GROUPING_COMMA
    return (grouped, decimal) if language in groups else (decimal, grouped)


def han_value(characters: str) -> Decimal | None:
    """Return the value of a number in Chinese characters, or None when they are none."""
    if all(c in _HAN_DIGITS for c in characters):
        if len(characters) > 1 and "两" in characters:
            return None
        return Decimal("".join(str(_HAN_DIGITS[c]) for c in characters))
    total, section, digit = 0, 0, 0
    for character in characters:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_SCALES:
            section += (digit or 1) * _HAN_SCALES[character]
            digit = 0
        else:
            total += (section + digit) * 10_000
            section = digit = 0
    return Decimal(total + section + digit)
