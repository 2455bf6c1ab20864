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
from collections.abc import Iterable, Iterator, Mapping, Sequence
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

from civic_assistant.centring import ANY_LANGUAGE
from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.pairs import QUESTION, Pair, joined, tokens_of
from civic_assistant.settings import load_settings
from evals.omos import read_omos
from evals.training.asked import AskedQuestion, standing_split
from evals.training.chooser import split_pages
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
HELD_OUT_GUIDES, HELD_OUT_READINGS = 500, 10
PARTS, FIRST_SHARE = 2, 0.55
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
    given = parser.parse_args()
    settings = load_settings(embedding="light")
    ensure_models(settings)
    national = open_national(given.national, open_embedding(settings), given.cache)
    folder = ensure_models(load_settings(embedding="full"))
    tokenizer = open_tokenizer(folder)
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    network = ReaderNetwork(folder)
    train(network, (write(part, tokenizer) for part in lessons(national, given.omos)))
    save_state(network.state(), given.out)
    apart = held_out_lessons(national, given.omos)
    report(network, {name: write(found, tokenizer) for name, found in apart.items()})


def lessons(national: NationalPassages, omos: Path) -> Iterator[list[Lesson]]:
    """Yield what to learn from, in `PARTS`: guides, then guides with readings and pages."""
    choice = random.Random(0)
    guides = [*_guides(standing_split(national.numbered).training, national, choice)]
    choice.shuffle(guides)
    first = int(FIRST_SHARE * len(guides))
    yield guides[:first]
    readings = [r for n, r in enumerate(load_readings()) if n % HELD_OUT_READINGS]
    pages, _ = split_pages(read_omos(omos, "train"))
    yield [*guides[first:], *reading_lessons(readings), *page_lessons(pages, choice)]


def held_out_lessons(national: NationalPassages, omos: Path) -> Mapping[str, list[Lesson]]:
    """Return by source what nothing is learnt from."""
    choice = random.Random(0)
    held_out = standing_split(national.numbered).held_out
    _, pages = split_pages(read_omos(omos, "train"))
    return {
        "guides": [*_guides(choice.sample(held_out, HELD_OUT_GUIDES), national, choice)],
        "readings": [*reading_lessons(load_readings()[::HELD_OUT_READINGS])],
        "pages": [*page_lessons(pages, choice)],
    }


def _guides(
    asked: Sequence[AskedQuestion], national: NationalPassages, choice: random.Random
) -> Iterator[Lesson]:
    embedding = open_embedding(load_settings(embedding="light"))
    vectors = embedding.embed_texts([question.question for question in asked], "question")
    means = embedding.question_means
    centred = np.stack(
        [
            v - means.get(q.language, means[ANY_LANGUAGE])
            for v, q in zip(vectors, asked, strict=True)
        ]
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
    written = [
        Written(joined(*_parts([tokens[text] for text in _texts(lesson)])), lesson)
        for lesson in found
    ]
    return [one for one in written if one.pair.lines]


def _texts(lesson: Lesson) -> list[str]:
    return [f"query: {lesson.question}", f"passage: {lesson.context}", *lesson.lines]


def _parts(
    tokens: Sequence[list[int]],
) -> tuple[list[int], list[int], Sequence[list[int]]]:
    return tokens[0], tokens[1], tokens[2:]


def train(network: ReaderNetwork, parts: Iterable[Sequence[Written]]) -> None:
    """Go once through the lessons, part by part."""
    trained = [values for values in network.parameters() if values.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=WEIGHT_DECAY)
    average = 0.0
    for number, part in enumerate(parts):
        batches = _batches(part, random.Random(number))
        progress = tqdm(batches, desc=f"part {number + 1}", mininterval=20)
        for step, batch in enumerate(progress):
            done = (number + step / len(batches)) / PARTS
            rate = min((done + 0.002) / WARM_SHARE, 1.0) * max(LEAST_RATE, 1 - done)
            optimizer.param_groups[0]["lr"] = RATE * rate
            loss = _loss(network, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            average += (float(loss.detach()) - average) * 0.02
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
    by_line = entropy(lines, answering, reduction="none", pos_weight=torch.tensor(POSITIVE_WEIGHT))
    by_line = (by_line * real).sum(1) / real.sum(1)
    by_pair = entropy(whole, settled, reduction="none")
    both = (1 - WHOLE_WEIGHT) * by_line + WHOLE_WEIGHT * by_pair
    loss: Tensor = (both * weights).mean()
    return loss


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
            batch = written[start : start + 16]
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
