"""Telephone numbers: French ones without a country code, all others with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from civic_assistant.redaction.spans import Span

HOME_REGION = "FR"
_FOREIGN_DIGITS = 9

# Ten digits from 01 in pairs with one separator throughout: also mistyped ones, and the overseas
# numbers and the slashes that the library's matcher leaves aside in the home region.
_FRENCH = re.compile(
    r"(?<![\w/.,-])\(?0\)?[ ]?[1-9]([ ]?[./-]?[ ]?)\d\d(?:\1\d\d){3}(?![\w/]|[.,]\d)"
)
_OVERSEAS = re.compile(r"(?<![\w/.,-])0[2569][69]\d([ .-]?)\d\d(?:\1\d\d){2}(?![\w/]|[.,]\d)")
# A first group of three digits or more that begins with 0: other countries' numbers, and no date.
_FOREIGN = re.compile(
    r"(?<![\w/.,-])0\d{2,4}[ /-]?\d{3,4}[ -]?\d{2,5}(?:[ -]\d{2,3})?(?![\w%/*]|[.,]\d|\s?€)"
)


def find_phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers; short public ones (15, 3919) are not among them."""
    for match in PhoneNumberMatcher(text, HOME_REGION, leniency=Leniency.VALID):
        yield Span(match.start, match.end, "phone")
    for pattern in (_FRENCH, _OVERSEAS):
        for found in pattern.finditer(text):
            yield Span(found.start(), found.end(), "phone")
    for found in _FOREIGN.finditer(text):
        if sum(map(str.isdigit, found[0])) >= _FOREIGN_DIGITS:
            yield Span(found.start(), found.end(), "phone")
