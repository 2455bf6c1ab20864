"""The full mode: any sentence-transformers folder, in PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer

from civic_assistant.embedding import (
    LLAMA_BATCH,
    Embedding,
    Role,
    TokenVectors,
    identity_of,
    prompt_for,
    tokens_of_text,
)

BATCH = 16
"""Texts that go through the network at once."""
IDENTIFYING = ("*.safetensors", "*.bin", "tokenizer.json", "config*.json", "sentencepiece*.model")


class FullEmbedding(Embedding):
    """A sentence-transformers folder; its own ``query`` and ``passage`` prompts are used."""

    _model: SentenceTransformer = PrivateAttr()
    _threads: int = PrivateAttr()

    def __init__(self, folder: Path, threads: int) -> None:
        """Open ``folder``; long calls use ``threads``."""
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        model.eval()
        paths = {path for pattern in IDENTIFYING for path in folder.glob(pattern)}
        super().__init__(
            model_name=folder.name,
            embed_batch_size=LLAMA_BATCH,
            identity=identity_of(folder.name, "full", paths),
            dimensions=int(model.get_embedding_dimension() or 0),
        )
        self._model = model
        self._threads = threads

    def _unit_vectors(self, texts: list[str], role: Role) -> NDArray[np.float32]:
        torch.set_num_threads(1 if len(texts) <= BATCH else self._threads)
        vectors = self._model.encode(
            texts,
            prompt=self._prompt(role),
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)

    def _token_vectors(self, texts: list[str], role: Role) -> list[TokenVectors]:
        prefix = self._prompt(role)
        encoded = self._model.tokenizer(
            [prefix + text for text in texts],
            padding=True,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_tensors="pt",
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        offsets = encoded.pop("offset_mapping")
        special = encoded.pop("special_tokens_mask")
        torch.set_num_threads(1)
        with torch.inference_mode():
            states = self._model(dict(encoded))["token_embeddings"].float().numpy()
        return [
            tokens_of_text(text, prefix, offsets[i].numpy(), special[i].numpy(), states[i])
            for i, text in enumerate(texts)
        ]

    def _prompt(self, role: Role) -> str:
        prompts: dict[str, Any] = self._model.prompts
        return prompt_for(prompts, role)
