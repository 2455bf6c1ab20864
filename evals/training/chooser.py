"""Trains the network that chooses an answer's lines, and measures it on what it did not see.

    python -m evals.training.chooser --national FOLDER --omos FOLDER \
        --out src/civic_assistant/data/chooser.npz

Half of what it learns are OMoS-QA's training pages (https://aclanthology.org/2024.konvens-main.25/)
in five languages, each also asked in two others; half the five nearest passages of the guide that a
question was written for, near misses with nothing marked, and those of a guide that merely lies
near. Held-out guides, a sixth of the pages and the development pages are measured only.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from tqdm import tqdm

from civic_assistant.choosing import Chooser
from civic_assistant.embedding import open_embedding
from civic_assistant.line_features import FEATURES, line_features
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import load_settings
from evals.omos import LANGUAGES, PageQuestion, read_omos
from evals.page_reader import Page, PageEmbedding
from evals.training.asked import AskedQuestion, standing_split
from evals.training.vectors import NationalPassages, open_national

WIDTH, NETWORKS, ROUNDS, BATCH = 32, 3, 8, 32
RATE, WEIGHT_DECAY, DROPOUT = 2e-3, 0.05, 0.1
ANSWERS_WEIGHT, GUIDE_WEIGHT, TRANSLATED_WEIGHT = 0.4, 0.7, 0.6
NEAREST = 5
"""Passages of a guide that are read closely, as the writer does."""
HELD_OUT_PAGES = 6
OTHERS = 2
"""Other languages in which each page is asked."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Lines' features with the kind of text, which of them answer, and what the lesson weighs."""

    features: Floats = field(repr=False)
    answering: Floats = field(repr=False)
    weight: float
    is_page: bool


class Network(nn.Module):
    """The network of `civic_assistant.choosing`, with its names."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        super().__init__()
        count = FEATURES + 1
        every = np.concatenate([lesson.features for lesson in lessons])
        self.register_buffer("mu", torch.from_numpy(every.mean(axis=0)))
        self.register_buffer("sd", torch.from_numpy(every.std(axis=0) + 1e-3))
        self.f = nn.Linear(count, WIDTH)
        self.c1 = nn.Conv1d(WIDTH, WIDTH, 5, padding=2)
        self.o = nn.Linear(WIDTH, 1)
        self.a = nn.Linear(2 * count, 1)
        self.dropped = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of lines, (texts, lines), and texts, (texts,), of padded features."""
        real = mask[..., None]
        scaled = (features - self.get_buffer("mu")) / self.get_buffer("sd")
        wide = torch.relu(self.f(self.dropped(scaled))) * real
        beside = self.c1(self.dropped(wide).transpose(1, 2)).transpose(1, 2)
        lines = self.o(wide + torch.relu(beside))[..., 0]
        best = scaled.masked_fill(real == 0, -9).amax(1)
        mean = (scaled * real).sum(1) / mask.sum(1, keepdim=True)
        return lines, self.a(torch.cat([best, mean], dim=1))[:, 0]


