"""Runs of planning and publishing over SQLite and PostgreSQL: one at a time, whoever begins it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import pytest
from pydantic import JsonValue
from sqlalchemy import Engine

from civic_assistant.desk.editors.runs import SILENT, Run, Runs
from civic_assistant.desk.sessions import Member
from civic_assistant.errors import GuidesBusy
from civic_assistant.records import open_engine
from tests.desk.conftest import Clock

EVE = Member("staff-eve", "Ève E.", (), ("editor",))
MAX = Member("staff-max", "Max P.", (), ("editor",))
EDITORS_AT_ONCE = 6


@pytest.fixture
def runs(engine: Engine, clock: Clock) -> Runs:
    return Runs(engine, clock)


@pytest.fixture
def elsewhere(url: str, engine: Engine, clock: Clock) -> Iterator[Runs]:
    """The runs as another process of the server has them, with connections of its own."""
    opened = open_engine(url)
    yield Runs(opened, clock)
    opened.dispose()


def test_a_run_is_read_back_as_it_was_begun(runs: Runs, elsewhere: Runs, clock: Clock) -> None:
    begun = runs.begin("publish", EVE, draft="ab" * 32, edition=7, reason="Délibération du 28 mai")
    assert elsewhere.run(begun.id) == elsewhere.running() == begun
    assert begun == Run(
        id=begun.id,
        kind="publish",
        staff_id="staff-eve",
        author="Ève E.",
        reason="Délibération du 28 mai",
        state="running",
        stage="starting",
        done=0,
        total=None,
        started_at=clock.now,
        heard_at=clock.now,
        ended_at=None,
        edition=7,
        draft="ab" * 32,
        problem=None,
        told="",
    )
    assert begun.started_at.tzinfo is UTC


def test_a_second_run_is_refused_by_the_name_of_who_began_the_first(
    runs: Runs, elsewhere: Runs
) -> None:
    first = runs.begin("plan", MAX)
    with pytest.raises(GuidesBusy) as refused:
        elsewhere.begin("publish", EVE)
    assert (refused.value.by, refused.value.kind) == ("Max P.", "plan")
    runs.finish(first.id)
    assert elsewhere.begin("publish", EVE).kind == "publish"


def test_of_several_editors_who_begin_at_once_one_gets_the_run(runs: Runs) -> None:
    together = threading.Barrier(EDITORS_AT_ONCE)

    def begin(number: int) -> str:
        together.wait()
        member = Member(f"staff-{number}", f"Editor {number}", (), ("editor",))
        try:
            return runs.begin("plan", member).author
        except GuidesBusy as busy:
            return f"refused for {busy.by}"

    with ThreadPoolExecutor(EDITORS_AT_ONCE) as pool:
        came = list(pool.map(begin, range(EDITORS_AT_ONCE)))
    running = runs.running()
    assert running is not None
    assert sorted(set(came)) == sorted([running.author, f"refused for {running.author}"])
    assert came.count(running.author) == 1


def test_how_far_a_run_is_and_what_came_of_it_is_seen_from_every_process(
    runs: Runs, elsewhere: Runs, clock: Clock
) -> None:
    run = runs.begin("plan", EVE)
    clock.pass_minutes(0.5)
    runs.advance(run.id, "embedding", 3, 12)
    seen = elsewhere.run(run.id)
    assert seen is not None
    assert (seen.stage, seen.done, seen.total, seen.heard_at) == ("embedding", 3, 12, clock.now)
    outcome: JsonValue = {"suspended": 2, "left": ["composteur/fr.md"], "said": "16 € → ok"}
    runs.finish(run.id, edition=4, outcome=outcome)
    ended = elsewhere.run(run.id)
    assert ended is not None
    assert (ended.state, ended.edition, ended.ended_at) == ("done", 4, clock.now)
    assert elsewhere.outcome(run.id) == outcome
    assert elsewhere.running() is None


def test_a_run_that_ended_is_neither_moved_on_nor_ended_again(runs: Runs, elsewhere: Runs) -> None:
    run = runs.begin("publish", EVE)
    elsewhere.fail(run.id, "interrupted", "the server stopped", {"documents": ["a/fr.md"]})
    runs.advance(run.id, "switching", 1, 1)
    runs.finish(run.id, edition=9, outcome={"suspended": 0})
    ended = runs.run(run.id)
    assert ended is not None
    assert (ended.state, ended.problem, ended.told) == (
        "failed",
        "interrupted",
        "the server stopped",
    )
    assert (ended.stage, ended.edition) == ("starting", None)
    assert runs.outcome(run.id) == {"documents": ["a/fr.md"]}


def test_a_run_is_silent_once_nobody_heard_of_it_for_a_minute(runs: Runs, clock: Clock) -> None:
    run = runs.begin("plan", EVE)
    clock.now += SILENT
    assert not runs.is_silent(run)
    clock.now += timedelta(seconds=1)
    assert runs.is_silent(run)
    runs.advance(run.id, "reading", 1, None)
    heard = runs.run(run.id)
    assert heard is not None and not runs.is_silent(heard)


def test_a_slow_run_is_heard_of_by_its_beat(runs: Runs, elsewhere: Runs, clock: Clock) -> None:
    run = runs.begin("plan", EVE)
    begun = clock.now
    clock.pass_minutes(5)
    seen = run
    with runs.beating(run.id, seconds=0.01):
        for _ in range(1000):
            seen = elsewhere.run(run.id) or run
            if seen.heard_at > begun:
                break
            threading.Event().wait(0.01)
    assert seen.heard_at == clock.now
    assert not runs.is_silent(seen)


def test_the_latest_run_is_somebodys_own_of_the_kind_that_is_asked_for(
    runs: Runs, elsewhere: Runs
) -> None:
    plan = runs.begin("plan", EVE)
    runs.finish(plan.id)
    other = elsewhere.begin("plan", MAX)
    elsewhere.finish(other.id)
    published = runs.begin("publish", EVE)
    runs.fail(published.id, "stale")
    assert [_id(runs.latest("staff-eve")), _id(runs.latest("staff-max"))] == [
        published.id,
        other.id,
    ]
    assert _id(runs.latest("staff-eve", "plan")) == plan.id
    assert runs.latest("staff-eve", "plan", but=plan.id) is None
    assert runs.latest("staff-eve", "return") is None


def test_what_somebodys_plans_came_to_is_forgotten_and_nobody_elses(
    runs: Runs, elsewhere: Runs
) -> None:
    kept = {}
    for member in (EVE, MAX):
        run = runs.begin("plan", member)
        runs.finish(run.id, edition=3, outcome={"of": member.name})
        kept[member.id] = run.id
    elsewhere.forget("staff-eve")
    assert runs.outcome(kept["staff-eve"]) is None
    assert runs.outcome(kept["staff-max"]) == {"of": "Max P."}
    forgotten = runs.run(kept["staff-eve"])
    assert forgotten is not None and (forgotten.edition, forgotten.state) == (None, "done")


def _id(run: Run | None) -> str | None:
    return run.id if run else None
