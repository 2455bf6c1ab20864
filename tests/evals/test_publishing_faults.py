"""Publishers killed while readers ask: a short run of what `make faults-publish` does."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.publishing.faults import run_faults
from evals.publishing.versions import (
    ALWAYS,
    COMING,
    STANDING,
    documents_in,
    documents_of,
    guides_of,
    marks_in,
    write_version,
)


def test_every_section_of_a_version_says_its_version_and_guide() -> None:
    for name, content in documents_of(12).items():
        text = content.decode()
        guide = name.split("/")[0]
        sections = 0 if name.endswith(".toml") or guide == STANDING else text.count("\n#") + 1
        assert marks_in(text) == [(12, guide)] * sections


def test_guides_come_and_go_with_the_versions() -> None:
    assert set(guides_of(8)) == {*ALWAYS, *COMING, STANDING}
    assert set(guides_of(7)) == {*ALWAYS, STANDING}
    assert set(guides_of(9)) - set(guides_of(13)) == {COMING[2]}


def test_the_folder_holds_just_the_version_that_was_written(tmp_path: Path) -> None:
    for version in (0, 7, 8):
        write_version(tmp_path, version)
        assert documents_in(tmp_path) == documents_of(version)
        assert {folder.name for folder in tmp_path.iterdir()} == set(guides_of(version))


@pytest.mark.slow
def test_killed_publishers_mix_empty_and_lose_nothing(tmp_path: Path) -> None:
    run = run_faults(tmp_path, kills=5, seed=7, readers=1, is_served=False)
    assert run.notes == ()
    assert str(run) == "5 kills, 0 mixed, 0 empty, 0 lost"
    assert sum(run.stages.values()) == 5
    assert run.seen > 5
