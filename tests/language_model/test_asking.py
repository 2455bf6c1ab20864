"""Endpoints in order over real sockets: within the time, the budget and two calls of a question."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from civic_assistant.language_model.asking import Answer, Endpoints, Guarded, NoAnswer
from civic_assistant.language_model.breaker import Breaker
from civic_assistant.language_model.budget import Allowance, Budget
from civic_assistant.language_model.calls import Calls
from civic_assistant.language_model.endpoint import Endpoint, Limits
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.prompt import SCHEMA
from civic_assistant.language_model.said import Prompted
from civic_assistant.language_model.wire import Loop
from evals.endpoints.scripted import (
    Behaviour,
    ScriptedServer,
    drips,
    event,
    says,
    serving,
    status,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PROMPTED = Prompted("test-1", "Do it.", '{"question": "?"}', SCHEMA)
PLENTY = Allowance(100, 100, 100_000)


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


class Scene:
    """Servers that behave as told, and the endpoints that ask them."""

    def __init__(self, loop: Loop, engine: Engine, stack: ExitStack) -> None:
        self.loop, self.engine, self.stack = loop, engine, stack
        self.servers: list[ScriptedServer] = []

    def endpoints(
        self, *scripts: Behaviour, seconds: float = 60.0, allowed: Allowance = PLENTY
    ) -> Endpoints:
        self.servers = [self.stack.enter_context(serving(script)) for script in scripts]
        limits = Limits(5.0, 20.0, 30.0, 600)
        guarded = [
            Guarded(
                Endpoint(
                    NamedEndpoint(name=f"e{n}", address=server.address, model="m"),
                    limits,
                    self.loop,
                ),
                Breaker(2, 60.0),
            )
            for n, server in enumerate(self.servers)
        ]
        budget = Budget(self.engine, allowed, ZoneInfo("Europe/Paris"))
        return Endpoints(guarded, budget, Calls(self.engine), seconds, lambda: NOON)

    @property
    def counts(self) -> list[int]:
        return [len(server.asked) for server in self.servers]


@pytest.fixture
def scene(loop: Loop, engine: Engine) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(loop, engine, stack)


def ask(endpoints: Endpoints, conversation: str = "c") -> Answer | NoAnswer:
    calls = endpoints.for_turn("t1", conversation)
    return endpoints.ask(PROMPTED, calls, is_json)


def test_the_first_endpoint_that_works_answers_and_both_calls_are_kept(scene: Scene) -> None:
    answer = ask(scene.endpoints(status(500), says("{}"), says("{}")))
    assert isinstance(answer, Answer)
    assert (answer.endpoint, answer.calls) == ("e1", ("refused", "said"))
    assert scene.counts == [1, 1, 0]
    kept = Calls(scene.engine).of_turn("t1")
    assert {(c.endpoint, c.outcome, c.prompt) for c in kept} == {
        ("e0", "refused", "test-1"),
        ("e1", "said", "test-1"),
    }


def test_at_most_two_calls_are_made(scene: Scene) -> None:
    answer = ask(scene.endpoints(status(500), status(500), says("{}")))
    assert answer == NoAnswer("refused", ("refused", "refused"))
    assert scene.counts == [1, 1, 0]


def is_json(text: str) -> bool:
    return text == "{}"


def test_two_calls_are_all_that_a_turn_has_whatever_it_asks(scene: Scene) -> None:
    endpoints = scene.endpoints(says("{}"))
    calls = endpoints.for_turn("t1", "c")
    ends = [endpoints.ask(PROMPTED, calls, is_json, most=1) for _ in range(3)]
    assert [isinstance(end, Answer) for end in ends] == [True, True, False]
    assert scene.counts == [2]
    assert isinstance(endpoints.ask(PROMPTED, endpoints.for_turn("t2", "c"), is_json), Answer)


def test_the_first_of_two_questions_leaves_a_call_and_time_for_the_second(scene: Scene) -> None:
    slow = drips(0.1, event({"content": "x"}))
    endpoints = scene.endpoints(slow, says("{}"), seconds=4.0)
    calls = endpoints.for_turn("t1", "c")
    first = endpoints.ask(PROMPTED, calls, is_json, most=1, within=1.0)
    assert first == NoAnswer("late", ("late",))
    assert calls.calls_left == 1
    assert 1.0 < calls.seconds_left < 3.5
    assert isinstance(endpoints.ask(PROMPTED, calls, is_json), Answer)
    assert scene.counts == [1, 1]


def test_an_endpoint_that_failed_is_left_alone_for_the_rest_of_the_turn(scene: Scene) -> None:
    endpoints = scene.endpoints(status(500))
    calls = endpoints.for_turn("t1", "c")
    endpoints.ask(PROMPTED, calls, is_json, most=1)
    assert endpoints.ask(PROMPTED, calls, is_json) == NoAnswer("down", ())
    assert scene.counts == [1]


def test_an_endpoint_that_only_missed_the_form_is_asked_for_the_next(scene: Scene) -> None:
    endpoints = scene.endpoints(says("Bonjour !"))
    calls = endpoints.for_turn("t1", "c")
    for _ in range(2):
        end = endpoints.ask(PROMPTED, calls, is_json, most=1)
        assert end == NoAnswer("garbage", ("garbage",))
    assert scene.counts == [2]


def test_what_is_not_in_the_form_goes_to_the_next(scene: Scene) -> None:
    answer = ask(scene.endpoints(says("Bonjour !"), says("{}")))
    assert isinstance(answer, Answer)
    assert answer.calls == ("garbage", "said")


def test_an_endpoint_that_fails_again_and_again_is_left_alone(scene: Scene) -> None:
    endpoints = scene.endpoints(status(500))
    assert [ask(endpoints) for _ in range(3)][-1] == NoAnswer("down", ())
    assert scene.counts == [2]


def test_the_seconds_of_a_question_bound_all_its_calls(scene: Scene) -> None:
    slow = drips(0.1, event({"content": "x"}))
    endpoints = scene.endpoints(slow, says("{}"), seconds=2.0)
    begun = time.monotonic()
    answer = ask(endpoints)
    assert time.monotonic() - begun < 2.0 + 5.0
    assert answer == NoAnswer("late", ("late",))
    assert scene.counts == [1, 0]


def test_a_spent_budget_makes_no_call(scene: Scene) -> None:
    endpoints = scene.endpoints(says("{}"), allowed=Allowance(2, 100, 100_000))
    ends = [ask(endpoints) for _ in range(3)]
    assert [isinstance(end, Answer) for end in ends] == [True, True, False]
    assert ends[-1] == NoAnswer("budget", ())
    assert scene.counts == [2]


def test_tokens_that_were_told_are_counted(scene: Scene) -> None:
    endpoints = scene.endpoints(says("{}"), allowed=Allowance(100, 100, 150))
    assert isinstance(ask(endpoints), Answer)
    assert isinstance(ask(endpoints), Answer)
    assert ask(endpoints) == NoAnswer("budget", ())
