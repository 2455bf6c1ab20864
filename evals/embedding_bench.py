"""Speed and memory of both embedding modes, measured in one run, with their ratio."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
from rich.console import Console
from rich.table import Table

from civic_assistant.centring import generic_questions
from civic_assistant.embedding import Embedding, open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import EmbeddingMode, Settings, load_settings

MODES: tuple[EmbeddingMode, ...] = ("full", "light")
PASSAGES = 120
WORDS = (10, 250)
"""Shortest and longest passage; a section of the national guides has 73 tokens in the median."""
QUESTIONS_TIMED = 96


@dataclass(frozen=True, slots=True)
class Measured:
    """One mode in a process of its own; memory is the process's peak, in MiB."""

    passages_per_second: float
    passages_per_processor_second: float
    question_ms: float
    opened_s: float
    memory_mib: float


def measure(settings: Settings) -> Measured:
    """Measure the mode that ``settings`` name, in this process."""
    start = time.perf_counter()
    embedding = open_embedding(settings)
    opened = time.perf_counter() - start
    questions = [question for bank in generic_questions().values() for question in bank]
    passages = _passages(questions)
    embedding.embed_texts(passages[:8], "passage")
    wall, processor = time.perf_counter(), time.process_time()
    embedding.embed_texts(passages, "passage")
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Measured(
        passages_per_second=len(passages) / wall,
        passages_per_processor_second=len(passages) / processor,
        question_ms=_question_ms(embedding, questions[:QUESTIONS_TIMED]),
        opened_s=opened,
        memory_mib=_peak_memory(),
    )


def main() -> None:
    """Measure each mode in a fresh process and print one table."""
    if len(sys.argv) == 2:
        mode = cast(EmbeddingMode, sys.argv[1])
        sys.stdout.write(json.dumps(asdict(measure(load_settings(embedding=mode)))))
        return
    measured = {mode: _measure_apart(mode) for mode in MODES}
    table = Table(
        title=f"{load_settings().threads} threads, {PASSAGES} passages of 10 to 250 words"
    )
    table.add_column("")
    for mode in MODES:
        table.add_column(mode, justify="right")
    table.add_column("light / full", justify="right")
    full, light = (asdict(measured[mode]) for mode in MODES)
    for name in full:
        ratio = light[name] / full[name]
        table.add_row(
            name.replace("_", " "), f"{full[name]:.1f}", f"{light[name]:.1f}", f"{ratio:.2f}"
        )
    Console().print(table)


def _measure_apart(mode: EmbeddingMode) -> Measured:
    ensure_models(load_settings(embedding=mode))
    command = [sys.executable, "-m", "evals.embedding_bench", mode]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _passages(sentences: list[str]) -> list[str]:
    """Return passages in twelve languages whose lengths spread evenly; the same in every run."""
    words = " ".join(sentences).split()
    lengths = np.linspace(*WORDS, PASSAGES).astype(int)
    starts = np.random.default_rng(1).integers(0, len(words) - WORDS[1], PASSAGES)
    return [
        " ".join(words[start : start + length])
        for start, length in zip(starts, lengths, strict=True)
    ]


def _peak_memory() -> float:
    """Return this process's peak in MiB; Linux's ``ru_maxrss`` would count the parent's as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(kib) / 1024


def _question_ms(embedding: Embedding, questions: list[str]) -> float:
    """Return the median processor time of one question: wall time measures the other programs."""
    times = []
    for question in questions:
        start = time.process_time()
        embedding.embed_texts([question], "question")
        times.append(time.process_time() - start)
    return float(np.median(times)) * 1000


if __name__ == "__main__":
    main()
