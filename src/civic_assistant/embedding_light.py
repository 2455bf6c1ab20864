"""The light mode: onnxruntime in int8 arithmetic, without torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from pydantic import PrivateAttr
from tokenizers import Encoding

from civic_assistant.adaptation import load_adaptation
from civic_assistant.embedding import (
    LLAMA_BATCH,
    Embedding,
    Role,
    TextVectors,
    TokenVectors,
    identity_of,
    prompt_for,
    tokens_of_text,
)
from civic_assistant.light_model import GRAPH, QUESTION_GRAPH, WORDS
from civic_assistant.model_folder import LIGHT_SUFFIX
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.onnx_graph import open_graph, states_of

MANY_TEXTS = 4096
"""Texts whose tokens are held at once; bounds the memory of a long call."""
FEW_TEXTS = 16
"""Fewer are embedded in the calling thread: a question leaves the other cores to others."""


class LightEmbedding(Embedding):
    """A folder that `build_light_model` wrote."""

    _sessions: dict[Role, InferenceSession] = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _prompts: dict[str, str] = PrivateAttr()
    _threads: int = PrivateAttr()

    def __init__(self, folder: Path, threads: int) -> None:
        """Open ``folder``; long calls run ``threads`` texts side by side."""
        session = open_graph(folder / GRAPH)
        name = folder.name.removesuffix(LIGHT_SUFFIX)
        files = [folder / GRAPH, folder / WORDS, folder / "tokenizer.json"]
        super().__init__(
            model_name=name,
            embed_batch_size=LLAMA_BATCH,
            identity=identity_of(name, "light", files),
            dimensions=session.get_outputs()[0].shape[2],
        )
        self._sessions = {"passage": session, "question": open_graph(folder / QUESTION_GRAPH)}
        self._question_means = load_adaptation().question_means
        self._tokenizer = open_tokenizer(folder)
        prompts = (folder / "config_sentence_transformers.json").read_text(encoding="utf-8")
        self._prompts = json.loads(prompts)["prompts"]
        self._threads = threads

    def _read(self, texts: list[str], role: Role, *, is_by_token: bool) -> TextVectors:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        tokens: list[TokenVectors] = []
        for start in range(0, len(texts), MANY_TEXTS):
            part = texts[start : start + MANY_TEXTS]
            tokens += self._embed(part, role, vectors[start : start + len(part)], is_by_token)
        return TextVectors(vectors, tokens)

    def _embed(
        self, texts: list[str], role: Role, vectors: NDArray[np.float32], is_by_token: bool
    ) -> list[TokenVectors]:
        """Write the unit vectors of ``texts`` to ``vectors`` and return their tokens, if wanted."""
        prefix = prompt_for(self._prompts, role)
        encodings: list[Encoding] = self._tokenizer.encode_batch([prefix + t for t in texts])
        tokens: dict[int, TokenVectors] = {}

        def fill(position: int) -> None:
            encoding = encodings[position]
            states = states_of(self._sessions[role], encoding.ids)
            total = states.sum(axis=0)  # the mean's direction
            vectors[position] = total / np.linalg.norm(total)
            if is_by_token:
                tokens[position] = tokens_of_text(
                    texts[position], prefix, encoding.offsets, encoding.special_tokens_mask, states
                )

        # Longest first, so that no thread is left alone with a long text at the end.
        order = sorted(range(len(encodings)), key=lambda i: -len(encodings[i]))
        self._side_by_side(fill, order)
        return [tokens[position] for position in sorted(tokens)]

    def _side_by_side(self, work: Callable[[int], None], positions: Sequence[int]) -> None:
        if self._threads == 1 or len(positions) < FEW_TEXTS:
            for position in positions:
                work(position)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(work, positions):
                pass  # raises what `work` raised
