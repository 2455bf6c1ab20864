"""Plants faults in the town's sentences and in honest rewordings, and counts what is caught.

    python -m evals.planted [--per-kind 12] [--show]

Every case goes through the product's last check. A planted fault is caught when the check forbids
the answer, an honest sentence is dropped when it does. The last line sums up; the exit status is
1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from evals.planted.material import read_town
from evals.planted.measure import AIMS, measured, report

CORPUS = Path(__file__).parents[2] / "corpus"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=12, help="cases of a kind in a language")
    parser.add_argument("--seed", type=int, default=7, help="which of the town's sentences")
    parser.add_argument("--show", action="store_true", help="print what was missed or dropped")
    arguments = parser.parse_args()
    measure = measured(read_town(CORPUS), arguments.per_kind, arguments.seed)
    table, line, is_met = report(measure)
    console = Console(width=110)
    if arguments.show:
        for case in measure.failures:
            console.print(case, markup=False, highlight=False)
    console.print(table)
    console.print(f"Aims: {AIMS}", markup=False, highlight=False)
    console.print(line, markup=False, highlight=False)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
