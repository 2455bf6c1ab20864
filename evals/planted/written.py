"""A scripted writer with planted faults: what a model might write, held as a model's is held."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace

from civic_assistant.centring import Centring, learn_centring
from civic_assistant.embedding import Embedding
from civic_assistant.language_model.checked import Judgement, Rules, judge
from civic_assistant.language_model.form import read_answer
from civic_assistant.language_model.nearness import Nearness
from civic_assistant.language_model.prompt import opaque_ids
from evals.planted.faults import Planted
from evals.planted.material import TODAY, Claim, Town

_TURN = "planted"
_LEARNT = 60
"""Passages of a language that its mean is learnt from."""
_ADDRESSES = ("www.aide-mairie.example/dossier", "guichet.rapide@mairie-info.example")
NOT_A_WRITERS = frozenset({"quote of an earlier edition"})
"""Faults that a model cannot make: it names no edition."""


class WrittenCheck:
    """Holds a claim as if a model had written it: its JSON is read, ids and quotes are found."""

    def __init__(self, town: Town, nearness: Nearness | None) -> None:
        self._town = town
        self._nearness = nearness

    def __call__(self, claim: Claim, town: Town) -> tuple[str, ...]:
        """Return why the sentence would be dropped; nothing when it would be shown."""
        (sentence,) = self.judged(claim).sentences
        return () if sentence.dropped is None else (f"{sentence.dropped} {sentence.detail}",)

    def judged(self, claim: Claim) -> Judgement:
        """Return what becomes of an answer of this one sentence.

        Offered are the passages of the guide that the claim is about; a passage of another guide
        has an id too, but it was not given.
        """
        own, cited = claim.passage, claim.sentence.citation
        offered = opaque_ids(self._town.passages_of(own.guide_id, own.language), _TURN)
        names = {passage.id: id_ for id_, passage in offered.items()}
        source = {"id": names.get(cited.passage_id, cited.passage_id[:8]), "quote": cited.quote}
        said = {"text": claim.sentence.text, "sources": [source]}
        answer = read_answer(json.dumps({"coverage": "complete", "sentences": [said]}), offered)
        assert answer is not None
        held = {passage.id: passage for passage in offered.values()}
        rules = Rules(held, self._town.live, TODAY, self._nearness)
        return judge(answer, claim.language, rules)


def plant_written(claim: Claim, town: Town) -> Iterator[Planted]:
    """Yield faults of a writer: an address that no guide has, a quote under another guide's id."""
    for address in _ADDRESSES:
        text = f"{claim.sentence.text} {address}"
        sentence = replace(claim.sentence, text=text)
        yield Planted("invented address", "figure", replace(claim, sentence=sentence))
    others = (p for p in town.passages.values() if p.guide_id != claim.passage.guide_id)
    other = next(p for p in others if p.language == claim.passage.language)
    citation = replace(claim.sentence.citation, passage_id=other.id)
    sentence = replace(claim.sentence, citation=citation)
    yield Planted("swapped guide", "quote", replace(claim, sentence=sentence))


def learnt_nearness(town: Town, embedding: Embedding, seed: int) -> Nearness:
    """Return nearness with the means of some of the town's passages."""
    chance = random.Random(seed)
    texts: dict[str, list[str]] = {}
    for passage in town.passages.values():
        texts.setdefault(passage.language, []).append(passage.embedded_text)
    vectors = {
        language: embedding.embed_texts(chance.sample(own, min(_LEARNT, len(own))), "passage")
        for language, own in texts.items()
    }
    centring: Centring = learn_centring(embedding, vectors)
    return Nearness(embedding, lambda: centring)
