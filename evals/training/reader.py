"""Trains the reader: question and passage read together, line by line.

    python -m evals.training.reader --national FOLDER --cache FOLDER --omos FOLDER --out FILE

A cross-encoder (Nogueira & Cho, https://arxiv.org/abs/1901.04085) with unanswerable questions that
look answerable, as in SQuAD 2.0 (Rajpurkar et al., ACL 2018, https://aclanthology.org/P18-2124/).
The published encoder gets low-rank additions from layer `FIRST` on, and two heads: one for each
line, one for the whole.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from torch import Tensor, nn
from tqdm import tqdm

from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.pairs import QUESTION, Pair, joined, tokens_of
from civic_assistant.settings import load_settings
from evals.omos import read_omos
from evals.training.asked import AskedQuestion, standing_split
from evals.training.low_rank import Encoder, save_state
from evals.training.pair_lessons import Lesson, guide_lessons, page_lessons, reading_lessons
from evals.training.readings import load_readings
from evals.training.vectors import NationalPassages, open_national

RANK, FIRST = 32, 4
RATE, LEAST_RATE, WARM_SHARE = 5e-4, 0.03, 0.06
WEIGHT_DECAY = 0.05
BATCH_TOKENS = 4096
LENGTH_GROUP = 16
"""Batches that are sorted by length together, so that little is padded."""
WIDTH = 64
WHOLE_WEIGHT = 0.6
"""Of the loss: whether the lines settle the question; the rest is which of them do."""
POSITIVE_WEIGHT = 2.0
"""Of a line that answers, beside one that does not: they are one in six."""
HELD_OUT_GUIDES, HELD_OUT_READINGS, HELD_OUT_PAGES = 500, 10, 6
NEAREST = 60


@dataclass(frozen=True, slots=True)
class Written:
    """A lesson as tokens."""

    pair: Pair
    lesson: Lesson


class ReaderNetwork(nn.Module):
    """The encoder and its two heads."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = Encoder(folder, RANK, first=FIRST, kind=torch.bfloat16)
        size = self.encoder.model.config.hidden_size
        self.line = nn.Linear(size, 1)
        self.wide = nn.Linear(2 * size, WIDTH)
        self.whole = nn.Linear(WIDTH, 1)

    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits of lines (pairs, lines), which are there (…), and of pairs (pairs,)."""
        states, _ = self.encoder([pair.ids for pair in pairs])
        states = states.float()
        most = max(pair.lines for pair in pairs)
        owned = torch.zeros(len(pairs), most + 2, states.shape[1])
        for row, pair in enumerate(pairs):
            owners = torch.from_numpy(pair.owners).long()
            tokens = torch.arange(len(owners))
            real = owners >= 0
            owned[row, owners[real], tokens[real]] = 1
            owned[row, most, tokens[owners == QUESTION]] = 1
            owned[row, most + 1, tokens[real]] = 1
        counts = owned.sum(2, keepdim=True)
        means = (owned / counts.clamp(min=1)) @ states
        lines = self.line(means[:, :most])[..., 0]
        both = torch.cat([means[:, most], means[:, most + 1]], dim=1)
        whole = self.whole(torch.tanh(self.wide(both)))[:, 0]
        return lines, counts[:, :most, 0] > 0, whole

    def state(self) -> dict[str, Tensor]:
        """Return what was learnt."""
        return {n: v.detach() for n, v in self.named_parameters() if v.requires_grad}


def main() -> None:
    """Read, train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--national", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--cache", type=Path, required=True, help="folder of passages' vectors")
    parser.add_argument("--omos", type=Path, required=True, help="folder of OMoS-QA's files")
    parser.add_argument("--out", type=Path, required=True, help="the additions' file (.npz)")
    parser.add_argument("--limit", type=int, help="only so many lessons, to try it out")
    given = parser.parse_args()
    settings = load_settings(embedding="light")
    ensure_models(settings)
    national = open_national(given.national, open_embedding(settings), given.cache)
    folder = ensure_models(load_settings(embedding="full"))
    tokenizer = open_tokenizer(folder)
    learnt, apart = lessons(national, given.omos)
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    network = ReaderNetwork(folder)
    written = [w for w in write(learnt, tokenizer) if w.pair.lines]
    choice = random.Random(0)
    choice.shuffle(written)
    train(network, written[: given.limit])
    save_state(network.state(), given.out)
    report(network, {name: write(found, tokenizer) for name, found in apart.items()})