def main() -> None:
    """Read, train, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--national", type=Path, required=True, help="the unpacked npm package")
    parser.add_argument("--cache", type=Path, required=True, help="folder of passages' vectors")
    parser.add_argument("--omos", type=Path, required=True, help="folder of OMoS-QA's files")
    parser.add_argument("--out", type=Path, required=True, help="the network's file (.npz)")
    given = parser.parse_args()
    settings = load_settings(embedding="light")
    ensure_models(settings)
    embedding = open_embedding(settings)
    national = open_national(given.national, embedding, given.cache)
    split = standing_split(national.numbered)
    asked = read_omos(given.omos, "train")
    pages: dict[str, list[str]] = {"fr": []}
    for question in asked:
        pages.setdefault(question.language, []).append(question.context)
    embedded = PageEmbedding(embedding, pages)
    learnt, _ = split_pages(asked)
    lessons = [*_page_lessons(learnt, embedded)]
    lessons += _guide_lessons(split.training, national, embedded)
    networks = [train(lessons, seed) for seed in range(NETWORKS)]
    np.savez_compressed(given.out, **_arrays(networks))  # type: ignore[arg-type]
    chooser = Chooser([_weights(network) for network in networks], "trained")
    _report(chooser, read_omos(given.omos, "dev"), split.held_out, national, embedded)


def train(lessons: Sequence[Lesson], seed: int) -> Network:
    """Return a network that went through the lessons `ROUNDS` times."""
    torch.manual_seed(seed)
    choice = random.Random(seed)
    network = Network(lessons)
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)
    steps = ROUNDS * len(lessons) // BATCH
    step = 0
    for _ in tqdm(range(ROUNDS), desc=f"chooser {seed}", disable=None):
        for batch in _batches(lessons, choice):
            optimizer.param_groups[0]["lr"] = RATE * max(0.02, 1 - step / steps)
            features, answering, mask = _padded(batch)
            lines, texts = network(features, mask)
            loss = nn.functional.binary_cross_entropy_with_logits
            by_line = (loss(lines, answering, reduction="none") * mask).sum(1) / mask.sum(1)
            by_text = loss(texts, (answering.sum(1) > 0).float(), reduction="none")
            weights = torch.tensor([lesson.weight for lesson in batch])
            optimizer.zero_grad()
            ((by_line + ANSWERS_WEIGHT * by_text) * weights).mean().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step += 1
    return network.eval()


def _batches(lessons: Sequence[Lesson], choice: random.Random) -> Iterator[list[Lesson]]:
    """Yield lessons of nearly the same length together, batches in any order."""
    order = sorted(lessons, key=lambda lesson: len(lesson.features) + 8 * choice.random())
    starts = list(range(0, len(order), BATCH))
    choice.shuffle(starts)
    for start in starts:
        yield order[start : start + BATCH]


def _padded(batch: Sequence[Lesson]) -> tuple[Tensor, Tensor, Tensor]:
    longest = max(len(lesson.features) for lesson in batch)
    features = torch.zeros(len(batch), longest, FEATURES + 1)
    answering, mask = torch.zeros(len(batch), longest), torch.zeros(len(batch), longest)
    for row, lesson in enumerate(batch):
        count = len(lesson.features)
        features[row, :count] = torch.from_numpy(lesson.features)
        answering[row, :count] = torch.from_numpy(lesson.answering)
        mask[row, :count] = 1
    return features, answering, mask


def split_pages(asked: Sequence[PageQuestion]) -> tuple[list[PageQuestion], list[PageQuestion]]:
    """Return what to learn from and the sixth of the pages kept for choosing thresholds."""
    page_of = {q.id: q.context for q in asked if q.language == LANGUAGES[0]}
    contexts = sorted(set(page_of.values()))
    random.Random(1).shuffle(contexts)
    kept = set(contexts[: len(contexts) // HELD_OUT_PAGES])
    is_kept = {id_: context in kept for id_, context in page_of.items()}
    return [q for q in asked if not is_kept[q.id]], [q for q in asked if is_kept[q.id]]


def _page_lessons(asked: Sequence[PageQuestion], embedded: PageEmbedding) -> Iterator[Lesson]:
    """Yield every page with its question in its own language and in two others."""
    questions = {(q.id, q.language): q.question for q in asked}
    read: dict[tuple[str, str], Page] = {}
    for page in tqdm(asked, desc="pages", disable=None):
        key = (page.language, page.context)
        if key not in read:
            read[key] = embedded.page(page.sentences, page.language)
        answering = np.zeros(len(page.sentences), np.float32)
        answering[list(page.answers)] = 1
        others = [name for name in LANGUAGES if name != page.language]
        for language in [page.language, *random.Random(page.language).sample(others, OTHERS)]:
            if (page.id, language) in questions:
                weight = 1.0 if language == page.language else TRANSLATED_WEIGHT
                text = questions[page.id, language]
                yield _lesson(embedded, read[key], text, language, answering, weight, is_page=True)


def _guide_lessons(
    asked: Sequence[AskedQuestion], national: NationalPassages, embedded: PageEmbedding
) -> Iterator[Lesson]:
    """Yield the nearest passages of each question's guide, and of a near guide for every other."""
    for number, question in enumerate(tqdm(asked, desc="guides", disable=None)):
        _, vector = embedded.question(question.question, question.language)
        cosines = national.vectors @ vector
        own = _nearest(cosines, national.by_guide[question.guide], national)
        yield from _guide_lesson(question, own, national, embedded)
        if number % 2 == 0:
            best = (int(place) for place in np.argsort(-cosines)[:40])
            other = next((p for p in best if p not in national.by_guide[question.guide]), None)
            if other is not None:
                guide = national.by_guide[national.passages[other].guide_id]
                nearest = _nearest(cosines, guide, national)
                yield from _guide_lesson(question, nearest, national, embedded)


