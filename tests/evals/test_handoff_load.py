from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals.handoff.load import Level, Spread, spread
from evals.handoff.load_told import bound, told_load, write_load

QUICK = Spread(0.02, 0.1, 0.4)
LEVEL = Level(50, 10, 1, QUICK, QUICK, QUICK, 600, 0, 3.3, 0.3, (300.0, 310.0, 320.0))
SLOW = replace(LEVEL, citizens=200, to_desk=Spread(0.4, 1.5, 4.0), processor=0.97)


def test_the_spread_of_no_times_is_nothing() -> None:
    assert spread([]) == Spread(0, 0, 0)
    assert spread([1.0, 2.0, 3.0]).p50 == 2.0


def test_memory_is_told_by_session() -> None:
    assert (LEVEL.session_kib, LEVEL.talk_kib) == (204.8, 409.6)


def test_a_level_says_what_gave() -> None:
    assert LEVEL.gave == ()
    assert SLOW.gave == ("messages later than 1 s", "processor")
    assert replace(LEVEL, undelivered=2).gave == ("2 messages undelivered",)


def test_the_bound_is_the_last_level_before_the_first_that_gives() -> None:
    assert bound([LEVEL]) == "50 citizens are borne; nothing gave up to there"
    assert bound([LEVEL, SLOW]).startswith("50 citizens are borne; at 200 gives: messages later")
    assert bound([SLOW]).startswith("no level is borne; at 200")


def test_load_is_told_on_a_page_of_its_own(tmp_path: Path) -> None:
    write_load([LEVEL, SLOW], tmp_path)
    page = (tmp_path / "load.html").read_text(encoding="utf-8")
    assert "at 200 gives" in page and page.count("<svg") == 2
    assert len(list(told_load([LEVEL, SLOW]))) == 1
