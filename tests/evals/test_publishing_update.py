"""`make update-bench` on a feed of four sheets: what is counted, compared and told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from civic_assistant.catalogue import open_catalogue
from civic_assistant.errors import SourceError
from civic_assistant.guides import Guide
from civic_assistant.settings import Settings
from evals.publishing.command_run import BegunCommand, CommandRun, StepFailed
from evals.publishing.edition_changes import (
    Changes,
    changes_between,
    differences,
    held_in,
    kept_guides,
)
from evals.publishing.kept_steps import KeptSteps, Step, StepName
from evals.publishing.priced_guide import PricedGuide, priced_guides
from evals.publishing.sampled_feed import (
    FeedDifference,
    change_one_sheet,
    feed_difference,
    sampled,
    sheets_of,
)
from evals.publishing.update import Update, run_update
from evals.publishing.update_told import line, told_update, update_aims, write_update
from ingest.national.source import NationalFolder
from ingest.passages import passages_of
from ingest.sources import SourceDocument
from tests.guides_by_hand import guide, section
from tests.ingest.by_hand import Town, fee
from tests.ingest.national_feed import sheet_json, sheet_xml, write_package

CORPUS = Path(__file__).parent.parent.parent / "corpus"
NOTHING = Changes(0, 0, 0, 0, 0, 0, 0, 0)
RUN = CommandRun(0.0, 100.0, 3.0, 150.0, 900.0, 0, 0)


def written(folder: Path, sheets: Mapping[str, bytes]) -> Path:
    return write_package(folder, {f"particuliers/{name}.json": s for name, s in sheets.items()})


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, Path]:
    """Of the second, one sheet has another amount, one another date, one is gone, one is new."""
    first = {name: sheet_json(name) for name in ("F90001", "F90004", "N90003", "R90002")}
    dated = re.sub(rb"modified [\d-]+", b"modified 2026-11-20", sheet_xml("N90003"))
    dearer = sheet_xml("F90001").replace("12 €".encode(), "13 €".encode())
    newer = sheet_xml("F90001").replace(b"F90001", b"F90005").replace(b"canal", b"fleuve")
    second = {
        "F90001": sheet_json("F90001", dearer),
        "F90004": sheet_json("F90004"),
        "F90005": sheet_json("F90005", newer),
        "N90003": sheet_json("N90003", dated),
    }
    return written(tmp_path / "first", first), written(tmp_path / "second", second)


def passage_ids(package: Path) -> set[str]:
    ids = set()
    for document in NationalFolder(package, ("individuals",)).documents():
        if isinstance(document, SourceDocument) and "F90004" not in document.name:
            ids |= {passage.id for passage in passages_of(document.load().guide)}
    return ids


@pytest.mark.slow
def test_a_whole_update_counts_what_changed_and_ends_as_a_rebuilt_index(
    packages: tuple[Path, Path], light_settings: Settings, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    for name in ("composteur", "location-salle", "bruit-voisinage"):
        shutil.copytree(CORPUS / name, corpus / name)
    shutil.copy(CORPUS / "questions.jsonl", corpus)
    changed = {"corpus_folder": corpus, "national_audiences": ("individuals",)}
    settings = light_settings.model_copy(update=changed)
    said: list[str] = []
    work = tmp_path / "work"
    update = run_update(packages, settings, work, say=said.append)

    first, second = (passage_ids(package) for package in packages)
    steps = {step.name: step for step in update.steps}
    build, renewed, again = steps["build"], steps["update"], steps["again"]
    assert (build.changes.added, build.run.refused) == (3, 1)
    assert (build.embedded, build.passages) == (
        len(first),
        len(first) + steps["town"].passages,
    )
    assert renewed.embedded == len(second - first) > 0
    got = renewed.changes
    assert (got.added, got.changed, got.reworded, got.withdrawn) == (1, 2, 1, 1)
    assert got.sections_changed == 1
    assert (again.edition, again.embedded) == (renewed.edition, 0)
    assert again.changes == replace(NOTHING, unchanged=3)
    assert (steps["rebuild"].changes.added, steps["rebuild"].embedded) == (3, len(second))
    for one in (steps["guide"], steps["back"], steps["sheet"]):
        assert (one.changes.changed, one.changes.reworded, one.changes.sections_changed) == (
            1, 1, 1
        )  # fmt: skip
        assert one.live_s is not None and one.live_s > 0
    assert 0 < steps["guide"].embedded < 10 and steps["back"].embedded == 0
    assert steps["back"].edition == renewed.edition
    assert (update.apart, update.kept) == ((), 0)
    for step in update.steps:
        assert 0 < step.run.start_seconds < step.run.seconds
        assert step.run.processor_s > 0 and step.run.peak_mib > 50

    said.clear()
    once_more = run_update(packages, settings, work, say=said.append)
    assert once_more.steps == update.steps
    assert not [words for words in said if "civic-assistant" in words]
    with pytest.raises(StepFailed, match="folder of another run"):
        run_update(packages, settings, work, seed=1)


def test_what_a_publish_changed_is_read_from_the_index(tmp_path: Path) -> None:
    town = Town(tmp_path)
    one, two, three = fee("un", 10), fee("deux", 20), fee("trois", 30)
    town.publish(one, two, three)
    first = held_in(town.settings.index_folder)
    longer = guide(
        "un",
        "Un",
        section(("paragraph", "La démarche un coûte 11 €."), path=("Tarifs",)),
        section(("paragraph", "Elle se paie par carte."), path=("Paiement",)),
    )
    town.publish(longer, replace(two, theme=("Vie",)), fee("quatre", 40))
    second = held_in(town.settings.index_folder)
    folder = town.settings.index_folder
    assert changes_between(folder, first.edition, second.edition, "town") == Changes(
        added=1,
        changed=2,
        reworded=1,
        withdrawn=1,
        unchanged=0,
        sections_added=2,
        sections_changed=1,
        sections_withdrawn=1,
    )
    assert second.vectors - first.vectors == len(second.passages - first.passages)
    assert changes_between(folder, None, first.edition, "town").added == 3
    assert changes_between(folder, first.edition, second.edition, "national") == NOTHING


def test_an_updated_index_that_holds_something_else_is_told(tmp_path: Path) -> None:
    updated, rebuilt = Town(tmp_path / "updated"), Town(tmp_path / "rebuilt")
    for town in (updated, rebuilt):
        town.publish(fee("un", 10), fee("deux", 20))
    folders = [town.settings.index_folder for town in (updated, rebuilt)]
    same = [held_in(folder) for folder in folders]
    assert differences(same[0], same[1], frozenset()) == []
    rebuilt.publish(fee("un", 11))
    new = held_in(folders[1])
    told = differences(same[0], new, frozenset())
    assert told[0].startswith("2 guides only in the updated index, 1 only in the rebuilt one: (")
    assert told[1].startswith("3 passages only in the updated index, 1 only")
    first = open_catalogue(folders[0]).live_edition()
    assert kept_guides(folders[0], first, same[0], new) == {"deux"}
    (guides, lost) = differences(same[0], new, frozenset({"deux"}))
    assert guides.startswith("1 guides only in the updated") and "are not in the updated" in lost


def test_both_versions_are_left_with_the_same_sheets(tmp_path: Path) -> None:
    sheets = {f"F{number}": sheet_json("F90001") for number in range(200)}
    first, second = written(tmp_path / "a", sheets), written(tmp_path / "b", sheets)
    left = [
        [file.name for file in sheets_of(sampled(p, ("individuals",), 0.2, 3, t), "individuals")]
        for p, t in ((first, tmp_path / "c"), (second, tmp_path / "d"))
    ]
    assert left[0] == left[1] and 20 < len(left[0]) < 60
    with pytest.raises(SourceError, match="give a larger --share"):
        sampled(first, ("individuals",), 0.000001, 3, tmp_path / "e")


def test_files_that_differ_are_counted_byte_by_byte(packages: tuple[Path, Path]) -> None:
    assert feed_difference(*packages, ("individuals",)) == FeedDifference(4, 1, 2, 1)


def test_one_sheet_is_changed_and_the_package_it_came_from_is_not(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = sampled(packages[0], ("individuals",), 1.0, 0, tmp_path / "copy")
    name = change_one_sheet(copy, ("individuals",), 0)
    assert feed_difference(packages[0], copy, ("individuals",)) == FeedDifference(4, 0, 1, 0)
    assert sheet_json(Path(name).stem) == (packages[0] / "data" / name).read_bytes()

    def texts(package: Path) -> dict[str, list[str]]:
        read: dict[str, Guide] = {
            document.name: document.load().guide
            for document in NationalFolder(package, ("individuals",)).documents()
            if isinstance(document, SourceDocument) and "F90004" not in document.name
        }
        return {one: [section.text for section in guide.sections] for one, guide in read.items()}

    before, after = texts(packages[0]), texts(copy)
    assert [one for one in before if before[one] != after[one]] == [name]


def test_an_amount_is_raised_where_it_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "salle").mkdir()
    document = tmp_path / "salle" / "fr.md"
    document.write_text(
        "# Salle\n\nElle coûte 5 €, 25 € ou 6\u00a0€, la caution 1 005 €.\n", "utf-8"
    )
    asked = {"question": "Prix ?", "language": "fr", "guide": "salle", "contains": "5\u00a0€"}
    other = asked | {"contains": "par carte"}
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in (asked, other))
    (tmp_path / "questions.jsonl").write_text(lines, "utf-8")
    (priced,) = priced_guides(tmp_path)
    assert priced == PricedGuide("salle", "Prix ?", "salle/fr.md", "5\u00a0€", "7\u00a0€")
    priced.raise_in(tmp_path)
    assert "coûte 7\u00a0€, 25 € ou 6\u00a0€, la caution 1 005 €" in document.read_text("utf-8")
    assert priced.is_raised_said("elle coûte 7\u202f€") and not priced.is_said("25 €")


def test_a_command_that_fails_is_told_with_what_it_said(
    light_settings: Settings, tmp_path: Path
) -> None:
    settings = light_settings.model_copy(update={"index_folder": tmp_path / "index"})
    command = BegunCommand(("history",), settings, tmp_path)
    with pytest.raises(StepFailed, match=r"(?s)history` left with status 1.*no index in"):
        command.ended()
    assert command.has_failed


def step(name: StepName, seconds: float, live_s: float | None = None, embedded: int = 0) -> Step:
    run = replace(RUN, seconds=seconds)
    return Step(name, run, 1, 10, 400, embedded, NOTHING, live_s)


STEPS = (
    step("town", 5.0),
    step("build", 1000.0, embedded=380),
    step("update", 200.0, embedded=40),
    step("again", 9.0),
    step("rebuild", 1000.0, embedded=380),
    step("guide", 8.0, 7.5),
    step("back", 4.0, 3.5),
    step("sheet", 9.0, 8.5),
)
UPDATE = Update(
    began_at="2026-11-22T10:00:00+00:00",
    commit="",
    cores=2,
    load=0.5,
    embedding="light",
    audiences=("individuals",),
    share=1.0,
    seed=0,
    feed=FeedDifference(4, 1, 2, 1),
    steps=STEPS,
    apart=(),
    kept=0,
)


def test_the_last_line_says_the_figures_and_what_is_missed() -> None:
    assert line(UPDATE) == (
        "update: 40 of 400 passages embedded, 200.0 s against 1000.0 s for a full rebuild (20%), "
        "no change 9.0 s (0.90%), one guide 7.5 s, rolled back 3.5 s, one national sheet 8.5 s"
    )
    slow = {"again": 10.0, "guide": 10.0, "back": 5.0}
    late = tuple(replace(s, live_s=slow[s.name]) if s.name in slow else s for s in STEPS)
    late = tuple(
        replace(s, run=replace(s.run, seconds=10.0)) if s.name == "again" else s for s in late
    )
    missed = replace(UPDATE, steps=late, apart=("1 guides only in the updated index",))
    assert [aim.is_met for aim in update_aims(UPDATE)] == [True] * 5
    assert [aim.is_met for aim in update_aims(missed)] == [False, False, False, True, False]
    assert "| MISSED: nothing new: 1.00% of a full rebuild (< 1%); one guide" in line(missed)


def test_an_update_is_told_as_a_table_and_written_down(tmp_path: Path) -> None:
    shown = StringIO()
    console = Console(width=200, file=shown)
    for part in told_update(replace(UPDATE, apart=("2 guides only in the updated index",), kept=1)):
        console.print(part)
    told = shown.getvalue()
    assert "NOT THE SAME: 2 guides only" in told and "1 guides stay in the updated index" in told
    assert "rollback" in told and "1,000.0" in told
    write_update(UPDATE, tmp_path / "figures" / "update.json")
    figures = json.loads((tmp_path / "figures" / "update.json").read_text("utf-8"))
    assert figures["steps"][2]["embedded"] == 40 and figures["aims"][0]["is_met"]


def test_steps_that_are_done_are_found_again(tmp_path: Path) -> None:
    KeptSteps(tmp_path, {"seed": "0"}).keep(STEPS[0], STEPS[1])
    again = KeptSteps(tmp_path, {"seed": "0"})
    assert (again.get("build"), again.get("update")) == (STEPS[1], None)
