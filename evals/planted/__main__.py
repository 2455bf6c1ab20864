"""Plants faults in the town's sentences and in honest rewordings, and counts what is caught.

    python -m evals.planted [--per-kind 12] [--written-per-kind 6] [--show]

Every case goes through the product's last check; then through all that a language model's answer
goes through, as a scripted writer would give it. A planted fault is caught when the sentence is not
shown, an honest one is dropped when it is not. The last lines sum up; the exit status is 1 when an
aim is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from civic_assistant.embedding import open_embedding
from civic_assistant.model_folder import ensure_models
from civic_assistant.settings import load_settings
from evals.planted.material import read_town
from evals.planted.measure import AIMS, measured, report
from evals.planted.written import NOT_A_WRITERS, WrittenCheck, learnt_nearness, plant_written

CORPUS = Path(__file__).parents[2] / "corpus"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=12, help="cases of a kind in a language")
    parser.add_argument(
        "--written-per-kind", type=int, default=6, help="the same of the writer; 0: leave it out"
    )
    parser.add_argument("--seed", type=int, default=7, help="which of the town's sentences")
    parser.add_argument("--show", action="store_true", help="print what was missed or dropped")
    arguments = parser.parse_args()
    town, seed, per_writer = read_town(CORPUS), arguments.seed, arguments.written_per_kind
    reports = {"planted": measured(town, arguments.per_kind, seed)}
    if per_writer:
        settings = load_settings(embedding="light")
        ensure_models(settings)
        held = WrittenCheck(town, learnt_nearness(town, open_embedding(settings), seed))
        reports["planted in a writer's answers"] = measured(
            town, per_writer, seed, held, plant_written, NOT_A_WRITERS
        )
    console = Console(width=110)
    lines, are_met = [], True
    for title, measure in reports.items():
        table, line, is_met = report(measure, title)
        if arguments.show:
            for case in measure.failures:
                console.print(case, markup=False, highlight=False)
        console.print(table)
        lines.append(line)
        are_met = are_met and is_met
    for line in (f"Aims: {AIMS}", *lines):
        console.print(line, markup=False, highlight=False)
    return 0 if are_met else 1


if __name__ == "__main__":
    sys.exit(main())