def _nearest(cosines: Floats, places: Sequence[int], national: NationalPassages) -> list[int]:
    read = [place for place in places if not national.passages[place].is_card]
    return sorted(sorted(read, key=lambda place: -cosines[place])[:NEAREST])


def _guide_lesson(
    question: AskedQuestion,
    places: Sequence[int],
    national: NationalPassages,
    embedded: PageEmbedding,
) -> Iterator[Lesson]:
    is_own = bool(places) and national.passages[places[0]].guide_id == question.guide
    texts: list[str] = []
    answering: list[float] = []
    for place in places:
        guide = national.numbered(national.passages[place].guide_id)
        for number, line in national.lines(place):
            texts.append(guide.text(line) if guide else "")
            answering.append(float(is_own and number in question.lines))
    if texts:
        page = embedded.page(texts, "fr")
        yield _lesson(
            embedded, page, question.question, question.language,
            np.array(answering, np.float32), GUIDE_WEIGHT, is_page=False,
        )  # fmt: skip


def _lesson(
    embedded: PageEmbedding,
    page: Page,
    text: str,
    language: str,
    answering: Floats,
    weight: float,
    *,
    is_page: bool,
) -> Lesson:
    asked, vector = embedded.question(text, language)
    kind = np.full((len(page.lines), 1), float(is_page), np.float32)
    features = np.concatenate([line_features(asked, page.line_tokens(vector)), kind], axis=1)
    return Lesson(features, answering, weight, is_page)


def _weights(network: Network) -> Mapping[str, Floats]:
    return {name: v.detach().numpy() for name, v in network.state_dict().items()}


def _arrays(networks: Sequence[Network]) -> dict[str, Floats]:
    return {
        f"w{number}.{name}": values
        for number, network in enumerate(networks)
        for name, values in _weights(network).items()
    }


def _report(
    chooser: Chooser,
    dev: Sequence[PageQuestion],
    held_out: Sequence[AskedQuestion],
    national: NationalPassages,
    embedded: PageEmbedding,
) -> None:
    """Print how well lines and unanswered texts are told apart where nothing was learnt."""
    console = Console()
    measured = {"pages": list(_page_lessons(dev, embedded))}
    measured["guides"] = list(_guide_lessons(held_out, national, embedded))
    for name, lessons in measured.items():
        choices = [chooser.choose_features(lesson.features) for lesson in lessons]
        lines = np.concatenate([choice.lines for choice in choices])
        answering = np.concatenate([lesson.answering for lesson in lessons])
        answers = [choice.answers for choice in choices]
        answered = [bool(lesson.answering.any()) for lesson in lessons]
        console.print(
            f"{name}: {len(lessons)} texts, AUROC of lines {roc_auc_score(answering, lines):.3f}, "
            f"of whether the text answers {roc_auc_score(answered, answers):.3f}"
        )


if __name__ == "__main__":
    main()
