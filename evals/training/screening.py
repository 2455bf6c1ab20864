"""Trains what tells kinds of messages: questions to look up, own files, danger, small talk, orders.

    python -m evals.training.screening --out FOLDER

The published encoder gets low-rank additions from layer `FIRST` on; the mean of its tokens goes
through one linear layer (fine-tuning for classification, Devlin et al., NAACL 2019,
https://aclanthology.org/N19-1423/). It learns from ``screening.jsonl`` and, as questions, from
``questions.jsonl``; not from the tuning questions, on which the gate learns what a doubt is worth.

A quarter of the texts is left out, of which neither a family of messages, whatever the language,
nor a guide's questions stand on both sides. The figures and the thresholds are read off that
quarter, as the product's int8 graph sees it: each kind may take its share of the ordinary questions
and no more. What is shipped learnt without it, so that the thresholds are its own.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from sklearn.model_selection import GroupKFold
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from civic_assistant.adaptation import MESSAGE, Adaptation, read_adaptation
from civic_assistant.intents import KINDS, LENGTH, THRESHOLDS, IntentModel, Kind, message_tokens
from civic_assistant.light_model import MESSAGE_GRAPH, build_graph
from civic_assistant.model_folder import build_full_model, model_folder
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.onnx_graph import open_graph, states_of
from civic_assistant.settings import load_settings
from evals.training.low_rank import Encoder, save_state
from evals.training.message_lessons import Lesson, read_lessons
from evals.training.message_report import near_of, print_report, thresholds_of

RANK, FIRST = 16, 4
PASSES = 3
RATE, HEAD_RATE, LEAST_RATE, WARM_SHARE = 8e-4, 3e-3, 0.03, 0.06
WEIGHT_DECAY, DROPPED, SMOOTHED = 0.05, 0.1, 0.02
BATCH_TOKENS, BATCH_TEXTS = 4096, 64
LENGTH_GROUP = 2048
"""Texts that are sorted by length together, so that little is padded."""
FOLDS = 4
SAMPLE = 200
"""Texts whose mean the head begins at."""

Floats = NDArray[np.float32]


class MessageNetwork(nn.Module):
    """The encoder and its head, which begins at the mean of ``sample``."""

    def __init__(self, folder: Path, sample: Sequence[Sequence[int]]) -> None:
        super().__init__()
        self.encoder = Encoder(folder, RANK, first=FIRST, kind=torch.bfloat16)
        self.head = nn.Linear(self.encoder.model.config.hidden_size, len(KINDS))
        self.dropping = nn.Dropout(DROPPED)
        with torch.no_grad():
            self.head.bias.copy_(-self.head.weight @ self._means(sample).mean(0))

    def forward(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Return the kinds' scores (texts, kinds)."""
        scores: Tensor = self.head(self.dropping(self._means(texts)))
        return scores

    def state(self) -> dict[str, Tensor]:
        """Return what was learnt."""
        return {n: v.detach() for n, v in self.named_parameters() if v.requires_grad}

    def _means(self, texts: Sequence[Sequence[int]]) -> Tensor:
        states, mask = self.encoder(texts)
        there = mask.float()[..., None]
        means = (states.float() * there).sum(1) / there.sum(1)
        return nn.functional.normalize(means, dim=1) * LENGTH


def main() -> None:
    """Train without a quarter, measure on it, write both files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="folder of the files written")
    given = parser.parse_args()
    settings = load_settings(embedding="full")
    folder = model_folder(settings)
    build_full_model(folder)
    tokenizer = open_tokenizer(folder)
    torch.set_num_threads(settings.threads)
    lessons = list(read_lessons())
    texts = [message_tokens(tokenizer, lesson.text) for lesson in lessons]
    kinds = np.array([KINDS.index(lesson.kind) for lesson in lessons])
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    learnt, apart = next(folds.split(kinds, groups=[lesson.matter for lesson in lessons]))
    network = train(folder, texts, kinds, learnt)
    save_state(network.state(), given.out / MESSAGE)
    measure(given.out, [lessons[place] for place in apart], tokenizer)


def train(
    folder: Path, texts: Sequence[list[int]], kinds: NDArray[np.int64], learnt: NDArray[np.int64]
) -> MessageNetwork:
    """Return a network that went `PASSES` times through the texts at the places ``learnt``."""
    torch.manual_seed(0)
    choice = random.Random(0)
    network = MessageNetwork(folder, [texts[place] for place in learnt[:: len(learnt) // SAMPLE]])
    named = [(n, values) for n, values in network.named_parameters() if values.requires_grad]
    additions = [values for name, values in named if name.startswith("encoder.")]
    heads = [values for name, values in named if not name.startswith("encoder.")]
    groups = [{"params": additions}, {"params": heads}]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    answers = torch.from_numpy(kinds)
    batches = [batch for _ in range(PASSES) for batch in _batches(texts, learnt, choice)]
    progress = tqdm(batches, desc="messages", mininterval=20)
    for step, batch in enumerate(progress):
        done = step / len(batches)
        share = min((done + 0.002) / WARM_SHARE, 1.0) * max(LEAST_RATE, 1 - done)
        for group, rate in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * share
        scores = network([texts[place] for place in batch])
        loss = nn.functional.cross_entropy(scores, answers[batch], label_smoothing=SMOOTHED)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(additions, 1.0)
        optimizer.step()
    return network.eval()


def _batches(
    texts: Sequence[list[int]], places: NDArray[np.int64], choice: random.Random
) -> list[list[int]]:
    """Return the places in batches of bounded size, in random order."""
    order = places.tolist()
    choice.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), LENGTH_GROUP):
        batch: list[int] = []
        for place in sorted(order[start : start + LENGTH_GROUP], key=lambda p: len(texts[p])):
            is_full = len(batch) == BATCH_TEXTS
            if is_full or len(texts[place]) * (len(batch) + 1) > BATCH_TOKENS:
                batches.append(batch)
                batch = []
            batch.append(place)
        batches.append(batch)
    choice.shuffle(batches)
    return batches


def measure(out: Path, held_out: Sequence[Lesson], tokenizer: Tokenizer) -> None:
    """Write the thresholds that the product's graph needs, and print what it then does."""
    adaptation = read_adaptation((out / MESSAGE).read_bytes())
    with tempfile.TemporaryDirectory() as temporary:
        built = Path(temporary) / "light"
        build_graph(adaptation, built)
        shares = _shares(built, adaptation, held_out, tokenizer)
    thresholds, near = thresholds_of(shares, held_out), near_of(shares, held_out)
    written = {"thresholds": thresholds, "near": round(near, 4)}
    (out / THRESHOLDS).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    model = _model(adaptation, thresholds, near)
    print_report(shares, held_out, model, Console(width=120))


def _model(adaptation: Adaptation, thresholds: Mapping[Kind, float], near: float) -> IntentModel:
    heads = adaptation.heads
    return IntentModel(heads["head.weight"], heads["head.bias"], thresholds, near)


def _shares(
    folder: Path, adaptation: Adaptation, lessons: Sequence[Lesson], tokenizer: Tokenizer
) -> Floats:
    graph = open_graph(folder / MESSAGE_GRAPH)
    model = _model(adaptation, {}, 1.0)
    tokens = (message_tokens(tokenizer, lesson.text) for lesson in lessons)
    return np.stack([model.probabilities(states_of(graph, ids)) for ids in tokens])


if __name__ == "__main__":
    main()
