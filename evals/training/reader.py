"""Trains the reader: question and passage read together, line by line.

    python -m evals.training.reader --national FOLDER --cache FOLDER --omos FOLDER --out FILE
        [--from FILE --draw N]

A cross-encoder (Nogueira & Cho, https://arxiv.org/abs/1901.04085) with unanswerable questions that
look answerable, as in SQuAD 2.0 (Rajpurkar et al., ACL 2018, https://aclanthology.org/P18-2124/).
The published encoder gets low-rank additions from layer `FIRST` on, and two heads: one for each
line, one for the whole. ``--from`` goes on from a file that was written before, more slowly, with
the ``--draw``-th share of the questions to national guides.
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

from civic_assistant.centring import ANY_LANGUAGE
from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.pairs import CONTEXT, QUESTION, Pair, joined, tokens_of
from civic_assistant.reading import MATCH_SCALE
from civic_assistant.settings import load_settings
from evals.omos import read_omos
from evals.training.asked import AskedQuestion, standing_split
from evals.training.chooser import split_pages
from evals.training.low_rank import Encoder, save_state, saved_state
from evals.training.pair_lessons import Lesson, guide_lessons, page_lessons, reading_lessons
from evals.training.readings import load_readings
from evals.training.vectors import NationalPassages, open_national

RANK, FIRST = 32, 4
RATE, HEAD_RATE, LEAST_RATE, WARM_SHARE = 7e-4, 3e-3, 0.03, 0.04
FURTHER_RATE = 0.5
"""Of the rates, when training goes on from an earlier file."""
WEIGHT_DECAY = 0.05
BATCH_TOKENS = 4096
LENGTH_GROUP = 16
"""Batches that are sorted by length together, so that little is padded."""
WIDTH = 64
AXES, MATCHES = 96, 3
WHOLE_WEIGHT = 0.6
"""Of the loss: whether the lines settle the question; the rest is which of them do."""
POSITIVE_WEIGHT = 2.0
"""Of a line that answers, beside one that does not: they are one in six."""
GUIDE_SHARE = 0.3
"""Of the questions to national guides, which are far more than the others."""
HELD_OUT_GUIDES, HELD_OUT_READINGS = 500, 10
NEAREST = 60
SAMPLE = 64
"""Pairs from whose tokens the axes begin."""


@dataclass(frozen=True, slots=True)
class Written:
    """A lesson as tokens."""

    pair: Pair
    lesson: Lesson


class ReaderNetwork(nn.Module):
    """The encoder and its two heads, which see how well each word of the question is matched.

    Late interaction (MaxSim, https://doi.org/10.1145/3397271.3401075) of the question's tokens
    with each line's, along `AXES` learnt axes, is what the heads begin with; ``sample`` are pairs
    whose tokens' main axes these axes are at first.
    """

    def __init__(self, folder: Path, sample: Sequence[Pair]) -> None:
        super().__init__()
        self.encoder = Encoder(folder, RANK, first=FIRST, kind=torch.bfloat16)
        size = self.encoder.model.config.hidden_size
        self.axes = nn.Linear(size, AXES)
        self.line = nn.Linear(size + AXES + MATCHES, 1)
        self.wide = nn.Linear(2 * size + AXES + 2 * MATCHES + 1, WIDTH)
        self.whole = nn.Linear(WIDTH, 1)
        self._begin(sample)

    @torch.no_grad()
    def _begin(self, sample: Sequence[Pair]) -> None:
        """Turn the axes to those along which the tokens of ``sample`` differ most."""
        states, mask = self.encoder([pair.ids for pair in sample])
        tokens = states.float()[mask.bool()]
        mean = tokens.mean(0)
        _, turned = torch.linalg.eigh((tokens - mean).T @ (tokens - mean))
        main = turned.T.flip(0)[:AXES]
        self.axes.weight.copy_(main)
        self.axes.bias.copy_(-main @ mean)

    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits of lines (pairs, lines), which are there (…), and of pairs (pairs,)."""
        states, _ = self.encoder([pair.ids for pair in pairs])
        states = states.float()
        owners = torch.full(states.shape[:2], CONTEXT)
        for row, pair in enumerate(pairs):
            owners[row, : len(pair.owners)] = torch.from_numpy(pair.owners).long()
        most = max(pair.lines for pair in pairs)
        owned = (owners[:, None] == torch.arange(most)[None, :, None]).float()
        asked = (owners == QUESTION).float()
        read = (owners >= 0).float()[:, None]
        turned = nn.functional.normalize(self.axes(states), dim=2)
        of_asked = _means(turned, asked[:, None])
        matches = _matches(turned, asked, owned)
        of_lines = [_means(states, owned), _means(turned, owned) * of_asked, matches]
        lines = self.line(torch.cat(of_lines, dim=2))[..., 0]
        is_line = owned.sum(2) > 0
        of_whole = [
            _means(states, asked[:, None])[:, 0],
            _means(states, read)[:, 0],
            (_means(turned, read) * of_asked)[:, 0],
            matches.masked_fill(~is_line[..., None], -MATCH_SCALE).amax(1),
            _matches(turned, asked, read)[:, 0],
            lines.masked_fill(~is_line, -9).amax(1, keepdim=True),
        ]
        wide = torch.tanh(self.wide(torch.cat(of_whole, dim=1)))
        return lines, is_line, self.whole(wide)[:, 0]

    def state(self) -> dict[str, Tensor]:
        """Return what was learnt."""
        return {n: v.detach() for n, v in self.named_parameters() if v.requires_grad}


def _means(states: Tensor, owned: Tensor) -> Tensor:
    """Return the mean state (pairs, parts, …) of the tokens that each part owns."""
    return (owned @ states) / owned.sum(2, keepdim=True).clamp(min=1)


def _matches(turned: Tensor, asked: Tensor, owned: Tensor) -> Tensor:
    """Return mean and least MaxSim of the question's tokens, and the mean of the part's tokens.

    (pairs, parts, `MATCHES`); unit ``turned`` (pairs, tokens, axes).
    """
    cosines = turned @ turned.transpose(1, 2)
    hidden = cosines.masked_fill(asked[:, :, None] == 0, -1)
    back = (hidden.amax(1)[:, None] * owned).sum(2) / owned.sum(2).clamp(min=1)
    found = []
    for part in range(owned.shape[1]):
        own = cosines.masked_fill(owned[:, part][:, None] == 0, -1).amax(2)
        mean = (own * asked).sum(1) / asked.sum(1)
        least = own.masked_fill(asked == 0, 2).amin(1)
        found.append(torch.stack([mean, least, back[:, part]], dim=1))
    return MATCH_SCALE * torch.stack(found, dim=1)


def main() -> None:
    """Read, train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--national", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--cache", type=Path, required=True, help="folder of passages' vectors")
    parser.add_argument("--omos", type=Path, required=True, help="folder of OMoS-QA's files")
    parser.add_argument("--out", type=Path, required=True, help="the additions' file (.npz)")
    parser.add_argument("--from", type=Path, dest="before", help="the file to go on from")
    parser.add_argument("--draw", type=int, default=0, help="which share of the guides' questions")
    given = parser.parse_args()
    settings = load_settings(embedding="light")
    ensure_models(settings)
    national = open_national(given.national, open_embedding(settings), given.cache)
    folder = ensure_models(load_settings(embedding="full"))
    tokenizer = open_tokenizer(folder)
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    written = write(lessons(national, given.omos, given.draw), tokenizer)
    network = ReaderNetwork(folder, [one.pair for one in written[:: len(written) // SAMPLE]])
    if given.before:
        network.load_state_dict(saved_state(given.before), strict=False)
    train(network, written, FURTHER_RATE if given.before else 1.0)
    save_state(network.state(), given.out)
    apart = held_out_lessons(national, given.omos)
    report(network, {name: write(found, tokenizer) for name, found in apart.items()})


def lessons(national: NationalPassages, omos: Path, draw: int) -> list[Lesson]:
    """Return what to learn from; no question to a guide is in two draws."""
    choice = random.Random(0)
    asked = standing_split(national.numbered).training
    share = int(GUIDE_SHARE * len(asked))
    asked = tuple(choice.sample(asked, len(asked)))[draw * share : (draw + 1) * share]
    choice = random.Random(draw)
    readings = [r for n, r in enumerate(load_readings()) if n % HELD_OUT_READINGS]
    pages, _ = split_pages(read_omos(omos, "train"))
    return [
        *_guides(asked, national, choice),
        *reading_lessons(readings),
        *page_lessons(pages, choice),
    ]


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


def train(network: ReaderNetwork, written: Sequence[Written], pace: float) -> None:
    """Go once through the lessons; ``pace`` multiplies every rate."""
    named = [(n, values) for n, values in network.named_parameters() if values.requires_grad]
    additions = [values for name, values in named if name.startswith("encoder.")]
    heads = [values for name, values in named if not name.startswith("encoder.")]
    groups = [{"params": additions}, {"params": heads}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=WEIGHT_DECAY)
    batches = _batches(written, random.Random(0))
    average = 0.7
    progress = tqdm(batches, desc="reader", mininterval=20)
    for step, batch in enumerate(progress):
        done = step / len(batches)
        share = pace * min((done + 0.002) / WARM_SHARE, 1.0) * max(LEAST_RATE, 1 - done)
        for group, rate in zip(optimizer.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * share
        loss = _loss(network, batch)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(additions, 1.0)
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
