"""What adapting the encoder to the domain changed: low-rank additions to its dense weights.

W becomes W + B·A with A (rank, inputs) and B (outputs, rank): LoRA, Hu et al., ICLR 2022,
https://arxiv.org/abs/2106.09685. ``evals/training`` made the files and measured what they bring.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from civic_assistant.packed_model import FILE_SHA256, Floats

QUESTION, PAIR = "adaptation-question.npz", "adaptation-pair.npz"
"""The additions that read questions, and those that read a question and a passage together."""
MESSAGE = "adaptation-message.npz"
"""Those that tell what kind of message it is."""
BASE = "base.txt"
MEAN = "mean."
LAYER_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
"""By its name in the packed model, the name of a BERT layer's dense part in transformers."""


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Low-rank additions by dense part (``l0.q`` … ``l11.fo``), for the weights of `FILE_SHA256`.

    ``question_means`` are what was subtracted from questions' vectors, by language, while the
    additions were trained: the means of the weights as they were. ``heads`` are small layers that
    were trained on top, as torch names their parts (``line.weight``).
    """

    digest: str
    parts: Mapping[str, tuple[Floats, Floats]] = field(repr=False)
    question_means: Mapping[str, Floats] = field(repr=False)
    heads: Mapping[str, Floats] = field(repr=False)

    def addition(self, part: str) -> Floats | None:
        """Return what is added to a dense part's weights (outputs, inputs), or None."""
        pair = self.parts.get(part)
        return None if pair is None else np.asarray(pair[1] @ pair[0], dtype=np.float32)

    def adapted(self, part: str, weights: Floats) -> Floats:
        """Return a dense part's weights with the addition; same shape."""
        addition = self.addition(part)
        return weights if addition is None else weights + addition


@lru_cache(maxsize=3)
def load_adaptation(name: str = QUESTION) -> Adaptation:
    """Read one of the shipped adaptations."""
    return read_adaptation(files("civic_assistant").joinpath("data", name).read_bytes())


def read_adaptation(written: bytes) -> Adaptation:
    """Return the adaptation in the bytes of a file that `save_adaptation` wrote."""
    with np.load(io.BytesIO(written)) as content:
        arrays = {key: content[key].astype(np.float32) for key in content.files}
    parts = {
        key.removesuffix(".A"): (values, arrays[f"{key.removesuffix('.A')}.B"])
        for key, values in arrays.items()
        if key.endswith(".A")
    }
    means = {k.removeprefix(MEAN): values for k, values in arrays.items() if k.startswith(MEAN)}
    heads = {k: v for k, v in arrays.items() if k.endswith((".weight", ".bias"))}
    return Adaptation(hashlib.sha256(written).hexdigest()[:12], parts, means, heads)


def save_adaptation(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Write ``<part>.A``, ``<part>.B``, ``mean.<language>`` and heads as half-precision numbers."""
    halves = {key: np.asarray(values, np.float16) for key, values in arrays.items()}
    np.savez_compressed(path, **halves)  # type: ignore[arg-type]


def write_base(folder: Path) -> None:
    """Note which weights and adaptations a model's folder was built from."""
    (folder / BASE).write_text(_base(), encoding="ascii")


def is_adaptable(folder: Path) -> bool:
    """Whether a model's folder holds the weights that the adaptation belongs to."""
    base = folder / BASE
    return base.is_file() and FILE_SHA256 in base.read_text(encoding="ascii").splitlines()


def is_current(folder: Path) -> bool:
    """Whether a model's folder was built from these weights and these adaptations."""
    base = folder / BASE
    return base.is_file() and base.read_text(encoding="ascii") == _base()


def _base() -> str:
    return "\n".join(
        [FILE_SHA256, *(load_adaptation(name).digest for name in (QUESTION, PAIR, MESSAGE)), ""]
    )
