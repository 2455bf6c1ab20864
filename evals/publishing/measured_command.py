"""Run a command of the program as its user would, and note when it began to work, and its memory.

Nothing is imported before the program that the program would not import: what it takes to start is
a part of what is measured.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def run_measured(figures: Path, index: str, arguments: list[str]) -> None:
    """Run ``civic-assistant`` with these arguments, and write what was measured to ``figures``.

    ``touched`` is the monotonic second at which a file below ``index`` was first opened, None when
    none was; ``peak_mib`` the most memory that the process held. Leaves as the program leaves.
    """
    touched: list[float] = []

    def note(event: str, given: tuple[object, ...]) -> None:
        if touched or event not in ("open", "sqlite3.connect"):
            return
        if isinstance(given[0], str | os.PathLike) and os.fspath(given[0]).startswith(index):
            touched.append(time.monotonic())

    sys.addaudithook(note)
    sys.argv = ["civic-assistant", *arguments]
    try:
        from civic_assistant.command_line import main

        main()
    finally:
        from evals.bench.apart import peak_mib

        measured = {"touched": touched[0] if touched else None, "peak_mib": peak_mib()}
        figures.write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    run_measured(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
