"""Reading a question and lines of a guide together: which lines answer, and whether they settle it.

A cross-encoder (Nogueira & Cho, https://arxiv.org/abs/1901.04085) of the embedding model's size
tells what two vectors cannot: that a passage treats the question's matter and leaves open what was
asked. ``evals.training.reader`` trained it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from civic_assistant.adaptation import PAIR, load_adaptation
from civic_assistant.light_model import PAIR_GRAPH
from civic_assistant.line_features import Vectors
from civic_assistant.model_folder import light_folder
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.onnx_graph import Graph, open_graph, states_of
from civic_assistant.pairs import QUESTION, Pair, pair_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from civic_assistant.settings import Settings

MATCH_SCALE = 4.0
"""What cosines are multiplied by before the heads see them, as in training."""


@dataclass(frozen=True, slots=True)
class Read:
    """Two sorts of probability.

    ``lines`` (lines read,) that a line belongs to the answer; ``settles`` that the lines settle
    the question. There are fewer lines than were given where they were too long to be read.
    """

    lines: Vectors = field(repr=False)
    settles: float


class Reader:
    """Reads pairs; safe to use from several threads."""

    def __init__(
        self,
        graph: Graph,
        tokenizer: Tokenizer,
        heads: Mapping[str, Vectors],
        version: str,
    ) -> None:
        self._graph = graph
        self._tokenizer = tokenizer
        self._heads = heads
        self.version = version

    def read(self, question: str, context: str, lines: Sequence[str]) -> Read:
        """Return what ``lines``, which stand under ``context``, are to a question."""
        pair = pair_of(self._tokenizer, question, context, lines)
        states = states_of(self._graph, pair.ids)
        return self.judge(states, pair)

    def judge(self, states: Vectors, pair: Pair) -> Read:
        """Return what the heads make of a pair's last layer, (tokens, dimensions).

        They see how well each of the question's tokens is matched (MaxSim), by a line and by all.
        """
        heads = self._heads
        turned = states @ heads["axes.weight"].T + heads["axes.bias"]
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
        is_asked, is_read = pair.owners == QUESTION, pair.owners >= 0
        cosines = turned[is_asked] @ turned.T
        asked = turned[is_asked].mean(axis=0)
        rows = [np.flatnonzero(pair.owners == number) for number in range(pair.lines)]
        matches = np.array([_matches(cosines, own) for own in rows])
        means = np.array([states[own].mean(axis=0) for own in rows])
        near = np.array([turned[own].mean(axis=0) for own in rows]) * asked
        features = np.concatenate([means, near, matches], axis=1)
        logits = features @ heads["line.weight"][0] + heads["line.bias"][0]
        everything = [
            states[is_asked].mean(axis=0),
            states[is_read].mean(axis=0),
            turned[is_read].mean(axis=0) * asked,
            matches.max(axis=0),
            _matches(cosines, np.flatnonzero(is_read)),
            [logits.max()],
        ]
        wide = np.tanh(heads["wide.weight"] @ np.concatenate(everything) + heads["wide.bias"])
        settles = heads["whole.weight"][0] @ wide + heads["whole.bias"][0]
        return Read(_probability(logits), float(_probability(settles)))


def open_reader(settings: Settings) -> Reader:
    """Open the reader; it is the same whatever model embeds, and lies beside the light one.

    Raises:
        SettingsError: its folder is missing.
    """
    folder = light_folder(settings)
    adaptation = load_adaptation(PAIR)
    graph = open_graph(folder / PAIR_GRAPH)
    return Reader(graph, open_tokenizer(folder), adaptation.heads, adaptation.digest)


def _matches(cosines: Vectors, columns: NDArray[np.intp]) -> Vectors:
    """Return mean and least MaxSim of the question's tokens (rows), and the mean of the part's."""
    own = cosines[:, columns]
    best = own.max(axis=1)
    found = [best.mean(), best.min(), own.max(axis=0).mean()]
    return np.array(found, np.float32) * np.float32(MATCH_SCALE)


def _probability(logits: Vectors) -> Vectors:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)
