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

from civic_assistant.adaptation import PAIR, load_adaptation
from civic_assistant.light_model import PAIR_GRAPH
from civic_assistant.line_features import Vectors
from civic_assistant.model_folder import light_folder
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.onnx_graph import open_graph, states_of
from civic_assistant.pairs import QUESTION, pair_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from civic_assistant.settings import Settings


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
        session: InferenceSession,
        tokenizer: Tokenizer,
        heads: Mapping[str, Vectors],
        version: str,
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._heads = heads
        self.version = version

    def read(self, question: str, context: str, lines: Sequence[str]) -> Read:
        """Return what ``lines``, which stand under ``context``, are to a question."""
        pair = pair_of(self._tokenizer, question, context, lines)
        states = states_of(self._session, pair.ids)
        means = np.empty((pair.lines, states.shape[1]), np.float32)
        for number in range(pair.lines):
            means[number] = states[pair.owners == number].mean(axis=0)
        heads = self._heads
        logits = means @ heads["line.weight"][0] + heads["line.bias"][0]
        asked = states[pair.owners == QUESTION].mean(axis=0)
        both = np.concatenate([asked, states[pair.owners >= 0].mean(axis=0)])
        wide = np.tanh(heads["wide.weight"] @ both + heads["wide.bias"])
        settles = heads["whole.weight"][0] @ wide + heads["whole.bias"][0]
        return Read(_probability(logits), float(_probability(settles)))


def open_reader(settings: Settings) -> Reader:
    """Open the reader; it is the same whatever model embeds, and lies beside the light one.

    Raises:
        SettingsError: its folder is missing.
    """
    folder = light_folder(settings)
    adaptation = load_adaptation(PAIR)
    session = open_graph(folder / PAIR_GRAPH)
    return Reader(session, open_tokenizer(folder), adaptation.heads, adaptation.digest)


def _probability(logits: Vectors) -> Vectors:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)
