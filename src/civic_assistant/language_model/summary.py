"""A summary of a conversation for the person who takes it over: only what its messages say."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from civic_assistant.language_model.asking import NoAnswer
from civic_assistant.language_model.checked import shown_text
from civic_assistant.language_model.form import unfenced
from civic_assistant.language_model.instructions import instructions
from civic_assistant.language_model.line import Line, latest
from civic_assistant.language_model.prompt import visible
from civic_assistant.language_model.said import Prompted
from civic_assistant.language_model.summary_rules import (
    ItemFault,
    Part,
    SummaryItem,
    SummaryRules,
)
from civic_assistant.language_model.written_in import is_written_in
from civic_assistant.limits import plain_text
from civic_assistant.messages import language_name

if TYPE_CHECKING:
    from civic_assistant.language_model.asking import Endpoints
    from civic_assistant.language_model.nearness import Nearness

log = logging.getLogger(__name__)

CONVERSATION_LENGTH = 8000
"""Characters of the last messages that a model is given."""
MESSAGE_LENGTH = 1500
"""Characters that it is given of one message."""
MOST_TOLD = 8
MOST_OPEN = 6


@dataclass(frozen=True, slots=True)
class Summary:
    """What the citizen wants, what they were told, and what nobody has answered."""

    asked: SummaryItem
    told: tuple[SummaryItem, ...]
    open: tuple[SummaryItem, ...]


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    text: str = Field(max_length=2000)
    messages: list[int] = Field(max_length=20)


class _Summary(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)
    asked: _Item
    told: list[_Item] = Field(max_length=20)
    open: list[_Item] = Field(max_length=20)


_ITEM: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "messages": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["text", "messages"],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "asked": dict(_ITEM),
        "told": {"type": "array", "items": dict(_ITEM)},
        "open": {"type": "array", "items": dict(_ITEM)},
    },
    "required": ["asked", "told", "open"],
    "additionalProperties": False,
}


class Summariser:
    """Sums conversations up; safe to share between threads. ``known`` is the town's name."""

    def __init__(self, endpoints: Endpoints, nearness: Nearness | None, known: str) -> None:
        self._endpoints = endpoints
        self._nearness = nearness
        self._known = known

    def summarise(self, lines: Sequence[Line], language: str, work_id: str) -> Summary | None:
        """Return what holds of a summary in a language, or None when there is none to rely on.

        There is none without what was asked. ``work_id`` is what the calls are kept under. They
        count for the day alone. Raises `RecordsUnusable` when they cannot be counted.
        """
        read = [line for line in shortened(lines) if line.text]
        if not read:
            return None
        prompted = summary_prompt(read, language)
        answer = self._endpoints.ask(
            prompted,
            self._endpoints.for_turn(work_id, None),
            lambda text: _read(text) is not None,
        )
        if isinstance(answer, NoAnswer):
            return None
        given = _read(answer.said.text)
        assert given is not None
        rules = SummaryRules(
            {line.number: line for line in read}, language, self._known, self._nearness
        )
        try:
            return _held(given, rules)
        except Exception as error:  # a briefing does without a summary, whatever a model wrote
            log.error("%s: a check broke: %s", work_id, type(error).__qualname__)
            log.debug("%s", work_id, exc_info=True)
            return None


def summary_prompt(lines: Sequence[Line], language: str) -> Prompted:
    """Return the prompt for a summary; the messages stand in one JSON value."""
    data: dict[str, JsonValue] = {
        "write_in": language_name(language, "en"),
        "messages": [
            {"number": line.number, "from": line.speaker, "text": visible(line.text)}
            for line in lines
        ],
    }
    told = instructions("summary")
    return Prompted(told.version, told.system, json.dumps(data, ensure_ascii=False), SCHEMA)


def shortened(lines: Sequence[Line]) -> list[Line]:
    """Return the last lines that a model is given, the long ones cut."""
    cut = [replace(line, text=line.text[:MESSAGE_LENGTH].strip()) for line in lines]
    return latest(cut, CONVERSATION_LENGTH)


def _held(given: Summary, rules: SummaryRules) -> Summary | None:
    asked = _holding("asked", [given.asked], rules)
    told = _holding("told", given.told, rules)[:MOST_TOLD]
    unanswered = _holding("open", given.open, rules)[:MOST_OPEN]
    text = " ".join(item.text for item in (*asked, *told, *unanswered))
    if not asked or not is_written_in(text, rules.language):
        return None
    return Summary(asked[0], told, unanswered)


def _holding(
    part: Part, items: Sequence[SummaryItem], rules: SummaryRules
) -> tuple[SummaryItem, ...]:
    """Return the items that may be shown, as they may be shown, each said once."""
    faults: list[ItemFault] = []
    kept: dict[str, SummaryItem] = {}
    for item in items:
        fault = rules.fault_of(part, item)
        if fault is None:
            text = shown_text(item.text) or ""
            kept.setdefault(text, SummaryItem(text, item.numbers))
        else:
            faults.append(fault)
    if faults:
        log.info("summary, %s: %s dropped: %s", part, len(faults), ", ".join(faults))
    return tuple(kept.values())


def _read(text: str) -> Summary | None:
    """Return the summary that a text is, unchecked, or None."""
    try:
        given = _Summary.model_validate_json(unfenced(text))
    except ValidationError:
        return None
    return Summary(_item(given.asked), tuple(map(_item, given.told)), tuple(map(_item, given.open)))


def _item(given: _Item) -> SummaryItem:
    return SummaryItem(plain_text(given.text), tuple(sorted(set(given.messages))))
