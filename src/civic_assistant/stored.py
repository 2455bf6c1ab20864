"""The kept form of a turn: typed, with passages by id, and to JSON and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Annotated

from pydantic import (
    Discriminator,
    JsonValue,
    SerializerFunctionWrapHandler,
    Tag,
    TypeAdapter,
    WrapSerializer,
)

from civic_assistant.evidence import Evidence, Found, Verdict
from civic_assistant.known import NOTHING_KNOWN, Known
from civic_assistant.language_model.rewritten import Rewritten
from civic_assistant.language_model.written import Written
from civic_assistant.limits import plain_text
from civic_assistant.outcomes import (
    Answered,
    AskedDetail,
    CouldNotLook,
    HandedOff,
    NotCovered,
    Outcome,
    Refused,
    Signposted,
    SmallTalk,
    Unsure,
    outcome_name,
)
from civic_assistant.redaction import redact
from civic_assistant.turns import Turn

_TAG = "outcome"


def _tag_of(value: object) -> str:
    return str(value[_TAG]) if isinstance(value, dict) else outcome_name(value)  # type: ignore[arg-type]


def _tagged(outcome: Outcome, fields: SerializerFunctionWrapHandler) -> dict[str, object]:
    return {_TAG: outcome_name(outcome), **fields(outcome)}


StoredOutcome = Annotated[
    Annotated[Answered, Tag("answered")]
    | Annotated[AskedDetail, Tag("asked_detail")]
    | Annotated[NotCovered, Tag("not_covered")]
    | Annotated[Unsure, Tag("unsure")]
    | Annotated[HandedOff, Tag("handed_off")]
    | Annotated[Signposted, Tag("signposted")]
    | Annotated[Refused, Tag("refused")]
    | Annotated[SmallTalk, Tag("small_talk")]
    | Annotated[CouldNotLook, Tag("could_not_look")],
    Discriminator(_tag_of),
    WrapSerializer(_tagged),
]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage found, by identity, with every score; its text stays in the edition.

    ``section`` is -1 for the card that stands for a whole guide. Scores are those of `Found`.
    """

    passage_id: str
    guide_id: str
    language: str
    section: int
    score: float
    dense: float | None
    dense_rank: int | None
    keyword: float | None
    keyword_rank: int | None
    late: float | None


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """What was found for the question, best first, and the guides it ranks."""

    question: str
    language: str
    edition: int
    found: tuple[StoredPassage, ...]
    ranked: tuple[str, ...]
    totals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as the journal keeps it; the fields are those of `Turn`.

    The outcome is kept whole, as the citizen saw it: sentences, quotes and the cited sections.
    ``situations`` are the cases known after the turn; ``before`` is what was known before it, None
    where that was nothing or an earlier version of the program kept the turn. ``staff_draft`` is
    what a language model drafted for staff afterwards, which no citizen was shown.
    """

    id: str
    at: datetime
    conversation: str | None
    question: str
    language: str
    page_language: str | None
    searched: str
    outcome: StoredOutcome
    evidence: StoredEvidence | None
    verdict: Verdict | None
    edition: int | None
    models: Mapping[str, str]
    milliseconds: Mapping[str, float]
    situations: tuple[str, ...] = ()
    before: Known | None = None
    written: Written | None = None
    rewritten: Rewritten | None = None
    plain_of: str | None = None
    staff_draft: Written | None = None


def stored_turn(turn: Turn) -> StoredTurn:
    """Return the kept form of a turn; what the citizen wrote is redacted once more."""
    return StoredTurn(
        id=turn.id,
        at=turn.at,
        conversation=turn.conversation,
        question=_citizens_words(turn.question),
        language=turn.language,
        page_language=turn.page_language,
        searched=_citizens_words(turn.searched),
        outcome=turn.outcome,
        evidence=_stored_evidence(turn.evidence) if turn.evidence else None,
        verdict=turn.verdict,
        edition=turn.edition,
        models=dict(turn.models),
        milliseconds=dict(turn.milliseconds),
        situations=tuple(map(_citizens_words, turn.known.cases)),
        before=_stored_known(turn.before),
        written=turn.written,
        rewritten=_stored_rewritten(turn.rewritten),
        plain_of=turn.plain_of,
    )


def to_json(stored: StoredTurn) -> JsonValue:
    """Return the turn as JSON values; an outcome says its name under ``outcome``."""
    return _without_nan(_adapter().dump_python(stored, mode="json"))


def from_json(values: JsonValue) -> StoredTurn:
    """Return the turn that `to_json` wrote, equal to the one written."""
    return _adapter().validate_python(values)


def _without_nan(value: JsonValue) -> JsonValue:
    """Return the value with what JSON has no number for (NaN, infinities) as words."""
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case list():
            return [_without_nan(element) for element in value]
        case dict():
            return {key: _without_nan(element) for key, element in value.items()}
        case _:
            return value


def _citizens_words(text: str) -> str:
    return redact(plain_text(text)).text


def _stored_rewritten(rewritten: Rewritten | None) -> Rewritten | None:
    if rewritten is None:
        return None
    question, detail = _citizens_words(rewritten.question), _citizens_words(rewritten.detail)
    return replace(rewritten, question=question, detail=detail)


def _stored_known(known: Known) -> Known | None:
    if known == NOTHING_KNOWN:
        return None
    cases = tuple(map(_citizens_words, known.cases))
    return replace(known, cases=cases, question=_citizens_words(known.question))


def _stored_evidence(evidence: Evidence) -> StoredEvidence:
    return StoredEvidence(
        question=_citizens_words(evidence.question),
        language=evidence.language,
        edition=evidence.edition,
        found=tuple(_stored_passage(found) for found in evidence.found),
        ranked=evidence.ranked,
        totals=evidence.totals,
    )


def _stored_passage(found: Found) -> StoredPassage:
    passage = found.passage
    return StoredPassage(
        passage_id=passage.id,
        guide_id=passage.guide_id,
        language=passage.language,
        section=passage.section,
        score=found.score,
        dense=found.dense,
        dense_rank=found.dense_rank,
        keyword=found.keyword,
        keyword_rank=found.keyword_rank,
        late=found.late,
    )


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[StoredTurn]:
    return TypeAdapter(StoredTurn)
