"""What the command line and the spreadsheet say of a report."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from civic_assistant.errors import SettingsError
from civic_assistant.gaps.gap import Gap, GapReport, NearestGuide, Sample, StaffReply
from civic_assistant.gaps.sheet import as_csv, write_csv
from civic_assistant.gaps.told import SHOWN, told_report

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
GAP = Gap(
    id="t1",
    matter="piscine municipale",
    words=("piscine", "horaires"),
    language="fr",
    questions=5,
    conversations=4,
    languages={"fr": 4, "en": 1},
    came_to={"unsure": 5, "left_message": 1},
    since=datetime(2026, 11, 10, 9, tzinfo=UTC),
    last=AT,
    weeks=(1, 4),
    trend="rising",
    nearest=NearestGuide("eau", "L'eau", "fr", "Réseaux", ("Cadre de vie",), False, False),
    samples=(Sample("fr", "=HYPERLINK piscine"), Sample("en", "pool?")),
    replies=(StaffReply("fr", "Elle ouvre à 9 h.", date(2026, 11, 12), True),),
)
REPORT = GapReport(
    since=datetime(2026, 11, 9, tzinfo=UTC),
    until=datetime(2026, 11, 23, tzinfo=UTC),
    weeks=(date(2026, 11, 9), date(2026, 11, 16)),
    gaps=(GAP, replace(GAP, id="t2", conversations=1, samples=(), replies=())),
    turns=20,
    looked_up=12,
    could_not_look=1,
    screened=6,
    at_once=1,
    edition=3,
)


def test_a_title_says_each_word_once() -> None:
    assert GAP.title == "piscine municipale · horaires"
    assert replace(GAP, matter="").title == "piscine, horaires"
    assert replace(GAP, matter="", words=()).title == ""


def test_the_report_is_told_with_what_is_no_gap() -> None:
    told = told_report(REPORT)
    assert "12 questions looked up, 10 without an answer, in 2 topics; edition 3" in told
    assert "1 could not be looked up, 6 were no questions, 1 asked for a person" in told
    assert "   4 piscine municipale · horaires  [fr 4, en 1]  t1" in told
    assert "unsure 5, left a message 1; by week 1 4 (rising)" in told
    assert "nearest guide (far): L'eau (eau)" in told
    assert "staff, 2026-11-12: Elle ouvre à 9 h." in told
    assert "t2" not in told and "1 topics were asked about by one conversation only" in told


def test_a_long_report_points_to_the_csv() -> None:
    many = replace(REPORT, gaps=(GAP,) * (SHOWN + 2))
    assert "2 more topics: see --csv" in told_report(many)


def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(REPORT.gaps, REPORT.weeks))))
    assert rows[0]["samples"] == "'=HYPERLINK piscine | pool?"
    assert (rows[0]["week_2026-11-09"], rows[0]["week_2026-11-16"]) == ("1", "4")
    assert (rows[0]["is_near"], rows[0]["nearest_guide"]) == ("no", "eau")
    assert len(rows) == 2


def test_the_csv_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_csv(tmp_path / "gaps.csv", "gap\n")
    assert (tmp_path / "gaps.csv").stat().st_mode & 0o077 == 0
    with pytest.raises(SettingsError, match="nowhere"):
        write_csv(tmp_path / "nowhere" / "gaps.csv", "gap\n")
