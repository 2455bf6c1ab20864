"""Telephone numbers, e-mail addresses and sites, each in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from civic_assistant.figures.drafts import Draft
from civic_assistant.figures.figure import Reading

_MAIL: Final = re.compile(r"[a-z0-9][a-z0-9._%+\-]*@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+")
# A bare domain needs one of these ends, so that a missing blank after a full stop is no address.
_ENDS: Final = (
    "fr|com|org|net|eu|info|example|gouv|gov|edu|int|io|app|europa|de|at|ch|be|lu|es|it|pt|pl|ro|"
    "ua|tr|uk|us|ma|dz|tn|cn|bzh|paris|alsace|corsica|re|gp|mq|gf|nc|pf|cat|swiss|online|city"
)
_SITE: Final = re.compile(
    r"(?:https?://|www\.)[^\s|<>\"«»()\[\]]+"
    rf"|(?<![a-z0-9@.\-])(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+(?:{_ENDS})(?![a-z0-9\-.][a-z0-9])"
    r"(?:/[^\s|<>\"«»()\[\]]*)?"
)
_TRAILING: Final = ".,;:!?'。，)]"
_SCHEME: Final = re.compile(r"^(?:https?://)?(?:www\.)?")
_PHONES: Final = (
    re.compile(r"(?<![a-z0-9+])(?:\+|00)\d{1,3}(?:[ .\-/]?\(0\))?(?:[ .\-/]?\d){6,12}(?![\d*])"),
    re.compile(r"(?<![a-z0-9.,/\-])\(?0\d\)?([ .\-/]?)\d\d(?:\1\d\d){3}(?![\d*]|[.,]\d)"),
    re.compile(
        r"(?<![a-z0-9.,/\-])0[ ]?[89]\d\d([ .\-]?)\d{2,3}(?:\1\d{2,3}){1,2}(?![\d*]|[.,]\d)"
    ),
    re.compile(r"(?<![a-z0-9.,/\-])0\d{2,4}[ /\-]\d{3,}(?:[ \-]\d+)*(?![\d*]|[.,]\d)"),
)
_SHORT: Final = re.compile(r"(?<!\d )(?<![a-z0-9.,/\-])(3\d) (\d\d)(?![\d*%€]| [\d€%]|[.,]\d)")
_FEWEST_DIGITS: Final = 8
_HOME_CODE: Final = "33"


def find_addresses(text: str) -> Iterator[Draft]:
    """Yield e-mail addresses and sites in small letters, without scheme and ``www.``."""
    for match in _MAIL.finditer(text):
        found = match.group().rstrip(_TRAILING)
        yield Draft(match.start(), match.start() + len(found), (Reading("address", found),))
    for match in _SITE.finditer(text):
        found = match.group().rstrip(_TRAILING)
        site = _SCHEME.sub("", found).rstrip("/")
        reading = Reading("address", site)
        yield Draft(match.start(), match.start() + len(found), (reading,))


def find_phones(text: str) -> Iterator[Draft]:
    """Yield telephone numbers: their digits, the French country code written as 0.

    Short numbers in two parts (39 19) are also read as plain numbers, as 3919 is.
    """
    for pattern in _PHONES:
        for match in pattern.finditer(text):
            digits = _digits(match.group())
            if len(digits) >= _FEWEST_DIGITS:
                yield Draft(match.start(), match.end(), (Reading("phone", digits),))
    for match in _SHORT.finditer(text):
        digits = match[1] + match[2]
        readings = (Reading("phone", digits), Reading("count", Decimal(digits)))
        yield Draft(match.start(), match.end(), readings)


def _digits(number: str) -> str:
    kept = number.replace("(0)", "")
    digits = "".join(filter(str.isdigit, kept))
    if kept.startswith("+"):
        return _home(digits)
    return _home(digits[2:]) if digits.startswith("00") else digits


def _home(digits: str) -> str:
    return "0" + digits.removeprefix(_HOME_CODE) if digits.startswith(_HOME_CODE) else "+" + digits
