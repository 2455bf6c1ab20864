from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from civic_assistant.assembly import open_records
from civic_assistant.settings import Settings
from evals.handoff.office import Office, Told, ends
from evals.handoff.week import SETTINGS, Week, judged
from evals.handoff.week_told import told_week, write_week

AT = datetime(2026, 11, 9, 9, tzinfo=UTC)


def told(minutes: float, came: float) -> Told:
    return Told(AT, "accueil", 1, 60 * minutes, 60 * came)


def test_the_wait_told_is_judged_by_bias_distance_and_share() -> None:
    got = judged("all", [told(10, 8), told(4, 10), told(1, 1)])
    assert got.waits == 3
    assert got.told == 5.0
    assert got.true == pytest.approx(19 / 3)
    assert got.bias == pytest.approx(-4 / 3)
    assert got.absolute == pytest.approx(8 / 3)
    assert got.middle == 2.0
    assert got.no_later == pytest.approx(2 / 3)
    assert got.near == pytest.approx(2 / 3)


def test_a_week_is_told_on_a_page_of_its_own(tmp_path: Path) -> None:
    waits = (told(10, 8), told(4, 10))
    ended = {"answered by a person": 2, "left over": 0}
    week = Week((1,), ended, 3, 1, waits, (judged("all", waits),))
    write_week(week, tmp_path)
    page = (tmp_path / "week.html").read_text(encoding="utf-8")
    assert "2 unsure outcomes, 0 left over" in page and page.count("<circle") == 3
    assert "https://" not in page
    assert len(list(told_week(week))) == 2


@pytest.mark.slow
def test_every_unsure_outcome_of_a_simulated_day_comes_to_an_end(tmp_path: Path) -> None:
    url = SecretStr(f"sqlite:///{tmp_path / 'week.sqlite'}")
    settings = Settings.model_validate({**SETTINGS, "database_url": url})
    office = Office(open_records(settings), settings, seed=3, days=1)
    office.run()
    ended = ends(office)
    assert sum(ended.values()) == len(office.outcomes) > 100
    assert ended["left over"] == 0
    assert all(ended[name] for name in ("answered by a person", "went on alone", "offer lapsed"))
    office.engine.dispose()
