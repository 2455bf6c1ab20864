"""The faults that are planted: what a careless writer might make of a claim.

Where to plant is found by patterns of this program's own, not by the checker's reading.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale

from evals.planted.material import EDITION, Claim, Town

Group = Literal["figure", "quote", "rule", "beyond"]
Texts = Iterator[str]

_PLANTS = Path(__file__).parent / "plants.toml"
_NUMBER = r"(?<![\d.,*/-])\d+(?:[.,]\d+)?(?![\d*/-])"
_MONEY = re.compile(
    r"\d(?:[\d  .,]*\d)?(?=[  ]?(?:€|euro|EUR|євро|يورو|欧元|avro))|(?<=€)\d[\d,.]*\d|(?<=€)\d"
)
_HOUR = re.compile(
    r"(?<![\d:.,])\d{1,2}(?=[  ]?h\b|[  ]?h[  ]?\d|:\d\d|\.\d\d (?:am|pm|Uhr)|[  ]?[ap]m\b| Uhr|点)"
)
_PHONE = re.compile(r"0\d(?:[  .]\d\d){4}|\+33(?: ?\d){9}")
_FORM = re.compile(r"(?<=cerfa)\D{0,16}\d{5}|\b[A-Z]{2}-0\d\b")
_REFERENCE = re.compile(
    r"[LR]\d+-\d+(?:-\d+)*|(?<=n° )\d{4}-\d+|(?<=№ )\d{4}-\d+|(?<=no\. )\d{4}-\d+"
)
_MAIL = re.compile(r"[a-z][\w.-]*@[\w.-]+\w|\b[\w-]+(?:\.[\w-]+)*\.gouv\.fr")
_YEAR = re.compile(r"(?<![\d-])20[12]\d(?![\d-])")
_SHARE = re.compile(r"\d+(?:[.,]\d+)?(?=[  ]?%)")
_SIZE = re.compile(r"\d+(?:[.,]\d+)?(?=[  ]?(?:m²|m³|km\b|kg\b|tonn|litr|mètres|metres|тонн|吨))")
_THING = re.compile(r"(?<![\d.,:*/€-])(?<![\d€] )\d{1,3}(?= (?!h\b|€|am\b|pm\b|%|Uhr)[^\W\d_]{4,})")


@dataclass(frozen=True, slots=True)
class Planted:
    """A claim with one fault in it."""

    kind: str
    group: Group
    claim: Claim


def plant(claim: Claim, town: Town) -> Iterator[Planted]:
    """Yield what can be planted in a claim, one fault at a time."""
    for kind, find in _FIGURES.items():
        for text in find(claim, town):
            if kind == _OTHER_FEE or _is_new(text, claim):
                yield Planted(kind, "figure", _with_text(claim, text))
    for kind in ("unit", "qualifier", "word", "rate"):
        for text in _replaced(claim, kind):
            if _is_new(text, claim):
                yield Planted(_NAMES[kind], "figure", _with_text(claim, text))
    for kind in ("negation", "addition", "exception", "bound"):
        for text in _replaced(claim, kind):
            if kind != "bound" or _bounds_a_number(claim, text):
                yield Planted(_NAMES[kind], "rule", _with_text(claim, text))


def plant_quotes(claim: Claim, town: Town) -> Iterator[Planted]:
    """Yield faults of the quote itself, for a claim that is its quote."""
    citation, passage = claim.sentence.citation, claim.passage
    siblings = town.passages_of(passage.guide_id, passage.language)
    other = next((p for p in siblings if citation.quote not in p.text), None)
    if other is not None:
        yield _quoted("quote of another passage", claim, passage_id=other.id)
    if number := re.search(r"(?<![\d ])\d{2,}|\d+(?:[  ]\d{3})+|\d+,\d\d", citation.quote):
        start = citation.start + number.start() + 1
        quote = passage.text[start : citation.end]
        cut = _quoted("quote cut within a number", claim, quote=quote, start=start)
        yield replace(cut, claim=_with_text(cut.claim, quote))
        near = (
            citation.quote[: number.start()]
            + _other_digit(number.group())
            + citation.quote[number.end() :]
        )
        wrong = _quoted("quote with a changed figure", claim, quote=near)
        yield replace(wrong, claim=_with_text(wrong.claim, near))
    words = citation.quote.split(" ")
    if len(words) > 4:
        near = " ".join([*words[:2], *words[3:]])
        wrong = _quoted("quote with a word left out", claim, quote=near)
        yield replace(wrong, claim=_with_text(wrong.claim, near))
    yield _quoted("quote of an earlier edition", claim, edition=EDITION - 1)


def plant_strangers(claim: Claim, others: list[Claim]) -> Iterator[Planted]:
    """Yield a right quote under a wrong sentence without any figure: beyond what rules can see."""
    for other in others:
        if other.language == claim.language and other.passage.guide_id != claim.passage.guide_id:
            yield Planted("another matter", "beyond", _with_text(claim, other.sentence.text))
            return


def _with_text(claim: Claim, text: str) -> Claim:
    return replace(claim, sentence=replace(claim.sentence, text=text))


def _quoted(kind: str, claim: Claim, **changes: object) -> Planted:
    citation = replace(claim.sentence.citation, **changes)  # type: ignore[arg-type]
    return Planted(
        kind, "quote", replace(claim, sentence=replace(claim.sentence, citation=citation))
    )


def _is_new(text: str, claim: Claim) -> bool:
    """Whether the figure that was put in stands nowhere in what the claim rests on."""
    old = claim.sentence.text
    same = _common(old, text)
    end = len(text) - _common(old[same:][::-1], text[same:][::-1])
    while same > 0 and text[same - 1].isalnum():
        same -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    changed = text[same:end].casefold()
    held = f"{claim.passage.context}\n{claim.passage.text}".casefold()
    return re.search(rf"(?<!\w){re.escape(changed)}(?!\w)", held) is None


def _bounds_a_number(claim: Claim, text: str) -> bool:
    """Whether what was turned stands by a number, and the quote has such words too."""
    place = _common(claim.sentence.text, text)
    around = text[max(0, place - 25) : place + 35].casefold()
    has_number = any(c.isdigit() for c in around) or any(
        w in around.split() for w in _number_words()
    )
    pairs = _tables().get(claim.passage.language, {}).get("bound", ())
    return has_number and any(re.search(one, claim.sentence.citation.quote) for one, _ in pairs)


def _common(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _replaced(claim: Claim, kind: str) -> Texts:
    text = claim.sentence.text
    for pattern, by in _tables().get(claim.language, {}).get(kind, ()):
        is_word = kind in ("unit", "word", "qualifier", "rate", "bound")
        is_bounded = is_word and claim.language not in ("zh", "ar")
        found = re.search(rf"\b(?:{pattern})(?!\w)" if is_bounded else pattern, text)
        if found and not (kind in ("unit", "qualifier") and not _counts(text[: found.start()])):
            changed = text[: found.start()] + found.expand(by) + text[found.end() :]
            yield changed[:1].upper() + changed[1:] if text[:1].isupper() else changed


def _counts(before: str) -> bool:
    """Whether a number or number word stands right before a unit."""
    last = before.strip().split(" ")[-1:]
    return bool(last) and (last[0][-1:].isdigit() or last[0].casefold() in _number_words())


@cache
def _number_words() -> frozenset[str]:
    pairs = (pair for table in _tables().values() for pair in table["word"])
    return frozenset(re.sub(r"\(.*", "", word).casefold() for pair in pairs for word in pair)


def _digits(pattern: re.Pattern[str], *, last: bool = False) -> Callable[[Claim, Town], Texts]:
    def texts(claim: Claim, town: Town) -> Texts:
        text = claim.sentence.text
        for found in pattern.finditer(text):
            yield text[: found.start()] + _other_digit(found.group(), last) + text[found.end() :]

    return texts


def _other_digit(figure: str, last: bool = False) -> str:
    """Return a figure with one digit changed, the first by default, to an ASCII one."""
    places = [i for i, c in enumerate(figure) if c.isdigit()]
    place = places[-1] if last else places[0]
    digit = int(figure[place]) % 8 + 1 if len(places) > 1 else (int(figure[place]) + 3) % 10 or 6
    return f"{figure[:place]}{digit}{figure[place + 1 :]}"


def _deadlines(claim: Claim, town: Town) -> Texts:
    text = claim.sentence.text
    units = [unit for unit, _ in _tables().get(claim.language, {}).get("unit", ())]
    for unit in units:
        for found in re.finditer(rf"{_NUMBER}(?=[  -]?(?:{unit}))", text):
            number = found.group()
            other = number[1:] if number in ("15", "24", "48", "30") else f"1{number}"
            yield text[: found.start()] + other + text[found.end() :]


def _other_fees(claim: Claim, town: Town) -> Texts:
    """Yield a fee of another sentence of the passage in place of the claim's."""
    text, citation = claim.sentence.text, claim.sentence.citation
    outside = claim.passage.text[: citation.start] + claim.passage.text[citation.end :]
    own = set(_MONEY.findall(citation.quote)) | set(_MONEY.findall(text))
    fees = [fee for fee in _MONEY.findall(outside) if fee not in own]
    for found in _MONEY.finditer(text):
        for fee in fees[:1]:
            yield text[: found.start()] + fee + text[found.end() :]


