"""Numbers and addresses that show by their own form that they belong to one person."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator

from stdnum import iban, isbn, luhn
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nif, nir, siret
from stdnum.it import codicefiscale
from stdnum.pl import pesel
from stdnum.ro import cnp
from stdnum.tr import tckimlik

from civic_assistant.redaction.spans import Kind, Span

_LATIN = r"A-Za-z0-9À-ɏ"
_EMAIL = re.compile(
    # The part before @ is Latin or Cyrillic, so that it does not swallow the Chinese or Arabic
    # word it is glued to. Lengths are those of RFC 5321, and keep the search linear.
    rf"(?:[{_LATIN}.!#$%&'*+/=?^{{|}}~_-]{{1,64}}|[Ѐ-ӿ0-9._-]{{1,64}})@"
    r"[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){1,5}"
    rf"|(?<!\w)[{_LATIN}._+-]{{1,64}}\s?(?:[(\[{{]\s?(?:at|arobase|arroba|@)\s?[)\]}}]|\sarobase\s|\sarroba\s)"
    rf"\s?[{_LATIN}-]{{1,63}}\s?(?:\.|[(\[]?(?:dot|point|punto)[)\]]?)\s?[A-Za-z]{{2,}}",
    re.IGNORECASE,
)

_IBAN = re.compile(r"(?<!\w)[A-Z]{2}[ ]?\d{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_CARD = re.compile(
    r"(?<![\w.,-])(?:(?:[245]\d{3}|6[05]\d\d)([ .-]?)\d{4}\1\d{4}\1\d{4}"
    r"|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?!\w)"
)
_NIR = re.compile(
    r"(?<![\w.,])[1-478][ .-]?\d\d[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:2[AB]|\d\d)"
    r"[ .-]?\d{3}[ .-]?\d{3}(?:[ /.-]{0,3}\d\d)?(?!\w)",
    re.IGNORECASE,
)
_NIF = re.compile(r"(?<![\w.,-])[0-3]\d[ ]?\d\d[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?!\w)")

# SIV plates (AA-123-AA) have no I, O, U; with blanks or none they must be in capitals.
_SIV_LETTERS = "[A-HJ-NP-TV-Z]{2}"
_SIV = re.compile(
    rf"(?<![\w-])(?:{_SIV_LETTERS}([ -]?)\d{{3}}\1{_SIV_LETTERS}"
    rf"|(?i:{_SIV_LETTERS}-\d{{3}}-{_SIV_LETTERS}|{_SIV_LETTERS}\d{{3}}{_SIV_LETTERS}))(?![\w-])"
)
_FNI = re.compile(
    r"(?<![\w.,-])\d{1,4}([ -]?)([A-HJ-NP-Z]{2,3})\1"
    r"(0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])(?![\w,.-])"
)
_UNITS = frozenset({"EUR", "USD", "GBP", "CHF", "KM", "KG", "KW", "KWH", "CM", "MM", "HT", "CV"})

_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:]|\.\d)",
    re.IGNORECASE,
)

_Check = Callable[[str], bool]
_NATIONAL: tuple[tuple[re.Pattern[str], tuple[_Check, ...]], ...] = tuple(
    (re.compile(rf"(?<![\w.,/-])(?:{pattern})(?![\w/-]|[.,]\d)", re.IGNORECASE), checks)
    for pattern, checks in (
        (r"\d{11}", (pesel.is_valid, tckimlik.is_valid, idnr.is_valid)),
        (r"\d{2}[ ]\d{3}[ ]\d{3}[ ]\d{3}", (idnr.is_valid,)),
        (r"\d{13}", (cnp.is_valid,)),
        (r"\d{17}[\dX]", (ric.is_valid,)),
        (r"\d{8}[ -]?[A-Z]", (dni.is_valid,)),
        (r"[XYZ][ -]?\d{7}[ -]?[A-Z]", (nie.is_valid,)),
        (r"[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]", (codicefiscale.is_valid,)),
    )
)
# Nothing that a town hall publishes is a bare number of twelve digits or more, but for those of
# companies and books; those of people (files, allowances, parcels) are.
_LONG = re.compile(r"(?<![\w.,/*-])\d{12,34}(?![\w/*-]|[.,]\d)")


def find_identifiers(text: str) -> Iterator[Span]:
    """Yield e-mail and IP addresses, account, card, identity and plate numbers.

    Check digits are verified where the form alone could be something else.
    """
    yield from _found(text, _EMAIL, "e-mail", lambda _: True)
    yield from _find_ibans(text)
    yield from _found(text, _NIR, "social-security", _is_social_security)
    yield from _found(text, _CARD, "card", _is_card)
    yield from _found(text, _NIF, "tax-number", nif.is_valid)
    for pattern, checks in _NATIONAL:
        yield from _found(text, pattern, "national-id", _any_of(checks))
    yield from _found(text, _SIV, "plate", lambda _: True)
    yield from _find_old_plates(text)
    yield from _found(text, _IP, "ip-address", _is_ip)


def find_long_numbers(text: str) -> Iterator[Span]:
    """Yield numbers of twelve digits or more that are neither a company's nor a book's."""
    yield from _found(text, _LONG, "number", lambda digits: not _is_public(digits))


def _found(text: str, pattern: re.Pattern[str], kind: Kind, check: _Check) -> Iterator[Span]:
    for match in pattern.finditer(text):
        if check(match[0]):
            yield Span(match.start(), match.end(), kind)


def _any_of(checks: tuple[_Check, ...]) -> _Check:
    return lambda number: any(check(number) for check in checks)


def _find_ibans(text: str) -> Iterator[Span]:
    """Yield account numbers without the words after them; a mistyped French one counts."""
    for match in _IBAN.finditer(text):
        for end in range(match.end(), match.start() + 14, -1):
            if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
                continue
            number = iban.compact(text[match.start() : end])
            if iban.is_valid(number, check_country=False) or _is_mistyped_iban(number):
                yield Span(match.start(), end, "iban")
                break


def _is_mistyped_iban(number: str) -> bool:
    return number.startswith("FR") and len(number) == 27 and sum(map(str.isdigit, number)) > 18


def _is_card(number: str) -> bool:
    """Whether the digits are a card's: Luhn, or grouped by four as on the card, years aside."""
    groups = re.split(r"\D", number)
    if all(group[:2] in ("19", "20") for group in groups) and len(groups) > 1:
        return False
    return len(groups) == 4 or luhn.is_valid("".join(groups))


def _is_social_security(number: str) -> bool:
    compact = nir.compact(number).replace("-", "").replace("/", "")
    if len(compact) == 15:
        return nir.is_valid(compact) or len(number) > 15
    return not nif.is_valid(compact) and not isbn.is_valid(compact)


def _find_old_plates(text: str) -> Iterator[Span]:
    for match in _FNI.finditer(text):
        if match[2] not in _UNITS:
            yield Span(match.start(), match.end(), "plate")


def _is_ip(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_unspecified
    except ValueError:
        return False


def _is_public(digits: str) -> bool:
    return siret.is_valid(digits) or isbn.is_valid(digits)
