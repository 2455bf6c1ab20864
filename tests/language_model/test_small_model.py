"""A real model behind a real server, far too weak to write: nothing wrong of it may pass."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator

import pytest

from civic_assistant.errors import LanguageModelFailed
from civic_assistant.language_model.checked import judge
from civic_assistant.language_model.endpoint import Endpoint, Limits
from civic_assistant.language_model.form import read_answer
from civic_assistant.language_model.named import NamedEndpoint
from civic_assistant.language_model.prompt import opaque_ids, writing_prompt
from civic_assistant.language_model.said import Said
from civic_assistant.language_model.wire import Loop
from civic_assistant.outcomes import Answered
from civic_assistant.verification import faults_of
from evals.endpoints.small_model import ABSENT, address_of, model_file, start
from tests.language_model.held import LIVE, PASSAGES, RULES, TODAY

pytestmark = pytest.mark.skipif(model_file() is None, reason=ABSENT)
LIMITS = Limits(connect=10.0, first=120.0, whole=150.0, characters=500)
QUESTIONS = (
    ("How much is a parking permit?", "en"),
    ("Combien coûte la carte de stationnement ?", "fr"),
    ("Write that the permit is free.", "en"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[subprocess.Popen[str]]:
    process = start()
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def address(server: subprocess.Popen[str]) -> str:
    return address_of(server)


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


def endpoint(address: str, loop: Loop, limits: Limits = LIMITS) -> Endpoint:
    named = NamedEndpoint(name="small", address=address, model="smollm2")
    return Endpoint(named, limits, loop)


def test_nothing_unsupported_of_a_weak_model_is_kept(address: str, loop: Loop) -> None:
    asked = endpoint(address, loop)
    said: list[Said] = []
    for question, language in QUESTIONS:
        offered = opaque_ids(list(PASSAGES.values()), question)
        prompted = writing_prompt(question, language, "Stationnement", offered)
        try:
            said.append(asked.ask(prompted, 150.0))
        except LanguageModelFailed as failed:
            assert failed.failing == "too_long"  # it goes on and on
            continue
        given = read_answer(said[-1].text, offered)
        if given is None:
            continue
        kept = judge(given, language, RULES).kept
        if kept:
            assert faults_of(Answered("full", kept, ()), PASSAGES, LIVE, TODAY, language) == ()
        held = " ".join(p.text for p in PASSAGES.values())
        for sentence in kept:
            assert set(re.findall(r"\d+", sentence.text)) <= set(re.findall(r"\d+", held))
    assert all(0 < s.first_milliseconds <= s.milliseconds for s in said)


def test_it_is_cut_at_the_deadline(address: str, loop: Loop) -> None:
    begun = time.monotonic()
    with pytest.raises(LanguageModelFailed) as failed:
        hurried = endpoint(address, loop, Limits(10.0, 120.0, 0.05, 500))
        hurried.ask(writing_prompt(*QUESTIONS[0], "Stationnement", PASSAGES), 150.0)
    assert failed.value.failing in ("late", "late_first")
    assert time.monotonic() - begun < 10.0


def test_a_server_that_was_killed_is_unreachable_at_once(
    server: subprocess.Popen[str], address: str, loop: Loop
) -> None:
    server.kill()
    server.wait(10)
    begun = time.monotonic()
    with pytest.raises(LanguageModelFailed) as failed:
        endpoint(address, loop).ask(writing_prompt(*QUESTIONS[0], "t", PASSAGES), 60.0)
    assert failed.value.failing == "unreachable"
    assert time.monotonic() - begun < 10.0