def _names(sort: Literal["months", "days"]) -> Callable[[Claim, Town], Texts]:
    def texts(claim: Claim, town: Town) -> Texts:
        text = claim.sentence.text
        names = _calendar(claim.language, sort)
        for position, name in enumerate(names):
            for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
                other = names[(position + 2) % len(names)]
                yield text[: found.start()] + other + text[found.end() :]

    return texts


def _days_of_month(claim: Claim, town: Town) -> Texts:
    text = claim.sentence.text
    months = "|".join(map(re.escape, _calendar(claim.language, "months")))
    for found in re.finditer(rf"(?<!\d)\d{{1,2}}(?=(?:er)? (?:de )?(?:{months})(?!\w))", text):
        day = str(int(found.group()) % 27 + 2)
        yield text[: found.start()] + day + text[found.end() :]


@cache
def _calendar(language: str, sort: Literal["months", "days"]) -> tuple[str, ...]:
    """Return the names as CLDR has them, which Babel reads."""
    locale = Locale(language)
    names = locale.months if sort == "months" else locale.days
    return tuple(names["format"]["wide"].values())


@cache
def _tables() -> Mapping[str, Mapping[str, list[list[str]]]]:
    return tomllib.loads(_PLANTS.read_text("utf-8"))


_OTHER_FEE = "fee of another row"
_NAMES = {
    "unit": "unit: days for weeks", "qualifier": "working days as days", "word": "number word",
    "rate": "per month for per year", "negation": "not left out", "addition": "not put in",
    "exception": "exception left out", "bound": "at least for at most",
}  # fmt: skip
_FIGURES: Mapping[str, Callable[[Claim, Town], Texts]] = {
    "fee": _digits(_MONEY),
    _OTHER_FEE: _other_fees,
    "deadline: 5 for 15": _deadlines,
    "hour": _digits(_HOUR, last=True),
    "month": _names("months"),
    "day of the month": _days_of_month,
    "year": _digits(_YEAR, last=True),
    "weekday": _names("days"),
    "phone": _digits(_PHONE, last=True),
    "form": _digits(_FORM, last=True),
    "article or decree": _digits(_REFERENCE),
    "address": lambda claim, town: _other_letters(claim),
    "percentage": _digits(_SHARE),
    "size": _digits(_SIZE),
    "number of things": _digits(_THING),
}


def _other_letters(claim: Claim) -> Texts:
    text = claim.sentence.text
    for found in _MAIL.finditer(text):
        address = found.group()
        yield text[: found.start()] + address[:2] + "x" + address[3:] + text[found.end() :]
