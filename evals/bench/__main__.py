"""What ``make bench`` runs: every measurement in turn, each in a process of its own."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from civic_assistant.command_line import errors_told
from civic_assistant.model_folder import ensure_models, model_folder
from civic_assistant.settings import EmbeddingMode, Settings, load_settings
from evals.bench.apart import apart
from evals.bench.asking import Asked, ask, questions_asked
from evals.bench.comparison import Bench, aims, line, ratios
from evals.bench.growth import Changed, Grown, change, grow
from evals.bench.ingestion import Ingested, ingest
from evals.bench.samples import read_guides, sample, sources
from evals.bench.tables import tables
from evals.default_pipeline import guide_document
from evals.pinned import checkout_commit
from ingest.passages import word_count

MODES: tuple[EmbeddingMode, ...] = ("light", "full")
BASELINE_THREADS = (None, 1)
"""PyTorch's threads for the baseline: its own choice, and one; the better one counts."""
SIZES = [30_000]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    sizes: Annotated[
        list[int], typer.Option("--size", help="Passages of a grown index; may be repeated.")
    ] = SIZES,
    national: Annotated[
        Path | None,
        typer.Option(help="The unpacked package of national guides: a sample is measured too."),
    ] = None,
    sheets: Annotated[int, typer.Option(help="How many national sheets.")] = 100,
    questions: Annotated[int, typer.Option(help="How many questions of the tuning sets.")] = 120,
    ingestion: Annotated[
        bool, typer.Option(help="Measure publishing against llama-index's default pipeline.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option(help="Where the figures go (data_folder/evals/bench.json).")
    ] = None,
) -> None:
    """Measure speed, memory and growth; print tables, write JSON, end with one line."""
    with errors_told(), tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
        settings = load_settings()
        scratch = Path(folder)
        sampled = None if national is None else sample(national, sheets, scratch)
        measured = _measured(settings, sampled, scratch, sizes, questions, ingestion)
        target = out or settings.data_folder / "evals" / "bench.json"
        _write(measured, target)
    console = Console(width=130)
    for table in tables(measured):
        console.print(table)
    typer.echo(f"figures: {target}")
    typer.echo(line(measured))


def _measured(
    settings: Settings,
    sampled: Path | None,
    scratch: Path,
    sizes: list[int],
    questions: int,
    is_ingestion: bool,
) -> Bench:
    load = os.getloadavg()[0]
    began_at = datetime.now(UTC).isoformat(timespec="seconds")
    guides = read_guides(sources(settings.corpus_folder, sampled))
    asked_sets = questions_asked(questions)
    ingested: list[Ingested] = []
    asked: list[Asked] = []
    if is_ingestion:
        # Only here: every measured process imports this module, and must not hold PyTorch for it.
        from evals.bench.default_ingestion import ingest_by_default, ingest_our_passages

        words = sum(word_count(guide_document(guide).text) for guide in guides)
        for mode in MODES:
            own = _settings(settings, mode, scratch, f"own-{mode}")
            ensure_models(own)
            _say(f"publishing {len(guides)} guides, {mode}")
            ingested.append(apart(ingest, own, sampled, words))
            _say(f"asking them, {mode}")
            asked.append(apart(ask, own, asked_sets))
        model = model_folder(settings.model_copy(update={"embedding": "full"}))
        for threads in BASELINE_THREADS:
            for work in (ingest_by_default, ingest_our_passages):
                _say(f"{work.__name__}, {threads or 'default'} threads")
                target = scratch / f"{work.__name__}-{threads}"
                ingested.append(apart(work, model, guides, words, target, threads))
    grown: list[Grown] = []
    changed: list[Changed] = []
    for size in sizes:
        own = _settings(settings, "light", scratch, f"grown-{size}")
        ensure_models(own)
        _say(f"growing an index to {size:,} passages")
        grown.append(apart(grow, own, guides, size))
        _say("asking it")
        asked.append(apart(ask, own, asked_sets))
        _say("publishing one edited guide")
        changed.append(apart(change, own, guides, size))
    return Bench(
        began_at=began_at,
        commit=checkout_commit(),
        cores=os.cpu_count() or 1,
        load=load,
        sheets=sum(guide.source == "national" for guide in guides),
        ingested=tuple(ingested),
        grown=tuple(grown),
        changed=tuple(changed),
        asked=tuple(asked),
    )


def _settings(settings: Settings, mode: EmbeddingMode, scratch: Path, name: str) -> Settings:
    """Return settings that lead to an index and a database below ``scratch``."""
    folder = scratch / name
    folder.mkdir()
    changed = {
        "embedding": mode,
        "index_folder": folder / "index",
        "database_url": SecretStr(f"sqlite:///{folder / 'civic.sqlite'}"),
    }
    return settings.model_copy(update=changed)


def _write(measured: Bench, path: Path) -> None:
    told = {
        **asdict(measured),
        "ratios": [asdict(ratio) for ratio in ratios(measured.ingested)],
        "aims": [asdict(aim) for aim in aims(measured)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    typer.echo(text, err=True)


if __name__ == "__main__":
    app()
