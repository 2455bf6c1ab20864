from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from civic_assistant.errors import RecordMissing, SettingsError
from civic_assistant.handoff.desks import load_desks

ROOT = Path(__file__).parents[2]
DESK = '[[desk]]\nid = "accueil"\nname = "Accueil"\n'


def test_a_department_of_a_guide_leads_to_its_desk_or_reception() -> None:
    desks = load_desks(None)
    assert desks.for_department("titres d'identité").id == "etat-civil"
    assert desks.for_department("Finances") == desks.default
    assert desks.for_department(None) == desks.default
    assert desks.desk("social").name == "Action sociale (CCAS)"
    assert desks.known("gone") == desks.default
    with pytest.raises(RecordMissing, match="accueil"):
        desks.desk("gone")


def test_every_department_named_at_a_desk_has_a_guide() -> None:
    guides = {
        tomllib.loads(path.read_text(encoding="utf-8"))["department"]
        for path in (ROOT / "corpus").glob("*/guide.toml")
    }
    named = {name for desk in load_desks(None).all for name in desk.departments}
    assert named - guides == set()


def test_a_closure_holds_for_every_desk_and_an_exception_for_one(tmp_path: Path) -> None:
    path = tmp_path / "desks.toml"
    path.write_text(
        "[[closure]]\nfrom = 2026-11-23\nuntil = 2026-11-24\n"
        + DESK
        + '[desk.week]\nmonday = ["08:00-12:00"]\ntuesday = ["08:00-12:00"]\n'
        + '[[desk.exception]]\nfrom = 2026-11-24\nuntil = 2026-11-24\nopen = ["10:00-11:00"]\n'
        + '[[desk]]\nid = "b"\nname = "B"\n[desk.week]\nmonday = ["08:00-12:00"]\n',
        encoding="utf-8",
    )
    first, second = load_desks(path).all
    assert [len(desk.hours.spans(date(2026, 11, 23))) for desk in (first, second)] == [0, 0]
    assert len(first.hours.spans(date(2026, 11, 24))) == 1
    assert len(first.hours.spans(date(2026, 11, 30))) == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "desk"),
        ("desk = 1", "desk"),
        ("[[desk]", "no TOML"),
        (DESK + "colour = 1", "colour"),
        (DESK + '[desk.week]\nmonday = ["12:00-08:00"]', "end after it starts"),
        (DESK + '[desk.week]\nmonday = ["25:00-26:00"]', "monday"),
        (DESK + '[desk.week]\nmonday = ["8h-12h"]', "08:30-12:00"),
        (DESK + '[desk.week]\nmonday = ["08:00-12:00", "11:00-13:00"]', "overlap"),
        (DESK + '[desk.week]\nlundi = ["08:00-12:00"]', "lundi"),
        (DESK + DESK, "same id"),
        (DESK.replace("accueil", "Accueil !"), "id"),
        ('timezone = "Europe/Vaubreuil"\n' + DESK, "timezone"),
        ('region = "Nowhere"\n' + DESK, "region"),
        ("[[closure]]\nfrom = 2026-11-24\nuntil = 2026-11-23\n" + DESK, "until"),
        ("[[closure]]\nfrom = 0001-01-01\nuntil = 9999-12-31\n" + DESK, "until"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_fault(
    tmp_path: Path, text: str, fault: str
) -> None:
    path = tmp_path / "desks.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="desks_file") as caught:
        load_desks(path)
    assert fault in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml"):
        load_desks(tmp_path / "none.toml")
