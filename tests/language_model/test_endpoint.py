"""One endpoint over a real socket: whatever it does, the caller has an answer in time."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from civic_assistant.errors import LanguageModelFailed
from civic_assistant.language_model.endpoint import Endpoint, Limits
from civic_assistant.language_model.named import NamedEndpoint, Structure
from civic_assistant.language_model.prompt import SCHEMA
from civic_assistant.language_model.said import Prompted
from civic_assistant.language_model.wire import Loop
from evals.endpoints.scripted import (
    HEAD,
    Behaviour,
    drips,
    event,
    raw,
    says,
    serving,
    silent,
    status,
)

PROMPTED = Prompted("test-1", "Do it.", '{"question": "?"}', SCHEMA)
LIMITS = Limits(connect=5.0, first=20.0, whole=30.0, characters=600)
KEY = "sk-very-secret"
SLACK = 5.0


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


def endpoint(
    loop: Loop, address: str, limits: Limits = LIMITS, structure: Structure = "json_schema"
) -> Endpoint:
    named = NamedEndpoint(
        name="near", address=address, model="m", key=SecretStr(KEY), structure=structure
    )
    return Endpoint(named, limits, loop)


def failing(loop: Loop, behaviour: Behaviour, limits: Limits = LIMITS) -> str:
    with serving(behaviour) as server, pytest.raises(LanguageModelFailed) as failed:
        endpoint(loop, server.address, limits).ask(PROMPTED, 60.0)
    assert KEY not in str(failed.value)
    return failed.value.failing


def test_what_is_said_comes_whole_with_its_tokens_and_times(loop: Loop) -> None:
    with serving(says("é" * 100)) as server:
        said = endpoint(loop, server.address).ask(PROMPTED, 60.0)
    assert (said.text, said.tokens_read, said.tokens_written) == ("é" * 100, 70, 30)
    assert 0 < said.first_milliseconds <= said.milliseconds
    assert server.keys == [f"Bearer {KEY}"]
    form = server.asked[0]["response_format"]
    assert form["json_schema"]["schema"]["required"] == ["coverage", "sentences"]
    assert server.asked[0]["stream"] is True


def test_a_server_without_schemas_is_asked_without(loop: Loop) -> None:
    with serving(says("{}")) as server:
        endpoint(loop, server.address, structure="none").ask(PROMPTED, 60.0)
    assert "response_format" not in server.asked[0]


def test_a_schema_is_bounded_only_for_a_server_that_is_said_to_know_bounds(loop: Loop) -> None:
    structures: tuple[Structure, ...] = ("json_schema", "bounded_json_schema")
    with serving(says("{}")) as server:
        for structure in structures:
            endpoint(loop, server.address, structure=structure).ask(PROMPTED, 60.0)
    plain, bounded = (
        asked["response_format"]["json_schema"]["schema"]["properties"] for asked in server.asked
    )
    assert plain == SCHEMA["properties"]
    sentences = bounded["sentences"]
    assert sentences["maxItems"] == 2
    assert sentences["items"]["properties"]["text"]["maxLength"] == LIMITS.characters // 10
    assert sentences["items"]["properties"]["sources"]["maxItems"] == 2
    assert "maxLength" not in bounded["coverage"]


def test_a_thinking_model_counts_as_begun_and_its_thoughts_are_not_said(loop: Loop) -> None:
    thought = event({"content": "", "reasoning_content": "hm"})
    said = event({"content": "{}"}) + event(finish="stop") + b"data: [DONE]\n\n"
    limits = Limits(5.0, 3.0, 30.0, 600)
    with serving(raw(HEAD + b"\r\n" + thought, thought, said, pause=2.0)) as server:
        assert endpoint(loop, server.address, limits).ask(PROMPTED, 60.0).text == "{}"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (status(500), "refused"),
        (status(401), "refused"),
        (status(429), "refused"),
        (status(302, Location="http://127.0.0.1:9/v1/chat/completions"), "redirected"),
        (status(307, Location="http://127.0.0.1:9/v1/chat/completions"), "redirected"),
        (raw(HEAD + b"\r\n" + event({"content": '{"cov'})), "broken"),
        (raw(HEAD + b"Content-Length: 900\r\n\r\n" + event({"content": "{"})), "broken"),
        (raw(b""), "broken"),
        (raw(b"\x00\xff not http at all\r\n\r\n"), "broken"),
        (raw(HEAD + b"\r\ndata: {not json\n\n"), "garbage"),
        (raw(HEAD + b"\r\ndata: [1, 2]\n\n"), "garbage"),
        (raw(HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08"), "garbage"),
        (says("x" * 700), "too_long"),
        (says("{}", finish="length"), "too_long"),
        (raw(HEAD + b"\r\n" + b": " + b"x" * 2_000_000), "too_long"),
    ],
)
def test_what_cannot_be_used_says_why(loop: Loop, behaviour: Behaviour, reason: str) -> None:
    assert failing(loop, behaviour) == reason


def test_nobody_there_is_unreachable_at_once(loop: Loop) -> None:
    with serving(says("{}")) as server:
        address = server.address
    begun = time.monotonic()
    with pytest.raises(LanguageModelFailed) as failed:
        endpoint(loop, address).ask(PROMPTED, 60.0)
    assert failed.value.failing == "unreachable"
    assert time.monotonic() - begun < SLACK


@pytest.mark.parametrize(
    ("behaviour", "reason", "limits"),
    [
        (silent(3.0), "late_first", Limits(5.0, 1.0, 30.0, 600)),
        (drips(0.1), "late_first", Limits(5.0, 1.0, 30.0, 600)),
        (drips(0.1, event({"content": "x"})), "late", Limits(5.0, 5.0, 6.0, 600)),
        (raw(*(bytes([b]) for b in HEAD), pause=0.05), "late_first", Limits(5.0, 1.0, 30.0, 600)),
    ],
)
def test_what_is_slow_or_drips_is_cut_at_the_deadline(
    loop: Loop, behaviour: Behaviour, reason: str, limits: Limits
) -> None:
    begun = time.monotonic()
    assert failing(loop, behaviour, limits) == reason
    assert time.monotonic() - begun < (limits.whole if reason == "late" else limits.first) + SLACK


def test_the_time_that_is_left_of_a_question_cuts_too(loop: Loop) -> None:
    with serving(drips(0.1, event({"content": "x"}))) as server:
        begun = time.monotonic()
        with pytest.raises(LanguageModelFailed, match="too slow"):
            endpoint(loop, server.address).ask(PROMPTED, 0.7)
    assert time.monotonic() - begun < 0.7 + SLACK


def test_no_log_holds_the_key_the_prompt_or_the_answer(
    loop: Loop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    prompted = Prompted("test-1", "Do it.", '{"question": "my question"}', SCHEMA)
    with serving(says("my answer"), status(500)) as server:
        asked = endpoint(loop, server.address)
        asked.ask(prompted, 60.0)
        with pytest.raises(LanguageModelFailed):
            asked.ask(prompted, 60.0)
    logged = caplog.text + "".join(str(record.args) for record in caplog.records)
    assert not {word for word in (KEY, "my question", "my answer") if word in logged}
