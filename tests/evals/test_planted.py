from __future__ import annotations

from pathlib import Path

import pytest

from civic_assistant.verification import Unsupported
from evals.planted.faults import plant
from evals.planted.material import Town, honest_claims, own_sentences, read_town
from evals.planted.measure import Measure, check, measured, report
from evals.planted.written import NOT_A_WRITERS, WrittenCheck, plant_written

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def town() -> Town:
    return read_town(CORPUS)


@pytest.fixture(scope="module")
def measure(town: Town) -> Measure:
    return measured(town, per_kind=2, seed=1)


def test_planted_faults_are_caught_and_honest_sentences_kept(measure: Measure) -> None:
    table, line, is_met = report(measure)
    assert is_met, "\n".join([line, *measure.failures])
    assert table.row_count == len(measure.kinds)
    assert line.startswith("planted: ")


def test_every_kind_is_planted_in_several_languages(measure: Measure) -> None:
    planted = [c for c in measure.kinds.values() if c.group in ("figure", "rule")]
    languages = set[str]().union(*(c.languages for c in planted))
    assert sum(c.cases for c in planted) >= 300
    assert len(languages) == 12
    assert min(len(c.languages) for c in planted) >= 3


def test_the_hand_written_rewordings_cover_the_twelve_languages(town: Town) -> None:
    claims = honest_claims(town)
    assert len(claims) >= 60
    assert len({claim.language for claim in claims}) == 12


def test_the_towns_own_sentences_hold_as_they_stand(town: Town) -> None:
    faults = [f for claim in own_sentences(town) for f in check(claim, town)]
    assert faults == []


def test_a_planted_fee_is_named_by_the_check(town: Town) -> None:
    claim = next(c for c in own_sentences(town) if "86 €" in c.sentence.text)
    planted = next(p for p in plant(claim, town) if p.kind == "fee")
    (fault,) = check(planted.claim, town)
    assert isinstance(fault, Unsupported)
    assert "€" in fault.figure.text


def test_faults_of_a_scripted_writer_are_dropped_with_their_sentence(town: Town) -> None:
    held = WrittenCheck(town, None)
    written = measured(town, 1, 1, held, plant_written, NOT_A_WRITERS)
    _, line, is_met = report(written, "written")
    assert is_met, "\n".join([line, *written.failures])
    planted = [c for c in written.kinds.values() if c.group in ("figure", "quote", "rule")]
    assert sum(c.cases for c in planted) >= 300
    assert {"invented address", "swapped guide"} <= set(written.kinds)
