"""The encoder with low-rank additions that can be trained, and their way into the product.

Only the additions learn, the published weights stay: LoRA, Hu et al., ICLR 2022,
https://arxiv.org/abs/2106.09685.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from torch import Tensor, nn

from civic_assistant.adaptation import LAYER_PARTS, read_adaptation, save_adaptation
from civic_assistant.errors import SourceError

SCALE = 2.0
"""What the additions are multiplied by in training (the paper's alpha over rank)."""
PAD = 1
_ADDITION = re.compile(r"encoder\.layer\.(\d+)\.(.+)\.([AB])")
_SHORT = {name: short for short, name in LAYER_PARTS.items()}

State = Mapping[str, Tensor]
"""A torch state: names end in ``encoder.layer.<n>.<part>.A`` (rank, inputs), ``.B`` (outputs, rank)
or are a head's."""


class LowRank(nn.Module):
    """A dense part that stays as it is, plus ``SCALE * B @ A``, which begins at nothing."""

    def __init__(self, dense: nn.Linear, rank: int) -> None:
        super().__init__()
        self.dense = dense.requires_grad_(False)
        inputs, outputs = dense.in_features, dense.out_features
        self.A = nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
        self.B = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, states: Tensor) -> Tensor:
        """Return what the adapted part gives, (…, inputs) to (…, outputs)."""
        kind = states.dtype
        added = (states @ self.A.T.to(kind)) @ (self.B.T * SCALE).to(kind)
        changed: Tensor = self.dense(states) + added
        return changed


class Encoder(nn.Module):
    """The model in ``folder`` with additions of ``rank`` to the dense parts of its layers.

    Layers before ``first`` stay as they are, and training need not go back through them. ``kind``
    is the type of the numbers that do not learn; the additions are always float32.
    """

    def __init__(
        self, folder: Path, rank: int, *, first: int = 0, kind: torch.dtype = torch.float32
    ) -> None:
        super().__init__()
        self.model: Any = transformers.AutoModel.from_pretrained(
            folder,
            attn_implementation="sdpa",
            dtype=kind,
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=0.0,
        ).requires_grad_(False)
        self.model.pooler = None
        for layer in self.model.encoder.layer[first:]:
            for name in LAYER_PARTS.values():
                layer.set_submodule(name, LowRank(layer.get_submodule(name), rank))

    def forward(self, texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        """Return the last layer (texts, tokens, dimensions) and where tokens are (texts, tokens).

        ``texts`` are token ids with their special tokens.
        """
        ids = torch.full((len(texts), max(map(len, texts))), PAD)
        mask = torch.zeros_like(ids)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = torch.tensor(text)
            mask[row, : len(text)] = 1
        return self.model(input_ids=ids, attention_mask=mask).last_hidden_state, mask


def trained_state(module: nn.Module) -> dict[str, Tensor]:
    """Return a module's additions, without the weights that stayed."""
    return {name: v for name, v in module.state_dict().items() if _ADDITION.search(name)}


def packed_arrays(state: State) -> dict[str, NDArray[np.float32]]:
    """Return a trained state by the packed model's names, with `SCALE` folded into each B.

    What is no addition is a mean, and keeps its name.

    Raises:
        SourceError: an addition is to no dense part, or lacks its other half.
    """
    arrays: dict[str, NDArray[np.float32]] = {}
    for name, values in state.items():
        numbers = values.detach().float().numpy()
        found = _ADDITION.search(name)
        if found is None:
            arrays[name] = numbers
            continue
        layer, part, half = found.groups()
        if part not in _SHORT:
            raise SourceError(f"the trained state adds to {name!r}, which is no dense part")
        folded = numbers * np.float32(SCALE) if half == "B" else numbers
        arrays[f"l{layer}.{_SHORT[part]}.{half}"] = folded
    halves = [{n[:-2] for n in arrays if n.endswith(end)} for end in (".A", ".B")]
    if lone := halves[0] ^ halves[1]:
        raise SourceError(f"the trained state has only one half of {sorted(lone)}")
    return arrays


def save_state(state: State, out: Path) -> None:
    """Write a trained state as an adaptation that the product reads."""
    save_adaptation(out, packed_arrays(state))


def saved_state(path: Path) -> dict[str, Tensor]:
    """Return the state that `save_state` wrote, its numbers in half precision since."""
    found = read_adaptation(path.read_bytes())
    state = {name: torch.from_numpy(values) for name, values in found.heads.items()}
    for name, (a, b) in found.parts.items():
        layer, part = name.removeprefix("l").split(".")
        whole = f"encoder.model.encoder.layer.{layer}.{LAYER_PARTS[part]}"
        state |= {f"{whole}.A": torch.from_numpy(a), f"{whole}.B": torch.from_numpy(b / SCALE)}
    return state


def read_state(path: Path) -> dict[str, Tensor]:
    """Read a state that ``torch.save`` wrote."""
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
