"""Birth dates and document numbers, which only the words before them show to be personal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

from civic_assistant.redaction.spans import Kind, Span, phrases

_MONTH_DATE = r"[^\W\d_]{3,12}\.?"
_DATE_FORMS = (
    r"(?:\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?[日号]?"
    r"|\d{4}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}"
    r"|\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{4}|\d{2})"
    r"|\d{1,2}\s\d{1,2}\s(?:19|20)\d{2}"
    r"|\d{1,2}\s?(?:er|st|nd|rd|th|\.|º|°|-)?\s?(?:d[eiu]\s|of\s)?"
    rf"{_MONTH_DATE},?\s?(?:d[eiu]l?\s)?(?:19|20)\d{{2}}"
    rf"|{_MONTH_DATE}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d{{2}})"
)
_DATE = rf"{_DATE_FORMS}(?![\w/])"
_ANY_DATE = re.compile(_DATE, re.IGNORECASE)

# At least six signs with at least two digits; later groups begin with a digit, so that the words
# after the number stay. An amount, a percentage and a form number (12100*02) are none.
_NUMBER = (
    r"(?P<number>(?:(?-i:[A-Z]{1,3})[ -]){0,2}[A-Z]{0,9}\d[A-Z0-9]*"
    r"(?:[ .-]{1,2}(?:(?-i:[A-Z]{1,3})[ -])?\d[A-Z0-9]*)*(?:[ -](?-i:[A-Z]{2}))?)"
    r"(?![\w*%€]|[.,/*]\d|\s?(?:€|%|euros?\b|eur\b|jours?\b|days?\b|ans?\b|mois\b))"
)


def find_birth_dates(text: str) -> Iterator[Span]:
    """Yield dates that words announce as somebody's birth date; a bare year stays."""
    before, after = _birth_date_patterns()
    for match in [*before.finditer(text), *after.finditer(text)]:
        yield Span(match.start("date"), match.end("date"), "birth-date")


def find_numbers(text: str) -> Iterator[Span]:
    """Yield telephone, account, identity, document, plate and file numbers announced by words."""
    for kind, pattern in _number_patterns():
        for match in pattern.finditer(text):
            if _is_reference(match["number"]):
                yield Span(match.start("number"), match.end("number"), kind)


def any_phrase(words: Iterable[str]) -> str:
    """Return a pattern of any of the phrases as whole words, the longest first.

    Chinese is written without blanks: its phrases have no borders.
    """
    ordered = sorted(set(words), key=len, reverse=True)
    return "(?:" + "|".join(map(_bordered, ordered)) + ")"


def _bordered(phrase: str) -> str:
    pattern = re.escape(phrase).replace(r"\ ", r"\s{1,2}")
    if "一" <= phrase[0] <= "鿿":
        return pattern
    begin = r"(?<!\w)" if phrase[0].isalnum() else ""
    return begin + pattern + (r"(?!\w)" if phrase[-1].isalnum() else "")


def _is_reference(number: str) -> bool:
    """Whether the signs are a number of something, not a date, years or a quantity."""
    groups = re.split(r"[ .-]+", number.strip())
    signs = "".join(groups)
    digits = sum(map(str.isdigit, signs))
    if _ANY_DATE.fullmatch(number) or all(_is_year(g) or g.isalpha() for g in groups):
        return False
    return len(signs) >= 6 and (digits >= 4 or (digits >= 2 and len(groups) == 1))


def _is_year(group: str) -> bool:
    return len(group) == 4 and group[:2] in ("19", "20") and group.isdigit()


@lru_cache(maxsize=1)
def _birth_date_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = phrases()
    linking = rf"(?:\s*(?::|=|{any_phrase(words['birth_date.linking'])})){{0,2}}"
    place = rf"{any_phrase(words['birth_date.place'])}(?:\s[^\W\d_][^\s,.;]{{0,30}}){{2,5}}?"
    announced = rf"(?:{any_phrase(words['birth_date.before'])}{linking}|{place},?)"
    before = rf"{announced}\s*(?P<date>{_DATE})"
    ending = rf"'?(?:[dt][ae])?\s?{any_phrase(words['birth_date.after'])}"
    after = rf"(?<!\d)(?P<date>{_DATE_FORMS}){ending}"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


@lru_cache(maxsize=1)
def _number_patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    words = phrases()
    linking = rf"(?:\s*(?:[:=#(]|{any_phrase(words['number.linking'])})){{0,5}}\s*"
    kinds = [key for key in words if key.startswith("number.") and key != "number.linking"]
    return tuple(
        (
            cast(Kind, key.removeprefix("number.")),
            re.compile(any_phrase(words[key]) + linking + _NUMBER, re.IGNORECASE),
        )
        for key in kinds
    )
