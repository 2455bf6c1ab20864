"""What a message is: the embedding model once more, adapted to tell kinds of messages apart.

``evals.training.screening`` trained its low-rank additions and its head.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from civic_assistant.adaptation import MESSAGE, load_adaptation
from civic_assistant.light_model import MESSAGE_GRAPH
from civic_assistant.model_folder import light_folder
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.onnx_graph import Graph, open_graph, states_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from civic_assistant.settings import Settings

Kind = Literal[
    "question", "emergency", "distress", "personal_file", "complaint", "advice", "other_country",
    "off_topic", "opinion", "abuse", "injection", "person", "greeting", "thanks", "goodbye",
    "about", "gibberish",
]  # fmt: skip
Danger = Literal["emergency", "distress"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DANGERS: tuple[Danger, ...] = get_args(Danger)

THRESHOLDS = "screening.json"
MESSAGE_TOKENS = 256
"""What comes later in a message seldom says what it is."""
LENGTH = 8.0
"""The mean of a message's tokens is brought to this length before the head, as in training."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Intent:
    """The kind that a message has if it is no question, and whether it ``is_sure`` to be none.

    ``doubt`` is the probability that it is no question to look up. ``danger`` is what it comes
    near enough to be told whom to call, even when it is a question.
    """

    kind: Kind
    doubt: float
    is_sure: bool
    danger: Danger | None


@dataclass(frozen=True, slots=True)
class IntentModel:
    """The head and the thresholds.

    ``weights`` is (kinds, dimensions) and ``bias`` (kinds,), in the order of `KINDS`.
    ``thresholds`` is, by kind, the doubt from which a message that is likeliest of that kind is
    sure to be no question; ``near`` the probability of a danger from which it comes near.
    """

    weights: Vectors = field(repr=False)
    bias: Vectors = field(repr=False)
    thresholds: Mapping[Kind, float]
    near: float

    def probabilities(self, states: Vectors) -> Vectors:
        """Return the probability of each kind, (kinds,), from the last layer (tokens, …)."""
        mean = states.mean(axis=0)
        scores = self.weights @ (mean * (LENGTH / np.linalg.norm(mean))) + self.bias
        powers = np.exp(scores - scores.max())
        shares: Vectors = powers / powers.sum()
        return shares

    def intent(self, probabilities: Vectors) -> Intent:
        """Return the intent of one message's probabilities, (kinds,)."""
        kind = KINDS[1 + int(probabilities[1:].argmax())]
        doubt = 1 - float(probabilities[0])
        by_danger = {danger: float(probabilities[KINDS.index(danger)]) for danger in DANGERS}
        danger = max(DANGERS, key=lambda danger: by_danger[danger])
        return Intent(
            kind=kind,
            doubt=doubt,
            is_sure=doubt >= self.thresholds[kind],
            danger=danger if by_danger[danger] >= self.near else None,
        )


class Intents:
    """Reads messages; safe to use from several threads."""

    def __init__(
        self, graph: Graph, tokenizer: Tokenizer, model: IntentModel, version: str
    ) -> None:
        self.version = version
        self._graph = graph
        self._tokenizer = tokenizer
        self._model = model

    def intent(self, text: str) -> Intent:
        """Return what the message is."""
        states = states_of(self._graph, message_tokens(self._tokenizer, text))
        return self._model.intent(self._model.probabilities(states))


def message_tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    """Return the token ids of a message as it is read, with its special tokens."""
    composed = unicodedata.normalize("NFC", text)
    ids: list[int] = tokenizer.encode(f"query: {composed}").ids
    return ids if len(ids) <= MESSAGE_TOKENS else [*ids[: MESSAGE_TOKENS - 1], ids[-1]]


def open_intents(settings: Settings) -> Intents:
    """Open the model; it is the same whatever model embeds, and lies beside the light one.

    Raises:
        SettingsError: its folder is missing.
    """
    folder = light_folder(settings)
    adaptation = load_adaptation(MESSAGE)
    written = files("civic_assistant").joinpath("data", THRESHOLDS).read_bytes()
    found = json.loads(written)
    model = IntentModel(
        weights=adaptation.heads["head.weight"],
        bias=adaptation.heads["head.bias"],
        thresholds={kind: float(found["thresholds"][kind]) for kind in KINDS[1:]},
        near=float(found["near"]),
    )
    version = hashlib.sha256(adaptation.digest.encode() + written).hexdigest()[:12]
    return Intents(open_graph(folder / MESSAGE_GRAPH), open_tokenizer(folder), model, version)
