"""Calls to language models are admitted while the budget lasts, over threads and engines."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select

from civic_assistant.language_model.budget import Allowance, Budget
from civic_assistant.language_model.calls import Call, Calls
from civic_assistant.language_model.tables import CALLS, SPENT
from civic_assistant.records import open_engine, reading
from civic_assistant.retention import purge
from civic_assistant.settings import Settings

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALLOWED = Allowance(conversation_calls=3, day_calls=10, day_tokens=1000)


def call(at: datetime = NOON, turn_id: str = "t1", milliseconds: float = 900.0) -> Call:
    return Call(at, turn_id, "near", "m", "writing-1", "said", 70, 30, 120.0, milliseconds)


def test_a_conversation_has_so_many_calls_and_another_its_own(engine: Engine) -> None:
    budget = Budget(engine, ALLOWED, PARIS)
    assert [budget.admits("one", NOON) for _ in range(4)] == [True, True, True, False]
    assert budget.admits("other", NOON)
    assert budget.admits(None, NOON)


def test_a_call_that_is_refused_to_a_conversation_does_not_cost_the_day(engine: Engine) -> None:
    budget = Budget(engine, replace(ALLOWED, day_calls=5), PARIS)
    for _ in range(20):
        budget.admits("one", NOON)
    assert [budget.admits(None, NOON) for _ in range(3)] == [True, True, False]


def test_tokens_end_a_day_and_the_towns_midnight_begins_another(engine: Engine) -> None:
    budget = Budget(engine, ALLOWED, PARIS)
    assert budget.admits("one", NOON)
    budget.spend(1000, NOON)
    assert not budget.admits("other", NOON)
    before_midnight = datetime(2026, 11, 22, 22, 59, tzinfo=UTC)
    assert not budget.admits("other", before_midnight)
    assert budget.admits("other", before_midnight + timedelta(minutes=1))


def test_processes_share_one_budget(engine: Engine) -> None:
    other = open_engine(str(engine.url))
    budgets = [Budget(e, replace(ALLOWED, conversation_calls=100), PARIS) for e in (engine, other)]
    with ThreadPoolExecutor(6) as threads:
        admitted = list(threads.map(lambda n: budgets[n % 2].admits("one", NOON), range(30)))
    other.dispose()
    assert sum(admitted) == ALLOWED.day_calls


def test_nothing_of_a_conversation_can_be_read_in_what_is_counted(engine: Engine) -> None:
    Budget(engine, ALLOWED, PARIS).admits("c0ffee", NOON)
    with reading(engine) as connection:
        scopes = list(connection.scalars(select(SPENT.c.scope)))
    assert len(scopes) == 2
    assert not [scope for scope in scopes if "c0ffee" in scope]


def test_calls_are_told_by_endpoint_and_by_turn(engine: Engine) -> None:
    calls = Calls(engine)
    calls.record(call())
    calls.record(replace(call(milliseconds=100.0), outcome="late", first_milliseconds=None))
    calls.record(call(NOON - timedelta(days=2), "t0"))
    (figures,) = calls.figures(NOON - timedelta(days=1))
    assert (figures.endpoint, figures.calls, figures.failed) == ("near", 2, 1)
    assert (figures.tokens, figures.milliseconds) == (200, 500.0)
    assert calls.of_turn("t0") == [call(NOON - timedelta(days=2), "t0")]


def test_purge_erases_calls_and_what_was_spent_in_their_time(engine: Engine) -> None:
    settings = Settings(journal_days=30, conversation_days=10)
    calls, budget = Calls(engine), Budget(engine, ALLOWED, PARIS)
    for age in (0, 29, 31):
        calls.record(call(NOON - timedelta(days=age)))
    for age in (0, 11):
        budget.admits(f"c{age}", NOON - timedelta(days=age))
    assert purge(engine, settings, NOON).calls == 1
    with reading(engine) as connection:
        left = [connection.scalar(select(func.count()).select_from(t)) for t in (CALLS, SPENT)]
    assert left == [2, 2]
