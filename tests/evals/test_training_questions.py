"""The training questions: their lines are counted the same way in every run."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from civic_assistant.embedding import Embedding
from civic_assistant.errors import SourceError
from civic_assistant.messages import PAGE_LANGUAGES
from evals.training.asked import (
    AskedQuestion,
    known_digests,
    load_asked,
    numbered,
    split_by_guide,
    standing,
)
from evals.training.ranks import guide_ranks
from evals.training.vectors import NationalPassages, open_national
from ingest.passages import passages_of
from tests.guides_by_hand import CANTEEN, guide, section
from tests.ingest.national_feed import sheet_json, write_package

GUIDE = replace(CANTEEN, id="F1")
DIGESTS = {"F1": numbered(GUIDE).digest}


def asked(*lines: int, guide: str = "F1") -> AskedQuestion:
    return AskedQuestion(
        id="q-0001", guide=guide, language="fr", question="Combien coûte un repas ?", lines=lines
    )


def test_lines_are_sentences_items_and_rows_in_reading_order() -> None:
    lines = numbered(GUIDE)
    assert [lines.text(line) for line in lines.lines] == [
        "La cantine accueille les élèves le midi.",
        "L'inscription est obligatoire.",
        "Le prix du repas dépend du quotient familial :",
        "Quotient familial | Prix du repas",
        "moins de 400 € | 1,00 €",
        "400 € et plus | 4,10 €",
        "Pour inscrire un enfant, il faut :",
        "un justificatif de domicile ;",
        "l'attestation de quotient familial.",
        "Le dossier se dépose à la mairie.",
    ]


def test_every_shipped_question_names_a_guide_whose_lines_are_known() -> None:
    questions = load_asked()
    assert {question.guide for question in questions} == known_digests().keys()
    assert {question.language for question in questions} == set(PAGE_LANGUAGES)
    assert [question.id for question in questions] == [
        f"q-{number:04}" for number in range(1, len(questions) + 1)
    ]


def test_training_and_held_out_questions_share_no_guide() -> None:
    split = split_by_guide(load_asked())
    known = {question.guide for question in (*split.training, *split.second)}
    assert len({question.guide for question in split.held_out} - known) == 174
    assert not known & {question.guide for question in split.held_out}


def test_no_question_is_in_two_parts_of_the_split() -> None:
    questions = load_asked()
    split = split_by_guide(questions)
    parts = [
        {question.id for question in part}
        for part in (split.training, split.second, split.held_out)
    ]
    assert sum(map(len, parts)) == len(set.union(*parts)) == len(questions)


def test_the_split_does_not_depend_on_the_order_of_the_questions() -> None:
    questions = load_asked()
    backwards = split_by_guide(questions[::-1])
    assert backwards.held_out[::-1] == split_by_guide(questions).held_out


def test_a_wrong_line_of_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(asked(1).model_dump_json().replace("F1", "1"), encoding="utf-8")
    with pytest.raises(SourceError, match=r"line 1.*guide"):
        load_asked(path)


def test_a_question_whose_guide_changed_or_went_is_left_out() -> None:
    other = replace(GUIDE, id="F2", sections=GUIDE.sections[:1])
    guides = {"F1": numbered(GUIDE), "F2": numbered(other)}
    questions = [asked(5), asked(0, guide="F2"), asked(0, guide="F3")]
    digests = DIGESTS | {"F2": "00000000", "F3": "00000000"}
    assert standing(questions, guides.get, digests) == (questions[0],)


def test_guides_of_another_version_are_refused() -> None:
    with pytest.raises(SourceError, match="national_package"):
        standing([asked(5)], {"F1": numbered(GUIDE)}.get, {"F1": "00000000"})


def test_a_line_beyond_the_guides_end_is_refused() -> None:
    with pytest.raises(SourceError, match="'F1' has 10 lines, not 10"):
        standing([asked(3, 10)], {"F1": numbered(GUIDE)}.get, DIGESTS)


def by_hand() -> NationalPassages:
    """Three guides; the vectors of their passages stand at right angles before centring."""
    guides = {
        of.id: of
        for of in (
            GUIDE,
            guide("F2", "Piscine", section(("paragraph", "La piscine ouvre à 9 h."))),
            guide("F3", "Musée", section(("paragraph", "Le musée est gratuit."))),
        )
    }
    passages = [passage for of in guides.values() for passage in passages_of(of)]
    return NationalPassages(guides, passages, np.eye(len(passages), dtype=np.float32))


def test_the_passages_that_hold_an_answering_line_are_found() -> None:
    national = by_hand()
    found = [national.passages[place].text for place in national.answering(asked(1, 5))]
    assert found == [GUIDE.sections[0].text, GUIDE.sections[1].text]
    assert national.answering(asked()) == []


def test_a_guides_rank_is_that_of_its_best_passage() -> None:
    national = by_hand()
    near_pool = 0.9 * national.vectors[5] + 0.3 * national.vectors[1]
    questions = [asked(), asked(guide="F2"), asked(guide="F3")]
    ranks = guide_ranks(np.stack([near_pool] * 3).astype(np.float32), questions, national)
    assert ranks.tolist() == [2, 1, 3]


def test_passages_are_embedded_once(tmp_path: Path, embedder: Embedding) -> None:
    package = write_package(
        tmp_path / "package", {"particuliers/F90001.json": sheet_json("F90001")}
    )
    first = open_national(package, embedder, tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    written = kept.stat().st_mtime_ns
    second = open_national(package, embedder, tmp_path / "cache")
    assert kept.stat().st_mtime_ns == written
    assert np.array_equal(first.vectors, second.vectors)
    assert [p.id for p in first.passages] == [p.id for p in second.passages]
