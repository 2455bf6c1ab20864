"""The trained reader: what the training model makes of a pair, the product makes of it too."""

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from civic_assistant.pairs import joined
from civic_assistant.reading import Reader
from evals.training.reader import ReaderNetwork
from evals.training.readings import load_readings

PAIRS = [
    joined([5, 6, 7], [8], [[9, 10], [11, 12, 13], [14]]),
    joined([15], [8, 9], [[5, 16, 17, 18, 5]]),
]


@pytest.fixture
def network(tmp_path: Path) -> ReaderNetwork:
    """Return heads on a small BERT with as many layers as the real one."""
    config = transformers.BertConfig(
        vocab_size=20,
        hidden_size=128,
        num_hidden_layers=12,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
    )
    torch.manual_seed(0)
    transformers.BertModel(config).save_pretrained(tmp_path / "model")
    return ReaderNetwork(tmp_path / "model", PAIRS * 16).eval()


def test_product_and_training_judge_a_pair_alike(network: ReaderNetwork) -> None:
    heads = {
        name: values.numpy()
        for name, values in network.state().items()
        if not name.startswith("encoder.")
    }
    reader = Reader(None, None, heads, "test")  # type: ignore[arg-type]
    with torch.no_grad():
        by_line, _, whole = network(PAIRS)
        for row, pair in enumerate(PAIRS):
            states, _ = network.encoder([pair.ids])
            read = reader.judge(states[0].float().numpy(), pair)
            expected = torch.sigmoid(by_line[row, : pair.lines]).numpy()
            np.testing.assert_allclose(read.lines, expected, atol=0.02)
            assert read.settles == pytest.approx(float(torch.sigmoid(whole[row])), abs=0.02)


def test_what_the_reader_learns_from_stands() -> None:
    readings = load_readings()
    asked = [question for reading in readings for question in reading.questions]
    assert len(asked) > 6000
    assert 0.4 < sum(not question.lines for question in asked) / len(asked) < 0.6
    assert len({question.language for question in asked}) == 12
