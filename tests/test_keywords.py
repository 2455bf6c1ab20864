from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest

from civic_assistant.keywords import K1, B, KeywordIndex, stems
from civic_assistant.passage_words import PassageWords
from civic_assistant.word_scores import word_scores
from ingest.passages import passages_of
from tests.guides_by_hand import CANTEEN, guide, section

MARKET = guide(
    "marche",
    "Emplacement au marché",
    section(("paragraph", "Un emplacement au marché coûte 2,40 € le mètre linéaire.")),
)
POOL = guide(
    "pool", "Swimming pool", section(("paragraph", "The pool opens daily.")), language="en"
)


def index() -> KeywordIndex:
    return KeywordIndex.build([p for g in (CANTEEN, MARKET, POOL) for p in passages_of(g)])


def guides_found(question: str, language: str) -> list[str]:
    by_id = {p.id: p.guide_id for g in (CANTEEN, MARKET, POOL) for p in passages_of(g)}
    return [by_id[id_] for id_, _ in index().search(question, language, 10)]


def test_accents_elision_and_endings_do_not_matter() -> None:
    assert stems("l'écoles", "fr") == stems("ecole", "fr")


def test_the_words_that_ask_are_not_searched() -> None:
    assert stems("Bonjour, comment faire s'il vous plaît ?", "fr") == []


def test_a_question_finds_the_guide_that_has_its_words() -> None:
    assert guides_found("prix d'un emplacement au marche", "fr")[0] == "marche"


def test_a_language_without_passages_finds_nothing() -> None:
    assert guides_found("marché", "tr") == []


def test_words_of_another_language_are_not_searched_in_french_passages() -> None:
    assert guides_found("pool", "fr") == []


def test_an_index_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    index().save(tmp_path)
    loaded = KeywordIndex.load(tmp_path)
    assert loaded.search("marché", "fr", 5) == index().search("marché", "fr", 5)


def test_coverage_is_the_share_of_the_questions_rare_words() -> None:
    keywords = index()
    whole = keywords.coverage("prix du repas", "fr", "Le prix du repas est de 4 €.")
    part = keywords.coverage("prix du passeport", "fr", "Le prix du repas est de 4 €.")
    assert whole == 1.0
    assert 0 < part < 0.5


def test_only_the_best_are_found_when_fewer_are_asked_for() -> None:
    question = "prix du repas et inscription à la cantine"
    every = index().search(question, "fr", 50)
    assert len(every) > 3
    assert [share for _, share in every] == sorted((s for _, s in every), reverse=True)
    assert index().search(question, "fr", 2) == every[:2]


def test_passages_without_any_of_the_words_are_not_found() -> None:
    assert set(guides_found("emplacement", "fr")) == {"marche"}


def test_scores_are_those_of_bm25s() -> None:
    passages = [p for p in passages_of(CANTEEN) if p.text]
    words = [stems(p.embedded_text, "fr") for p in passages]
    expected = bm25s.BM25(method="lucene", k1=K1, b=B)
    expected.index(words, show_progress=False)
    numbers: dict[str, int] = {}
    scored = word_scores(
        [np.array([numbers.setdefault(w, len(numbers)) for w in own], np.int32) for own in words],
        K1,
        B,
    )
    for word, number in numbers.items():
        column = int(np.flatnonzero(scored.words == number)[0])
        ours = np.zeros(len(passages), np.float32)
        stretch = slice(scored.starts[column], scored.starts[column + 1])
        ours[scored.rows[stretch]] = scored.scores[stretch]
        assert ours.tolist() == expected.get_scores([word]).tolist()


def test_a_passage_without_words_is_found_by_none() -> None:
    scored = word_scores([np.empty(0, np.int32), np.array([7, 7], np.int32)], K1, B)
    assert scored.words.tolist() == [7]
    assert scored.rows.tolist() == [1]


def test_kept_stems_make_the_same_index(tmp_path: Path) -> None:
    passages = [p for g in (CANTEEN, MARKET, POOL) for p in passages_of(g)]
    words = PassageWords(tmp_path)
    words.add(passages)
    numbers = words.read([p.id for p in passages])
    languages = {
        language: (
            ids := [p.id for p in passages if p.language == language],
            [numbers[i] for i in ids],
        )
        for language in ("fr", "en")
    }
    kept = KeywordIndex.of_words(languages, words.words())
    for question, language in (("prix du repas", "fr"), ("pool", "en")):
        assert kept.search(question, language, 9) == index().search(question, language, 9)


def test_stems_of_other_rules_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PassageWords(tmp_path).add(passages_of(MARKET))
    assert len(PassageWords(tmp_path).ids()) == len(passages_of(MARKET))
    monkeypatch.setattr("civic_assistant.passage_words.STEMMING", "another")
    assert PassageWords(tmp_path).ids() == set()
