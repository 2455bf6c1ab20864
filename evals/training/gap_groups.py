"""Measures how well questions without an answer are grouped by what they are about.

    python -m evals.training.gap_groups [--light]

``gap_topics.jsonl`` holds questions in twelve languages that the shipped corpus does not answer,
each with its topic, written by hand. They are grouped among the tuning and calibration questions
that one guide answers. Of the pairs put into one group, precision is the share of one topic, and
recall the share of a topic's pairs put together. `NEARNESS` was chosen on the half of the topics
that is not held out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from civic_assistant.centring import learn_centring
from civic_assistant.embedding import open_embedding
from civic_assistant.gaps import grouping
from civic_assistant.glossary import load_glossary, official_terms
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import Settings, load_settings
from evals.questions import SETS

TOPICS = Path(__file__).with_name("gap_topics.jsonl")
TRIED = (0.3, 0.34, grouping.NEARNESS, 0.42, 0.46, 0.5, 0.6)


def questions() -> list[tuple[str, str, str, str]]:
    """Return (kind, topic, language, text) of what is grouped."""
    rows = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines()]
    found = [
        ("held out" if row["is_held_out"] else "chosen on", row["topic"], row["language"],
         row["question"])
        for row in rows
    ]  # fmt: skip
    for name in ("tuning", "tuning-short", "calibration"):
        for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if len(row.get("guides", ())) == 1 and not row.get("history"):
                found.append(("beside", row["guides"][0], row["language"], row["question"]))
    return found


def vectors_of(asked: list[tuple[str, str, str, str]], settings: Settings) -> NDArray[np.float32]:
    """Return the vectors as retrieval makes them: as asked, and with the official terms."""
    embedding, glossary = open_embedding(settings), load_glossary()
    centring = learn_centring(embedding, {})
    terms = [official_terms(glossary.mentions(text, tag)) for _, _, tag, text in asked]
    plain = [text for *_, text in asked]
    wide = [f"{t} ({term})" if term else t for t, term in zip(plain, terms, strict=True)]
    total = np.zeros((len(asked), embedding.dimensions), np.float32)
    for texts in (plain, wide):
        raw = embedding.embed_texts(texts, "question")
        for place, (_, _, tag, _) in enumerate(asked):
            total[place] += centring.centred(raw[place : place + 1], "question", tag)[0]
    units: NDArray[np.float32] = total / np.linalg.norm(total, axis=1, keepdims=True)
    return units


def main() -> None:
    """Print precision and recall by threshold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--light", action="store_true", help="measure the light embedding")
    light = parser.parse_args().light
    settings = load_settings(**({"embedding": "light"} if light else {}))
    ensure_models(settings)
    asked = questions()
    vectors = vectors_of(asked, settings)
    table = Table("nearness", "groups", "chosen on: precision", "recall", "held out: precision",
                  "recall")  # fmt: skip
    for grouping.NEARNESS in TRIED:
        groups = grouping.grouped(vectors)
        cells = [cell for kind in ("chosen on", "held out") for cell in _pairs(asked, groups, kind)]
        table.add_row(f"{grouping.NEARNESS:.2f}", str(len(groups)), *cells)
    Console(width=120).print(table)


def _pairs(
    asked: list[tuple[str, str, str, str]], groups: list[list[int]], kind: str
) -> tuple[str, str]:
    """Return precision and recall over the pairs of one kind."""
    label = {place: number for number, group in enumerate(groups) for place in group}
    own = [place for place, row in enumerate(asked) if row[0] == kind]
    topics = np.array([asked[place][1] for place in own])
    labels = np.array([label[place] for place in own])
    upper = np.triu_indices(len(own), 1)
    same = (topics[:, None] == topics)[upper]
    together = (labels[:, None] == labels)[upper]
    right = int((same & together).sum())
    return f"{right / max(1, together.sum()):.2f}", f"{right / same.sum():.2f}"


if __name__ == "__main__":
    main()
