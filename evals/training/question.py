"""Trains the encoder to put a question nearest the passages that answer it.

    python -m evals.training.question --national FOLDER --cache FOLDER --out FILE

Only the question's side learns, so that nothing published is embedded again: two encoders that
meet in one space as in DPR (Karpukhin et al., EMNLP 2020, https://arxiv.org/abs/2004.04906), with
every passage of every guide as a negative where ANCE (Xiong et al., ICLR 2021,
https://arxiv.org/abs/2007.00808) searches for the hardest. Prints what held-out guides gain, with
the questions' means that training kept and with those that the trained encoder gives anew.
``--from-state`` writes a state that torch saved, and trains nothing.
"""

from __future__ import annotations

import argparse
import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from torch import Tensor, nn
from tqdm import tqdm

from civic_assistant.adaptation import MEAN
from civic_assistant.centring import ANY_LANGUAGE, generic_questions
from civic_assistant.embedding import open_embedding
from civic_assistant.glossary import load_glossary, official_terms
from civic_assistant.model_folder import PROMPTS, ensure_models
from civic_assistant.model_tokenizer import open_tokenizer
from civic_assistant.settings import load_settings
from evals.training.asked import AskedQuestion, standing_split
from evals.training.low_rank import Encoder, read_state, save_state, trained_state
from evals.training.ranks import Ranks, guide_ranks, ranks_table
from evals.training.vectors import NationalPassages, open_national

RANK = 16
BATCH = 32
RATE = 6e-4
PASSES = 2
SIZE = 0.75
"""Of the additions, as they are written: whole ones are learnt on national guides so well that a
town's lose (right guide first .697 instead of .747 of 636 questions; national .367 and .379)."""
WARM_SHARE, LEAST_RATE = 0.1, 0.03
"""The rate rises over the first tenth of the steps, then falls to this share of itself."""
WEIGHT_DECAY = 0.05
TEMPERATURE = 0.04
ANSWERING_WEIGHT = 0.6
"""Of the loss: the passages that answer; the rest is for the other passages of their guide."""
EXPANDED_SHARE = 0.5
THINNED_SHARE, DROPPED_WORDS = 0.5, 0.15
"""Questions that lose words, and the words that they lose."""
LENGTH_GROUP = 8
"""Batches that are sorted by length together, so that little is padded."""
HELD_OUT = 420
"""Held-out questions asked before and after."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, as written and with the official terms, and the places that answer it."""

    asked: AskedQuestion
    expanded: str
    answering: Tensor

    def varied(self, choice: random.Random) -> str:
        """Return the question as it is read this time."""
        text = self.expanded if choice.random() < EXPANDED_SHARE else self.asked.question
        if choice.random() >= THINNED_SHARE:
            return text
        words = text.split(" ")
        return " ".join([w for w in words if choice.random() > DROPPED_WORDS] or words)


class QuestionEncoder(nn.Module):
    """Turns questions into centred unit vectors, as the product does."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = Encoder(folder, RANK)
        self.tokenizer = open_tokenizer(folder)
        self.means = self.learnt_means()

    def forward(self, texts: Sequence[str], languages: Sequence[str]) -> Tensor:
        """Return centred unit vectors, (texts, dimensions), in float32."""
        means = [self.means.get(spoken, self.means[ANY_LANGUAGE]) for spoken in languages]
        return nn.functional.normalize(self.uncentred(texts) - torch.stack(means), dim=1)

    def uncentred(self, texts: Sequence[str]) -> Tensor:
        """Return unit vectors, (texts, dimensions): the mean over a text's tokens."""
        composed = (unicodedata.normalize("NFC", text) for text in texts)
        ids = [self.tokenizer.encode(PROMPTS["query"] + text).ids for text in composed]
        states, mask = self.encoder(ids)
        return nn.functional.normalize((states.float() * mask[:, :, None]).sum(1), dim=1)

    @torch.no_grad()
    def learnt_means(self) -> Mapping[str, Tensor]:
        """Return the mean vector of each language's generic questions."""
        means = {
            language: self.uncentred(questions).mean(dim=0)
            for language, questions in generic_questions().items()
        }
        return means | {ANY_LANGUAGE: torch.stack(list(means.values())).mean(dim=0)}


