"""The light mode: onnxruntime in int8 arithmetic, without torch."""

from __future__ import annotations

import json
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
from civic_assistant.model_tokenizer import PAD, PAD_ID

BATCH_TOKENS = 2048
"""Tokens, padding included, that go through the network at once."""
MANY_TEXTS = 4096
"""Texts whose tokens are held at once; bounds the memory of a long call."""


class LightEmbedding(Embedding):
    """A folder that `build_light_model` wrote."""

    _session: onnxruntime.InferenceSession = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _prompts: dict[str, str] = PrivateAttr()
    _threads: int = PrivateAttr()

    def __init__(self, folder: Path, threads: int) -> None:
        """Open ``folder``; long calls run ``threads`` batches side by side."""
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
        """Write the unit vectors of ``encodings`` to ``vectors``, texts of like length together."""

        def fill(batch: list[int]) -> None:
            states, mask = self._states([encodings[i] for i in batch])
            weights = mask[..., None].astype(np.float32)
            means = (states * weights).sum(axis=1)  # the length of a vector does not matter
            vectors[batch] = means / np.linalg.norm(means, axis=1, keepdims=True)

        batches = _batches([len(encoding) for encoding in encodings])
        if len(batches) == 1 or self._threads == 1:
            for batch in batches:
                fill(batch)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            list(pool.map(fill, batches))

    def _token_vectors(self, texts: list[str], role: Role) -> list[TokenVectors]:
        prefix = prompt_for(self._prompts, role)
        encodings = self._encode(texts, role)
        states, _ = self._states(encodings)
        return [
            tokens_of_text(
                text, prefix, encoding.offsets, encoding.special_tokens_mask, rows[: len(encoding)]
            )
            for text, encoding, rows in zip(texts, encodings, states, strict=True)
        ]

    def _encode(self, texts: list[str], role: Role) -> list[Encoding]:
        prefix = prompt_for(self._prompts, role)
        encodings: list[Encoding] = self._tokenizer.encode_batch([prefix + text for text in texts])
        return encodings

    def _states(self, encodings: list[Encoding]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Run one batch: the last layer, (texts, tokens, dimensions), and which tokens are real."""
        longest = max(map(len, encodings))
        ids = np.full((len(encodings), longest), PAD_ID, np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding)] = encoding.ids
            mask[row, : len(encoding)] = 1
        (states,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(states, np.float32), mask


def _open_session(graph: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    # One thread inside a run: batches side by side waste less than threads that wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _batches(lengths: list[int]) -> list[list[int]]:
    """Return positions in batches of like length, the longest first, each within `BATCH_TOKENS`."""
    batches: list[list[int]] = []
    longest = 0
    for position in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if not batches or (len(batches[-1]) + 1) * longest > BATCH_TOKENS:
            batches.append([])
            longest = lengths[position]
        batches[-1].append(position)
    return batches
