"""Which lines of a guide answer a question, and whether any does: a small learnt network.

A line's features are widened, lean on two neighbours at either side (one convolution) and become a
probability; the best and the mean of all lines' features become the probability that the text
answers. Learnt on OMoS-QA's training pages (https://aclanthology.org/2024.konvens-main.25/) and on
questions written for national guides: ``evals/training``.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np

from civic_assistant.line_features import AskedTokens, LineTokens, Vectors, line_features

DATA = "chooser.npz"
_BESIDE = 2


@dataclass(frozen=True, slots=True)
class Choice:
    """Two sorts of probability.

    ``lines`` (lines,) that a line belongs to the answer, ``answers`` that the text answers at all.
    """

    lines: Vectors = field(repr=False)
    answers: float


NO_CHOICE = Choice(np.empty(0, np.float32), 0.0)


class Chooser:
    """The learnt network; several are averaged (``w0.…``, ``w1.…`` in the file)."""

    def __init__(self, weights: Sequence[Mapping[str, Vectors]], version: str) -> None:
        self._weights = weights
        self.version = version

    def choose(
        self, asked: AskedTokens, lines: Sequence[LineTokens], *, is_whole_page: bool = False
    ) -> Choice:
        """Return what each line, in the guide's order, is to the question.

        ``lines`` are those of a guide's nearest passages, or a whole page, most of which may
        answer: the two differ in how much of them does.
        """
        if not lines:
            return NO_CHOICE
        kind = np.full((len(lines), 1), float(is_whole_page), np.float32)
        return self.choose_features(np.concatenate([line_features(asked, lines), kind], axis=1))

    def choose_features(self, features: Vectors) -> Choice:
        """Return the same from (lines, `FEATURES` + 1): the last says that it is a whole page."""
        choices = [_forward(weights, features) for weights in self._weights]
        return Choice(
            np.mean([lines for lines, _ in choices], axis=0),
            float(np.mean([answers for _, answers in choices])),
        )


def _forward(weights: Mapping[str, Vectors], features: Vectors) -> tuple[Vectors, float]:
    scaled = (features - weights["mu"]) / weights["sd"]
    wide = np.maximum(scaled @ weights["f.weight"].T + weights["f.bias"], 0)
    padded = np.pad(wide, ((_BESIDE, _BESIDE), (0, 0)))
    kernel = weights["c1.weight"]  # outputs, inputs, five places
    beside = sum(
        padded[place : place + len(wide)] @ kernel[:, :, place].T
        for place in range(2 * _BESIDE + 1)
    )
    leaning = wide + np.maximum(beside + weights["c1.bias"], 0)
    lines = leaning @ weights["o.weight"][0] + weights["o.bias"][0]
    whole = np.concatenate([scaled.max(axis=0), scaled.mean(axis=0)])
    answers = whole @ weights["a.weight"][0] + weights["a.bias"][0]
    return np.asarray(_probability(lines), np.float32), float(_probability(answers))


def _probability(logits: Vectors) -> Vectors:
    return np.asarray(1.0 / (1.0 + np.exp(-logits)))


@lru_cache(maxsize=1)
def load_chooser() -> Chooser:
    """Read the shipped network."""
    written = files("civic_assistant").joinpath("data", DATA).read_bytes()
    with np.load(io.BytesIO(written)) as content:
        arrays = {key: content[key].astype(np.float32) for key in content.files}
    numbers = sorted({key.split(".", 1)[0] for key in arrays})
    weights = [
        {k.split(".", 1)[1]: v for k, v in arrays.items() if k.split(".", 1)[0] == number}
        for number in numbers
    ]
    return Chooser(weights, hashlib.sha256(written).hexdigest()[:12])