def main() -> None:
    """Train, compare, write; or only write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--national", type=Path, help="folder of the unpacked npm package")
    parser.add_argument("--cache", type=Path, help="folder that keeps the passages' vectors")
    parser.add_argument("--out", type=Path, required=True, help="the adaptation's file (.npz)")
    parser.add_argument("--from-state", type=Path, help="a state that torch saved; no training")
    parser.add_argument("--limit", type=int, help="only so many questions, to try it out")
    given = parser.parse_args()
    if given.from_state is not None:
        untrained = QuestionEncoder(ensure_models(load_settings(embedding="full")))
        means = {f"{MEAN}{language}": mean for language, mean in untrained.means.items()}
        save_state(read_state(given.from_state) | means, given.out)
        return
    if given.national is None or given.cache is None:
        parser.error("training needs --national and --cache")
    settings = load_settings(embedding="light")
    ensure_models(settings)
    national = open_national(given.national, open_embedding(settings), given.cache)
    split = standing_split(national.numbered)
    measured_on = {
        "other guides": _lessons(
            random.Random(2).sample(split.held_out, len(split.held_out)), national
        ),
        "these guides": _lessons(
            random.Random(2).sample(split.second, len(split.second)), national
        ),
    }
    measured_on = {name: found[: given.limit or HELD_OUT] for name, found in measured_on.items()}
    training = _lessons(split.training, national)[: given.limit]

    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    model = QuestionEncoder(ensure_models(load_settings(embedding="full")))
    console = Console(width=110)

    def report(when: str) -> None:
        for name, lessons in measured_on.items():
            ranks = {f"{name}, {when}": _ranks(model, lessons, national)}
            console.print(ranks_table(ranks, [lesson.asked for lesson in lessons]))

    report("before")
    means = {f"{MEAN}{language}": mean for language, mean in model.means.items()}
    for number in train(model, training, national):
        state = {
            name: SIZE * values if name.endswith(".B") else values
            for name, values in trained_state(model).items()
        }
        save_state(state | means, given.out)
        report(f"after pass {number}")


def train(
    model: QuestionEncoder, lessons: Sequence[Lesson], national: NationalPassages
) -> Iterator[int]:
    """Go `PASSES` times through the lessons and yield each pass's number when it is over.

    The model's means stay as they are meanwhile.
    """
    choice = random.Random(0)
    passages = torch.from_numpy(national.vectors)
    own = {guide: torch.tensor(places) for guide, places in national.by_guide.items()}
    trained = [values for values in model.parameters() if values.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=WEIGHT_DECAY)
    steps = PASSES * -(-len(lessons) // BATCH)
    step = 0
    for number in range(1, PASSES + 1):
        progress = tqdm([*_batches(lessons, choice)], desc=f"pass {number}", disable=None)
        for batch in progress:
            rate = min((step + 1) / (WARM_SHARE * steps), 1.0) * max(LEAST_RATE, 1 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = RATE * rate
            with torch.autocast("cpu", dtype=torch.bfloat16):
                vectors = model(
                    [lesson.varied(choice) for lesson in batch],
                    [lesson.asked.language for lesson in batch],
                )
            loss = _loss(vectors @ passages.T / TEMPERATURE, batch, own)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            progress.set_postfix(loss=f"{loss.item():.3f}")
            step += 1
        yield number


def _loss(scores: Tensor, batch: Sequence[Lesson], own: Mapping[str, Tensor]) -> Tensor:
    """Return the mean cross-entropy of ``scores`` (questions, passages).

    What answers counts as one right choice, and so does the guide as a whole.
    """
    losses = []
    for row, every, lesson in zip(scores, scores.logsumexp(dim=1), batch, strict=True):
        answers = every - row[lesson.answering].logsumexp(dim=0)
        guides = every - row[own[lesson.asked.guide]].logsumexp(dim=0)
        losses.append(ANSWERING_WEIGHT * answers + (1 - ANSWERING_WEIGHT) * guides)
    return torch.stack(losses).mean()


def _batches(lessons: Sequence[Lesson], choice: random.Random) -> Iterator[Sequence[Lesson]]:
    """Yield batches of about equally long questions in a random order."""
    shuffled = choice.sample(lessons, len(lessons))
    batches = []
    for start in range(0, len(shuffled), BATCH * LENGTH_GROUP):
        group = shuffled[start : start + BATCH * LENGTH_GROUP]
        group.sort(key=lambda lesson: len(lesson.expanded))
        batches += [group[i : i + BATCH] for i in range(0, len(group), BATCH)]
    choice.shuffle(batches)
    yield from batches


def _lessons(asked: Sequence[AskedQuestion], national: NationalPassages) -> list[Lesson]:
    """Return what can be learnt from the questions that a passage answers."""
    glossary = load_glossary()
    lessons = []
    for question in asked:
        if places := national.answering(question):
            terms = official_terms(glossary.mentions(question.question, question.language))
            expanded = f"{question.question} ({terms})" if terms else question.question
            lessons.append(Lesson(question, expanded, torch.tensor(places)))
    return lessons


@torch.no_grad()
def _ranks(model: QuestionEncoder, lessons: Sequence[Lesson], national: NationalPassages) -> Ranks:
    """Return the ranks of the lessons' guides, asked as the product asks: with official terms."""
    vectors: NDArray[np.float32] = np.empty((len(lessons), national.vectors.shape[1]), np.float32)
    order = sorted(range(len(lessons)), key=lambda i: len(lessons[i].expanded))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        texts = [lessons[i].expanded for i in rows]
        vectors[rows] = model(texts, [lessons[i].asked.language for i in rows]).numpy()
    return guide_ranks(vectors, [lesson.asked for lesson in lessons], national)


if __name__ == "__main__":
    main()
