"""The light mode: onnxruntime in int8 arithmetic, without torch."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pydantic import PrivateAttr
from tokenizers import Encoding, Tokenizer

from civic_assistant.embedding import (
    LLAMA_BATCH,
    Embedding,
    Role,
    TokenVectors,
    identity_of,
    prompt_for,
    tokens_of_text,
)
from civic_assistant.light_model import GRAPH, WEIGHTS
from civic_assistant.model_folder import LIGHT_SUFFIX

MANY_TEXTS = 4096
"""Texts whose tokens are held at once; bounds the memory of a long call."""
FEW_TEXTS = 16
"""Fewer are embedded in the calling thread: a question leaves the other cores to others."""
SLOW_FUSION = "SkipLayerNormFusion"
"""Its kernel handles one number at a time: 22 % of a run, the two nodes it replaces 6 %."""


class LightEmbedding(Embedding):
    """A folder that `build_light_model` wrote."""

    _session: onnxruntime.InferenceSession = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _prompts: dict[str, str] = PrivateAttr()
    _threads: int = PrivateAttr()

    def __init__(self, folder: Path, threads: int) -> None:
        """Open ``folder``; long calls run ``threads`` texts side by side."""
        session = _open_session(folder / GRAPH)
        name = folder.name.removesuffix(LIGHT_SUFFIX)
        files = [folder / GRAPH, folder / WEIGHTS, folder / "tokenizer.json"]
        super().__init__(
            model_name=name,
            embed_batch_size=LLAMA_BATCH,
            identity=identity_of(name, "light", files),
            dimensions=session.get_outputs()[0].shape[2],
        )
        self._session = session
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        limits = json.loads((folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        self._tokenizer.enable_truncation(limits["max_seq_length"])
        prompts = (folder / "config_sentence_transformers.json").read_text(encoding="utf-8")
        self._prompts = json.loads(prompts)["prompts"]
        self._threads = threads

    def _unit_vectors(self, texts: list[str], role: Role) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), MANY_TEXTS):
            part = texts[start : start + MANY_TEXTS]
            self._embed(self._encode(part, role), vectors[start : start + len(part)])
        return vectors

    def _embed(self, encodings: list[Encoding], vectors: NDArray[np.float32]) -> None:
        """Write the unit vectors of ``encodings`` to ``vectors``."""

        def fill(position: int) -> None:
            total = self._states(encodings[position]).sum(axis=0)  # the mean's direction
            vectors[position] = total / np.linalg.norm(total)

        # Longest first, so that no thread is left alone with a long text at the end.
        order = sorted(range(len(encodings)), key=lambda i: -len(encodings[i]))
        self._side_by_side(fill, order)

    def _side_by_side(self, work: Callable[[int], None], positions: Sequence[int]) -> None:
        if self._threads == 1 or len(positions) < FEW_TEXTS:
            for position in positions:
                work(position)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            for _ in pool.map(work, positions):
                pass  # raises what `work` raised

    def _token_vectors(self, texts: list[str], role: Role) -> list[TokenVectors]:
        prefix = prompt_for(self._prompts, role)
        return [
            tokens_of_text(
                text, prefix, encoding.offsets, encoding.special_tokens_mask, self._states(encoding)
            )
            for text, encoding in zip(texts, self._encode(texts, role), strict=True)
        ]

    def _encode(self, texts: list[str], role: Role) -> list[Encoding]:
        prefix = prompt_for(self._prompts, role)
        encodings: list[Encoding] = self._tokenizer.encode_batch([prefix + text for text in texts])
        return encodings

    def _states(self, encoding: Encoding) -> NDArray[np.float32]:
        """Return the last layer for one text, (tokens, dimensions)."""
        (states,) = self._session.run(None, {"input_ids": np.array([encoding.ids], np.int64)})
        one: NDArray[np.float32] = np.asarray(states, np.float32)[0]
        return one


def _open_session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread inside a run: texts side by side waste less than threads that wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(graph),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=[SLOW_FUSION],
    )
