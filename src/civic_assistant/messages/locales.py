"""Dates, language names and writing directions, from the Unicode CLDR through Babel."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_date

# France and its territories; codes of unions and of nowhere, which the CLDR lists beside countries.
_NOT_ABROAD = frozenset(
    {
        "FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF", "CP",
        "EU", "EZ", "UN", "ZZ", "QO", "XA", "XB",
    }
)  # fmt: skip


def format_date(day: date, language: str) -> str:
    """Return a date in full, as the language writes it (``2 mars 2026``)."""
    # "en" alone means the United States in the CLDR; this page is read in Europe.
    written = babel_date(day, format="long", locale="en_GB" if language == "en" else language)
    # French writes the first of a month as an ordinal, which the CLDR's patterns cannot say.
    return f"1er{written[1:]}" if language == "fr" and day.day == 1 else written


def language_name(language: str, shown_in: str) -> str:
    """Return the name of a language in another (``fr`` shown in ``de``: ``Französisch``).

    A code without a name in the CLDR comes back as it is.
    """
    try:
        return str(Locale.parse(shown_in).languages.get(language, language))
    except (UnknownLocaleError, ValueError):
        return language


def country_names(language: str) -> frozenset[str]:
    """Return the names of all countries but France and its territories, in a language.

    Empty for a language nobody knows.
    """
    try:
        named = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(
        name for code, name in named.items() if code.isalpha() and code not in _NOT_ABROAD
    )


@lru_cache(maxsize=256)
def is_right_to_left(language: str) -> bool:
    """Whether the language is written from right to left; False for a code nobody knows."""
    try:
        return Locale.parse(language, sep="-").text_direction == "rtl"
    except (UnknownLocaleError, ValueError):
        return False


def isolated(value: object, language: str) -> object:
    """Return a value as it can stand in a sentence of a language, whichever way either runs.

    Between FSI and PDI of the Unicode Bidirectional Algorithm (UAX #9) the dot of ``Awa D.`` stays
    behind the name in an Arabic sentence, and that of an Arabic name in a French one; so do the
    groups of a telephone number. Where both run from left to right the value comes back as it is.
    """
    text = str(value)
    leftwards = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
    if leftwards or is_right_to_left(language):
        return f"\u2068{text}\u2069"
    return value
