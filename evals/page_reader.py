"""Choosing the answer's sentences on one page, with nothing published: the product's own scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from civic_assistant.guides import Passage
from civic_assistant.late import Interaction
from civic_assistant.passage_tokens import learn_token_basis
from civic_assistant.writing import NEAR, NEIGHBOURS
from ingest.passages import PASSAGE_WORDS, word_count

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding

FLOOR = 0.45
"""Late interaction under which a page does not answer; chosen on OMoS-QA's training questions."""
PAGES = 64
"""Pages from which the token basis is learnt, by their first characters."""
PAGE_CHARACTERS = 900


class LateReader:
    """Chooses sentences by late interaction, as the writer does; a `SentenceChooser`.

    ``pages`` are texts to learn the token basis from; ``name`` says in a run what chose.
    """

    name = "late interaction"

    def __init__(self, embedding: Embedding, pages: Sequence[str]) -> None:
        beginnings = [page[:PAGE_CHARACTERS] for page in pages[:PAGES]]
        self._embedding = embedding
        self._basis = learn_token_basis(embedding, beginnings)

    def __call__(self, question: str, language: str, sentences: Sequence[str]) -> list[int]:
        """Return the positions of the sentences that answer, none where the page does not."""
        scores = self.scores(question, language, sentences)
        best = scores.max(initial=-1.0)
        if best < FLOOR:
            return []
        return [int(place) for place in np.flatnonzero(scores >= best - NEAR)]

    def scores(
        self, question: str, language: str, sentences: Sequence[str]
    ) -> np.typing.NDArray[np.float64]:
        """Return each sentence's late interaction with the question, leaning on its neighbours."""
        windows = list(_windows(sentences, language))
        read = self._embedding.token_vectors([question], "question")[0]
        asked = self._basis.turned(read.vectors)
        texts = [passage.embedded_text for passage, _ in windows]
        interactions = {}
        for (passage, _), page in zip(
            windows, self._embedding.token_vectors(texts, "passage"), strict=True
        ):
            before = len(passage.embedded_text) - len(passage.text)
            tokens = self._basis.turned(page.vectors)
            interactions[passage.id] = Interaction(
                asked @ tokens.T, read.spans, page.spans - before, asked, tokens
            )
        own = np.array(
            [
                interactions[passage.id].score(start, end)
                for passage, spans in windows
                for start, end in spans
            ]
        )
        padded = np.pad(own, 1, mode="edge")
        beside = (padded[:-2] + padded[2:]) / 2
        return np.asarray((own + NEIGHBOURS * beside) / (1 + NEIGHBOURS), dtype=np.float64)


def _windows(
    sentences: Sequence[str], language: str
) -> Iterator[tuple[Passage, list[tuple[int, int]]]]:
    """Yield the page as passages of the usual length, each with its sentences' offsets."""
    window: list[str] = []
    for place, sentence in enumerate([*sentences, None]):
        full = sentence is None or (
            window and word_count("\n".join([*window, sentence])) > PASSAGE_WORDS
        )
        if full and window:
            yield _window(window, f"{place}", language, sentences[0])
            window = []
        if sentence is not None:
            window.append(sentence)


def _window(
    lines: Sequence[str], name: str, language: str, title: str
) -> tuple[Passage, list[tuple[int, int]]]:
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    spans = [(int(end) - len(line), int(end)) for line, end in zip(lines, ends, strict=True)]
    text = "\n".join(lines)
    passage = Passage(
        id=name, guide_id="page", language=language, section=0, start=0, end=len(text),
        text=text, context=title,
    )  # fmt: skip
    return passage, spans
