"""The full mode: any sentence-transformers folder, in PyTorch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
import transformers
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

BATCH = 4
"""Texts that go through the network at once; more only add padding (measured: 16 is slower)."""
IDENTIFYING = ("*.safetensors", "*.bin", "tokenizer.json", "config*.json", "sentencepiece*.model")


class FullEmbedding(Embedding):
    """A sentence-transformers folder; its own ``query`` and ``passage`` prompts are used."""

    _model: SentenceTransformer = PrivateAttr()
    _threads: int = PrivateAttr()
    _tokenizing: Any = PrivateAttr()

    def __init__(self, folder: Path, threads: int) -> None:
        """Open ``folder``; long calls run ``threads`` batches side by side.

        PyTorch is set to one thread for the whole process: its own threads wait for each other,
        and on a busy machine a question would take a second.
        """
        torch.set_num_threads(1)
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": _number_type()}
        )
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
        self._tokenizing = Lock()

    def _unit_vectors(self, texts: list[str], role: Role) -> NDArray[np.float32]:
        prompt = prompt_for(self._model.prompts, role)
        vectors = np.empty((len(texts), self.dimensions), np.float32)

        def fill(batch: list[int]) -> None:
            with self._tokenizing:  # padding is a state of the tokenizer
                features = self._model.preprocess([prompt + texts[i] for i in batch])
            with torch.inference_mode():
                found = self._model(features)["sentence_embedding"].float()
                vectors[batch] = torch.nn.functional.normalize(found, dim=1).numpy()

        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        if self._threads == 1 or len(batches) <= BATCH:
            for batch in batches:
                fill(batch)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                for _ in pool.map(fill, batches):
                    pass  # raises what `fill` raised
        return vectors

    def _token_vectors(self, texts: list[str], role: Role) -> list[TokenVectors]:
        prefix = prompt_for(self._model.prompts, role)
        with self._tokenizing:
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
        with torch.inference_mode():
            states = self._model(dict(encoded))["token_embeddings"].float().numpy()
        return [
            tokens_of_text(text, prefix, offsets[i].numpy(), special[i].numpy(), states[i])
            for i, text in enumerate(texts)
        ]


def _number_type() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it: 2.3 times faster, cosine .99996."""
    abilities = torch.cpu.get_capabilities()
    fast = abilities.get("avx512_bf16") or abilities.get("amx_bf16")
    return torch.bfloat16 if fast else torch.float32
