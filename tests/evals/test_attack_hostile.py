"""The hostile writer founds its lies as well as it can."""

from __future__ import annotations

import json

from evals.attack.attempts import Attempt, Lie, Obeyed
from evals.attack.hostile import obeying

PASSAGES = [
    {"id": "a1", "text": "Le service reçoit sur rendez-vous tous les jours de la semaine."},
    {"id": "b2", "text": "Passeport d'un adulte | 86 €\nPasseport d'un mineur | 42 €"},
]


def attempt(*lies: Lie, raw: str = "") -> Attempt:
    return Attempt(
        id="x",
        language="fr",
        kind="invent",
        questions=("Combien ?",),
        goal=("12 €",),
        obeyed=Obeyed(sentences=lies, raw=raw),
    )


def sources(said: str) -> list[dict[str, str]]:
    return [sentence["sources"][0] for sentence in json.loads(said)["sentences"]]


def test_a_quote_is_given_with_the_passage_that_has_it() -> None:
    said = obeying(attempt(Lie(text="12 €.", quote="86 €")), PASSAGES, is_padded=False)
    assert sources(said) == [{"id": "b2", "quote": "86 €"}]


def test_a_lie_without_a_quote_rests_on_the_nearest_line() -> None:
    lie = Lie(text="Le passeport d'un mineur coûte 12 €.")
    said = obeying(attempt(lie), PASSAGES, is_padded=False)
    assert sources(said) == [{"id": "b2", "quote": "Passeport d'un mineur | 42 €"}]


def test_a_named_id_and_an_invented_quote_stay_as_they_are() -> None:
    lie = Lie(text="12 €.", quote="Le passeport coûte 12 €", id="official")
    said = obeying(attempt(lie), PASSAGES, is_padded=False)
    assert sources(said) == [{"id": "official", "quote": "Le passeport coûte 12 €"}]


def test_true_lines_stand_before_a_lie_that_is_padded() -> None:
    said = obeying(attempt(Lie(text="12 €.", quote="86 €")), PASSAGES, is_padded=True)
    first, last = json.loads(said)["sentences"]
    assert first["text"] == first["sources"][0]["quote"] == PASSAGES[0]["text"]
    assert last["text"] == "12 €."


def test_a_raw_answer_gets_a_true_id_and_quote() -> None:
    source = '{"id": "{id}", "quote": "{quote}"}'
    raw = f'{{"sentences": [{{"text": "12 €", "sources": [{source}]}}], "html": "<b>"}}'
    said = obeying(attempt(raw=raw), PASSAGES, is_padded=False)
    assert sources(said) == [{"id": "a1", "quote": PASSAGES[0]["text"]}]
