"""Trained additions: what the training model adds, the product adds too."""

from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from torch import Tensor

from civic_assistant.adaptation import LAYER_PARTS, load_adaptation, read_adaptation
from civic_assistant.errors import SourceError
from evals.training.low_rank import (
    SCALE,
    Encoder,
    packed_arrays,
    read_state,
    save_state,
    saved_state,
    trained_state,
)

RANK = 2
QUERY = "enc.encoder.layer.3.attention.self.query"
IDS = [[0, 5, 6, 7, 2], [0, 8, 2]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write a BERT of two small layers."""
    config = transformers.BertConfig(
        vocab_size=10,
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=8,
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def opened(folder: Path) -> Any:
    model: Any = transformers.BertModel.from_pretrained(folder)
    return model.eval()


def pair(name: str = QUERY) -> dict[str, Tensor]:
    return {f"{name}.A": torch.randn(RANK, 8), f"{name}.B": torch.randn(8, RANK)}


def test_the_scale_is_folded_into_the_second_factor() -> None:
    state = pair()
    arrays = packed_arrays(state)
    assert arrays.keys() == {"l3.q.A", "l3.q.B"}
    assert (arrays["l3.q.A"] == state[f"{QUERY}.A"].numpy()).all()
    assert (arrays["l3.q.B"] == SCALE * state[f"{QUERY}.B"].numpy()).all()


def test_means_keep_their_names() -> None:
    arrays = packed_arrays({"mean.fr": torch.ones(4)})
    assert arrays["mean.fr"].tolist() == [1, 1, 1, 1]


def test_an_addition_to_no_dense_part_is_refused() -> None:
    with pytest.raises(SourceError, match="no dense part"):
        packed_arrays(pair("encoder.layer.0.attention.output.LayerNorm"))


def test_half_an_addition_is_refused() -> None:
    with pytest.raises(SourceError, match=r"one half of \['l3.q'\]"):
        packed_arrays({f"{QUERY}.A": torch.ones(RANK, 8)})


def test_additions_begin_at_nothing(folder: Path) -> None:
    plain = opened(folder)
    states, mask = Encoder(folder, RANK)(IDS)
    expected = plain(input_ids=torch.tensor(IDS[:1])).last_hidden_state
    assert torch.allclose(states[:1], expected, atol=1e-5)
    assert mask.tolist() == [[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]


def test_only_additions_are_trained_and_kept(folder: Path) -> None:
    encoder = Encoder(folder, RANK)
    trained = {name for name, values in encoder.named_parameters() if values.requires_grad}
    assert trained == trained_state(encoder).keys()
    assert len(trained) == 2 * 2 * len(LAYER_PARTS)


def test_a_saved_adaptation_adds_what_the_training_model_added(
    folder: Path, tmp_path: Path
) -> None:
    encoder = Encoder(folder, RANK)
    for name, values in encoder.named_parameters():
        if name.endswith(".B"):
            torch.nn.init.normal_(values)
    torch.save(trained_state(encoder), tmp_path / "state.pt")
    save_state(read_state(tmp_path / "state.pt"), tmp_path / "adaptation.npz")
    adaptation = read_adaptation((tmp_path / "adaptation.npz").read_bytes())

    adapted = opened(folder)
    before = adapted(input_ids=torch.tensor(IDS[:1])).last_hidden_state
    for number, layer in enumerate(adapted.encoder.layer):
        for short, name in LAYER_PARTS.items():
            weight = layer.get_submodule(name).weight
            changed = adaptation.adapted(f"l{number}.{short}", weight.detach().numpy())
            weight.data = torch.from_numpy(changed)
    expected, _ = encoder(IDS[:1])
    states = adapted(input_ids=torch.tensor(IDS[:1])).last_hidden_state
    assert torch.allclose(states, expected, atol=0.02)  # half precision
    assert not torch.allclose(states, before, atol=0.2)


def test_the_shipped_adaptation_of_questions_reaches_every_dense_part() -> None:
    parts = load_adaptation().parts
    assert parts.keys() == {f"l{number}.{short}" for number in range(12) for short in LAYER_PARTS}
    assert {pair[0].shape[0] for pair in parts.values()} == {16}


def test_training_goes_on_from_what_was_saved(folder: Path, tmp_path: Path) -> None:
    encoder = Encoder(folder, RANK, first=1)
    with torch.no_grad():
        for values in encoder.parameters():
            if values.requires_grad:
                values.copy_(torch.randn(values.shape))
    before, _ = encoder(IDS)
    state = {f"encoder.{name}": values for name, values in trained_state(encoder).items()}
    save_state(state, tmp_path / "state.npz")
    again = torch.nn.ModuleDict({"encoder": Encoder(folder, RANK, first=1)})
    result = again.load_state_dict(saved_state(tmp_path / "state.npz"), strict=False)
    after, _ = again["encoder"](IDS)
    assert not result.unexpected_keys
    assert torch.allclose(before, after, atol=2e-2)
    assert not torch.allclose(before, Encoder(folder, RANK, first=1)(IDS)[0], atol=2e-2)
