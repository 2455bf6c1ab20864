"""The form that stands for a ``guide.toml``: what an editor reads, types and is told to correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import ValidationError

from civic_assistant.guides import AUDIENCES, FACT_KINDS
from ingest.characters import clean_text
from ingest.guide_file import GuideFile

ProblemKey = Literal[
    "needed", "too_long", "date", "order", "address", "fact_address", "fact_text", "choice"
]
DATES = ("valid_from", "valid_until", "review_by", "updated_on")
TEXTS = ("department", "authority", "licence", "attribution")
THEMES = 3
"""How many levels of a theme the form offers, from the widest to the narrowest."""
THEMES_MOST = 9
FACTS_MOST = 40
CASE_SEPARATOR = ">"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of the form: the id of the field, and a key of the words."""

    field: str
    key: ProblemKey


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact as it is typed: texts by language, cases by language as ``outer > inner``."""

    kind: str = ""
    address: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    cases: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: such a row is left out."""
        return not self.address and not any((*self.texts.values(), *self.cases.values()))


@dataclass(frozen=True, slots=True)
class GuideForm:
    """The form as it was typed; dates are ``2026-09-01`` or empty."""

    texts: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    audiences: tuple[str, ...] = ("individuals",)
    theme: tuple[str, ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[FactRow, ...] = ()


def form_of(about: GuideFile) -> GuideForm:
    """Return the form filled from a ``guide.toml``."""
    return GuideForm(
        texts={name: getattr(about, name) for name in TEXTS},
        dates={name: _day(getattr(about, name)) for name in DATES},
        audiences=about.audiences,
        theme=about.theme,
        addresses=about.addresses,
        facts=tuple(
            FactRow(
                kind=fact.kind,
                address=fact.address or "",
                texts=fact.text,
                cases={
                    tag: f" {CASE_SEPARATOR} ".join(cases) for tag, cases in fact.situation.items()
                },
            )
            for fact in about.facts
        ),
    )


def form_sent(sent: Mapping[str, str], audiences: Iterable[str], tags: Iterable[str]) -> GuideForm:
    """Return the form out of the fields of a request; ``tags`` are the languages it asks for."""
    languages = tuple(tags)

    def line(name: str) -> str:
        return clean_text(sent.get(name, "")[:2_000])

    count = sum(1 for number in range(FACTS_MOST) if f"fact-{number}-kind" in sent)
    rows = (
        FactRow(
            kind=line(f"fact-{number}-kind"),
            address=line(f"fact-{number}-address"),
            texts={tag: line(f"fact-{number}-text-{tag}") for tag in languages},
            cases={tag: line(f"fact-{number}-case-{tag}") for tag in languages},
        )
        for number in range(count)
    )
    return GuideForm(
        texts={name: line(name) for name in TEXTS},
        dates={name: line(name) for name in DATES},
        audiences=tuple(each for each in audiences if each in AUDIENCES),
        theme=tuple(words for level in range(THEMES_MOST) if (words := line(f"theme-{level}"))),
        addresses={tag: line(f"address-{tag}") for tag in languages},
        facts=tuple(row for row in rows if not row.is_empty),
    )


def guide_file_of(guide_id: str, form: GuideForm) -> GuideFile | tuple[Problem, ...]:
    """Return what the form says as a ``guide.toml``, or what is to be corrected, field by field."""
    problems = list(_problems(form))
    flawed = {problem.field for problem in problems}
    values = {
        "id": guide_id,
        **{name: text for name, text in form.texts.items() if text},
        "department": form.texts.get("department") or "?",
        **{name: day for name, day in form.dates.items() if day and name not in flawed},
        "audiences": form.audiences or AUDIENCES,
        "theme": form.theme,
        "addresses": {tag: address for tag, address in form.addresses.items() if address},
        "facts": [
            {
                "kind": row.kind,
                "text": {tag: text for tag, text in row.texts.items() if text},
                "situation": {tag: _cases(text) for tag, text in row.cases.items() if text},
                "address": row.address or None,
            }
            for row in form.facts
        ],
    }
    try:
        about = GuideFile.model_validate(values)
    except ValidationError as error:
        found = (_told(mistake["loc"]) for mistake in error.errors())
        problems += [problem for problem in found if problem.field not in flawed]
    else:
        if not problems:
            return about
    return tuple(dict.fromkeys(problems))


def _problems(form: GuideForm) -> Iterator[Problem]:
    """Yield what the model behind the file would not say field by field."""
    if not form.texts.get("department"):
        yield Problem("department", "needed")
    if not form.audiences:
        yield Problem("audiences", "needed")
    days: dict[str, date] = {}
    for name, day in form.dates.items():
        try:
            days |= {name: date.fromisoformat(day)} if day else {}
        except ValueError:
            yield Problem(name, "date")
    if "valid_from" in days and days.get("valid_until", date.max) < days["valid_from"]:
        yield Problem("valid_until", "order")
    for number, row in enumerate(form.facts):
        if row.kind not in FACT_KINDS:
            yield Problem(f"fact-{number}-kind", "choice")
        if not any(row.texts.values()):
            yield Problem(f"fact-{number}-kind", "fact_text")


def _told(place: tuple[int | str, ...]) -> Problem:
    """Return where in the form a mistake stands; the rest of the model was looked at before."""
    match place:
        case ("addresses", str(tag), *_):
            return Problem(f"address-{tag}", "address")
        case ("facts", int(number), "address", *_):
            return Problem(f"fact-{number}-address", "fact_address")
        case ("facts", int(number), *_):
            return Problem(f"fact-{number}-kind", "too_long")
        case (str(name), *_):
            return Problem("theme-0" if name == "theme" else name, "too_long")
        case _:
            return Problem("department", "too_long")


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _cases(text: str) -> tuple[str, ...]:
    return tuple(case for part in text.split(CASE_SEPARATOR) if (case := part.strip()))
