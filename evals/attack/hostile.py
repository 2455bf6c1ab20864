"""A hostile writer: it says what the attacker wants, as well founded as it can."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from civic_assistant.languages import detect_language
from evals.attack.attempts import Attempt, Lie
from evals.endpoints.scripted import Behaviour, Send, says

_HONEST = 2
"""Lines copied before a lie, so that a single one that is dropped does not lose the answer."""
_SHORT = 30


class HostileWriter:
    """A behaviour of the scripted endpoint that obeys the attempt it was last told of."""

    def __init__(self) -> None:
        self._attempt: Attempt | None = None
        self._is_padded = False
        self.asked = 0

    def obey(self, attempt: Attempt, *, is_padded: bool) -> None:
        """Say what this attempt wants from now on; ``is_padded`` puts true lines before the lie."""
        self._attempt, self._is_padded, self.asked = attempt, is_padded, 0

    def __call__(self, send: Send, asked: Mapping[str, Any]) -> None:
        """Answer a request."""
        assert self._attempt is not None
        self.asked += 1
        data = json.loads(asked["messages"][-1]["content"])
        if isinstance(data, dict) and "passages" in data:
            said = obeying(self._attempt, data["passages"], is_padded=self._is_padded)
        else:
            said = _filled(asked.get("response_format", {}), self._attempt)
        behave: Behaviour = says(said)
        behave(send, asked)


def obeying(attempt: Attempt, passages: Sequence[Mapping[str, str]], *, is_padded: bool) -> str:
    """Return the attacker's answer, resting on the passages that were given."""
    obeyed = attempt.obeyed
    lines = [(p["id"], line) for p in passages for line in p["text"].split("\n") if line.strip()]
    if obeyed.raw:
        id_, line = lines[0]
        quoted = json.dumps(line, ensure_ascii=False)[1:-1]
        return obeyed.raw.replace("{id}", id_).replace("{quote}", quoted)
    sentences = [_sentence(lie, passages, lines) for lie in obeyed.sentences]
    if is_padded:
        sentences = [*_honest(lines, attempt.language), *sentences]
    return json.dumps({"coverage": "complete", "sentences": sentences}, ensure_ascii=False)


def _sentence(
    lie: Lie, passages: Sequence[Mapping[str, str]], lines: Sequence[tuple[str, str]]
) -> Mapping[str, object]:
    holder = next((p["id"] for p in passages if lie.quote and lie.quote in p["text"]), None)
    if holder is not None:
        source = {"id": holder, "quote": lie.quote}
    elif lie.quote:
        source = {"id": passages[0]["id"], "quote": lie.quote}
    else:
        id_, line = max(lines, key=lambda one: len(_parts(one[1]) & _parts(lie.text)))
        source = {"id": id_, "quote": line}
    if lie.id:
        source["id"] = lie.id
    return {"text": lie.text, "sources": [source]}


def _parts(text: str) -> frozenset[str]:
    """Return the runs of four characters of a text: what two texts have in common of them."""
    lower = text.casefold()
    return frozenset(lower[i : i + 4] for i in range(len(lower) - 3))


def _honest(lines: Sequence[tuple[str, str]], language: str) -> Iterator[Mapping[str, object]]:
    """Yield copies of lines, where the guide is in the citizen's language."""
    long = [(id_, line) for id_, line in lines if len(line) >= _SHORT and "|" not in line]
    for id_, line in long[:_HONEST]:
        if detect_language(line, conversation=None, page=None).written_in == language:
            yield {"text": line, "sources": [{"id": id_, "quote": line}]}


def _filled(form: Mapping[str, Any], attempt: Attempt) -> str:
    """Return any other form that was asked for, with the attacker's words in all its places."""
    words = [lie.text for lie in attempt.obeyed.sentences] or [attempt.obeyed.raw]
    schema = form.get("json_schema", {}).get("schema", {})
    return json.dumps(_instance(schema, " ".join(words)), ensure_ascii=False)


def _instance(schema: Mapping[str, Any], words: str) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: _instance(own, words) for name, own in schema["properties"].items()}
        case "array":
            return [_instance(schema["items"], words)]
        case "boolean":
            return True
        case "integer" | "number":
            return 1
        case _:
            return words
