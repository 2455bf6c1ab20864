"""``guide.toml``: what the town says about a guide beside its text."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from civic_assistant.errors import DocumentRefused
from civic_assistant.guides import AUDIENCES, FACT_KINDS, Audience, Fact, FactKind
from ingest.characters import clean_text

GUIDE_FILE = "guide.toml"


def _calendar_date(value: object) -> object:
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise ValueError("a date is written 2026-09-01, without quotes and without a time")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date; write it 2026-09-01, year first") from error


Words = Annotated[str, Field(min_length=1, max_length=2_000)]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
WebAddress = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2_000)]
CalendarDate = Annotated[date | None, BeforeValidator(_calendar_date)]


class FactEntry(BaseModel):
    """One ``[[facts]]`` table: a typed field of the procedure, its words a language each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FactKind
    text: dict[Language, Words] = Field(min_length=1)
    situation: dict[Language, tuple[Words, ...]] = {}
    address: Annotated[str, Field(pattern=r"^(https?://|mailto:|tel:)\S+$")] | None = None

    def in_language(self, language: str) -> Fact | None:
        """Return the fact in a language, or None when the town has not written it."""
        if language not in self.text:
            return None
        situation = tuple(clean_text(case) for case in self.situation.get(language, ()))
        return Fact(self.kind, clean_text(self.text[language]), situation, self.address)


class GuideFile(BaseModel):
    """The keys of ``guide.toml``; any other key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")]
    department: Words
    authority: str = ""
    audiences: tuple[Audience, ...] = Field(("individuals",), min_length=1)
    theme: tuple[Words, ...] = ()
    valid_from: CalendarDate = None
    valid_until: CalendarDate = None
    review_by: CalendarDate = None
    updated_on: CalendarDate = None
    licence: str = ""
    attribution: str = ""
    addresses: dict[Language, WebAddress] = {}
    facts: tuple[FactEntry, ...] = ()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> GuideFile:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            message = f"valid_until ({self.valid_until}) lies before valid_from ({self.valid_from})"
            raise ValueError(message)
        return self


def parse_guide_file(content: bytes, document: str) -> GuideFile:
    """Return what a ``guide.toml`` says; ``document`` is named in refusals.

    Raises:
        DocumentRefused: Not TOML, a key that is unknown, missing or of the wrong kind, dates
            that are no dates or in the wrong order.
    """
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        reason = f"its {GUIDE_FILE} is not UTF-8 at byte {error.start}."
        raise DocumentRefused(document, reason, f"Save {GUIDE_FILE} as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        reason = f"its {GUIDE_FILE} is not TOML: {error}."
        remedy = "Correct that line; text stands in quotes, dates are written 2026-09-01."
        raise DocumentRefused(document, reason, remedy) from error
    except (RecursionError, ValueError) as error:
        raise _beyond_measure(document) from error
    try:
        return GuideFile.model_validate(table)
    except ValidationError as error:
        try:
            told = "; ".join(_told(error))
        except RecursionError:
            raise _beyond_measure(document) from error
        reason = f"its {GUIDE_FILE} is wrong: {told}."
        raise DocumentRefused(document, reason, f"Correct {GUIDE_FILE}.") from error


def _beyond_measure(document: str) -> DocumentRefused:
    reason = f"its {GUIDE_FILE} is nested too deep, or holds a number of thousands of digits."
    return DocumentRefused(document, reason, f"Write {GUIDE_FILE} again.")


_KNOWN = {
    "kind": f"a kind is one of {', '.join(FACT_KINDS)}",
    "audiences": f"an audience is one of {', '.join(AUDIENCES)}",
}


def _told(error: ValidationError) -> list[str]:
    """Return each mistake as *key: what is wrong*, at most five."""
    told = []
    for mistake in error.errors()[:5]:
        names = [part for part in mistake["loc"] if isinstance(part, str)]
        key = ".".join(str(part) for part in mistake["loc"])
        match mistake["type"]:
            case "extra_forbidden":
                words = "unknown key"
            case "missing":
                words = "missing"
            case "literal_error":
                words = f"{mistake['input']!r}; {_KNOWN.get(names[-1], mistake['msg'])}"
            case "value_error":
                words = str(mistake["msg"]).removeprefix("Value error, ")
            case _:
                words = f"{mistake['msg']} (got {str(mistake['input'])[:80]!r})"
        told.append(f"{key}: {words}" if key else words)
    return told