def lessons(
    national: NationalPassages, omos: Path
) -> tuple[list[Lesson], Mapping[str, list[Lesson]]]:
    """Return what to learn from, and by name what is held out of it."""
    choice = random.Random(0)
    split = standing_split(national.numbered)
    held_out = choice.sample(split.held_out, min(HELD_OUT_GUIDES, len(split.held_out)))
    readings = load_readings()
    pages = read_omos(omos, "train")
    contexts = sorted({page.context for page in pages if page.language == "de"})
    random.Random(1).shuffle(contexts)
    kept = set(contexts[: len(contexts) // HELD_OUT_PAGES])
    kept_ids = {page.id for page in pages if page.language == "de" and page.context in kept}
    apart = {
        "guides": [*_guides(held_out, national, choice)],
        "readings": [*reading_lessons(readings[::HELD_OUT_READINGS])],
        "pages": [*page_lessons([p for p in pages if p.id in kept_ids], choice)],
    }
    learnt = [
        *_guides(split.training, national, choice),
        *reading_lessons([r for n, r in enumerate(readings) if n % HELD_OUT_READINGS]),
        *page_lessons([p for p in pages if p.id not in kept_ids], choice),
    ]
    return learnt, apart


def _guides(
    asked: Sequence[AskedQuestion], national: NationalPassages, choice: random.Random
) -> Iterator[Lesson]:
    embedding = open_embedding(load_settings(embedding="light"))
    vectors = embedding.embed_texts([question.question for question in asked], "question")
    means = embedding.question_means
    centred = np.stack(
        [v - means.get(q.language, means["any"]) for v, q in zip(vectors, asked, strict=True)]
    )
    nearest: list[NDArray[np.intp]] = []
    for question, vector in zip(asked, centred, strict=True):
        cosines = national.vectors @ vector
        order = np.argsort(-cosines)[:NEAREST]
        own = np.array(national.by_guide[question.guide])
        rest = own[np.argsort(-cosines[own])]
        nearest.append(np.concatenate([order, rest[~np.isin(rest, order)]]))
    yield from guide_lessons(asked, [n.tolist() for n in nearest], national, choice)


def write(found: Sequence[Lesson], tokenizer: Tokenizer) -> list[Written]:
    """Return lessons as tokens."""
    texts = list(dict.fromkeys(text for lesson in found for text in _texts(lesson)))
    tokens = dict(zip(texts, tokens_of(tokenizer, texts), strict=True))
    return [
        Written(joined(*_parts([tokens[text] for text in _texts(lesson)])), lesson)
        for lesson in found
    ]


def _texts(lesson: Lesson) -> list[str]:
    return [f"query: {lesson.question}", f"passage: {lesson.context}", *lesson.lines]


def _parts(
    tokens: Sequence[list[int]],
) -> tuple[list[int], list[int], Sequence[list[int]]]:
    return tokens[0], tokens[1], tokens[2:]


def train(network: ReaderNetwork, written: Sequence[Written]) -> None:
    """Go once through the lessons."""
    trained = [values for values in network.parameters() if values.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=WEIGHT_DECAY)
    batches = _batches(written, random.Random(0))
    average = 0.0
    progress = tqdm(batches, desc="reader", mininterval=20)
    for step, batch in enumerate(progress):
        rate = min((step + 1) / (WARM_SHARE * len(batches)), 1.0)
        rate *= max(LEAST_RATE, 1 - step / len(batches))
        optimizer.param_groups[0]["lr"] = RATE * rate
        loss = _loss(network, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        average += (float(loss) - average) * max(0.02, 1 / (step + 1))
        progress.set_postfix(loss=f"{average:.3f}", refresh=False)


def _loss(network: ReaderNetwork, batch: Sequence[Written]) -> Tensor:
    lines, real, whole = network([one.pair for one in batch])
    answering = torch.zeros_like(lines)
    for row, one in enumerate(batch):
        places = [place for place in one.lesson.answering if place < one.pair.lines]
        answering[row, places] = 1
    settled = (answering.sum(1) > 0).float()
    weights = torch.tensor([one.lesson.weight for one in batch])
    entropy = nn.functional.binary_cross_entropy_with_logits
    by_line = entropy(
        lines, answering, reduction="none", pos_weight=torch.tensor(POSITIVE_WEIGHT)
    )
    by_line = (by_line * real).sum(1) / real.sum(1)
    by_pair = entropy(whole, settled, reduction="none")
    both = (1 - WHOLE_WEIGHT) * by_line + WHOLE_WEIGHT * by_pair
    return (both * weights).mean()


def _batches(written: Sequence[Written], choice: random.Random) -> list[list[Written]]:
    """Return batches of at most `BATCH_TOKENS`, in random order."""
    order = list(written)
    choice.shuffle(order)
    batches: list[list[Written]] = []
    group = LENGTH_GROUP * 32
    for start in range(0, len(order), group):
        batch: list[Written] = []
        for one in sorted(order[start : start + group], key=lambda w: len(w.pair.ids)):
            if batch and len(one.pair.ids) * (len(batch) + 1) > BATCH_TOKENS:
                batches.append(batch)
                batch = []
            batch.append(one)
        batches.append(batch)
    choice.shuffle(batches)
    return batches


@torch.no_grad()
def report(network: ReaderNetwork, apart: Mapping[str, Sequence[Written]]) -> None:
    """Print how well lines and pairs are told apart where nothing was learnt."""
    console = Console(width=110)
    for name, written in apart.items():
        whole: list[float] = []
        lines: list[float] = []
        answering: list[bool] = []
        settled: list[bool] = []
        for start in range(0, len(written), 16):
            batch = [one for one in written[start : start + 16] if one.pair.lines]
            by_line, _, by_pair = network([one.pair for one in batch])
            whole += by_pair.tolist()
            for row, one in enumerate(batch):
                lines += by_line[row, : one.pair.lines].tolist()
                places = range(one.pair.lines)
                answering += [place in one.lesson.answering for place in places]
                settled.append(any(answering[-one.pair.lines :]))
        console.print(
            f"{name}: {len(settled)} pairs, AUROC of lines {roc_auc_score(answering, lines):.3f}, "
            f"of whether they settle it {roc_auc_score(settled, whole):.3f}"
        )


if __name__ == "__main__":
    main()
