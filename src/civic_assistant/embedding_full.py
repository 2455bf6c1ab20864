"""The full mode: any sentence-transformers folder, in PyTorch."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
import transformers
from pydantic import PrivateAttr
from sentence_transformers import SentenceTransformer

from civic_assistant.adaptation import (
    LAYER_PARTS,
    Adaptation,
    is_adaptable,
    load_adaptation,
)
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

BATCH = 4
"""Texts that go through the network at once; more only add padding (measured: 16 is slower)."""
IDENTIFYING = ("*.safetensors", "*.bin", "tokenizer.json", "config*.json", "sentencepiece*.model")


class FullEmbedding(Embedding):
    """A sentence-transformers folder; its own ``query`` and ``passage`` prompts are used."""

    _models: dict[Role, SentenceTransformer] = PrivateAttr()
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
        self._models = {"passage": model, "question": model}
        if is_adaptable(folder):
            adaptation = load_adaptation()
            self._models["question"] = _adapted(model, adaptation)
            self._question_means = adaptation.question_means
        self._threads = threads
        self._tokenizing = Lock()

    def _read(self, texts: list[str], role: Role, *, is_by_token: bool) -> TextVectors:
        model = self._models[role]
        prompt = prompt_for(model.prompts, role)
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        tokens: dict[int, TokenVectors] = {}

        def fill(batch: list[int]) -> None:
            features, spans = self._tokenized([prompt + texts[i] for i in batch], role)
            with torch.inference_mode():
                found = model(features)
                whole = torch.nn.functional.normalize(found["sentence_embedding"].float(), dim=1)
                vectors[batch] = whole.numpy()
                if not is_by_token:
                    return
                states = found["token_embeddings"].float().numpy()
            for row, i in enumerate(batch):
                offsets, special = spans[row]
                tokens[i] = tokens_of_text(texts[i], prompt, offsets, special, states[row])

        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        if self._threads == 1 or len(batches) <= BATCH:
            for batch in batches:
                fill(batch)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                for _ in pool.map(fill, batches):
                    pass  # raises what `fill` raised
        return TextVectors(vectors, [tokens[i] for i in sorted(tokens)])

    def _tokenized(self, texts: list[str], role: Role) -> tuple[dict[str, Any], list[Any]]:
        """Return what the model takes, and each text's (token offsets, special tokens mask)."""
        model = self._models[role]
        with self._tokenizing:  # padding is a state of the tokenizer
            encoded = model.tokenizer(
                texts,
                padding=True,
                truncation=True,
                max_length=model.max_seq_length,
                return_tensors="pt",
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
        offsets = encoded.pop("offset_mapping").numpy()
        special = encoded.pop("special_tokens_mask").numpy()
        return dict(encoded), list(zip(offsets, special, strict=True))


def _adapted(model: SentenceTransformer, adaptation: Adaptation) -> SentenceTransformer:
    """Return the model with adapted layers; the word table stays shared."""
    encoder: Any = model[0]
    embeddings = encoder.auto_model.embeddings
    shared = {id(part): part for part in (embeddings, model.tokenizer)}
    adapted: SentenceTransformer = copy.deepcopy(model, shared)
    reading: Any = adapted[0]
    for number, layer in enumerate(reading.auto_model.encoder.layer):
        for short, name in LAYER_PARTS.items():
            addition = adaptation.addition(f"l{number}.{short}")
            if addition is not None:
                weight = layer.get_submodule(name).weight
                total = weight.data.float() + torch.from_numpy(addition)
                weight.data = total.to(weight.dtype)
    return adapted


def _number_type() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it: 2.3 times faster, cosine .99996."""
    abilities = torch.cpu.get_capabilities()
    fast = abilities.get("avx512_bf16") or abilities.get("amx_bf16")
    return torch.bfloat16 if fast else torch.float32
