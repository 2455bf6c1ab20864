"""A measurement as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.console import Group
from rich.table import Table

from evals.bench.asking import Asked
from evals.bench.comparison import Bench, ratios
from evals.bench.growth import Changed, Grown
from evals.bench.ingestion import Ingested

_INGESTED: tuple[tuple[str, Callable[[Ingested], str]], ...] = (
    ("threads", lambda i: f"{i.threads}"),
    ("guides", lambda i: f"{i.guides:,}"),
    ("passages", lambda i: f"{i.passages:,}"),
    ("words of the guides", lambda i: f"{i.words:,.0f}"),
    ("words handed to the model", lambda i: f"{i.handed_words:,.0f}"),
    ("of them beyond what it reads", lambda i: f"{i.unread:.0%}"),
    ("seconds", lambda i: f"{i.seconds:.1f}"),
    ("processor seconds", lambda i: f"{i.processor_s:.1f}"),
    ("guides' words per processor second", lambda i: f"{i.words / i.processor_s:,.0f}"),
    ("read words per processor second", lambda i: f"{i.read_words / i.processor_s:,.0f}"),
    ("passages per processor second", lambda i: f"{i.passages / i.processor_s:.1f}"),
    ("passages per second", lambda i: f"{i.passages / i.seconds:.1f}"),
    ("seconds to open the model, before", lambda i: f"{i.opened_s:.1f}"),
    ("peak memory, MiB", lambda i: f"{i.memory_mib:,.0f}"),
    ("disk, MiB", lambda i: f"{i.disk_mib:,.1f}"),
)
_ASKED: tuple[tuple[str, Callable[[Asked], str]], ...] = (
    ("the whole on the clock, ms", lambda a: f"{a.wall_p50:.0f} / {a.wall_p95:.0f}"),
    ("questions", lambda a: f"{a.questions}"),
    ("nearest passages found, of all", lambda a: f"{a.found:.1%}"),
    ("seconds to open the model", lambda a: f"{a.model_s:.1f}"),
    ("seconds to take up the index", lambda a: f"{a.index_s:.1f}"),
    ("memory while serving, MiB", lambda a: f"{a.memory_mib:,.0f}"),
    ("… at its peak", lambda a: f"{a.peak_mib:,.0f}"),
)
_GROWN: tuple[tuple[str, Callable[[Grown], str]], ...] = (
    ("guides", lambda g: f"{g.guides:,}"),
    ("publishing all of it but the embedding: seconds", lambda g: f"{g.seconds:.0f}"),
    ("… processor seconds", lambda g: f"{g.processor_s:.0f}"),
    ("… peak memory, MiB", lambda g: f"{g.memory_mib:,.0f}"),
    ("disk, MiB", lambda g: f"{sum(g.disk_mib.values()):,.0f}"),
)
_CHANGED: tuple[tuple[str, Callable[[Changed], str]], ...] = (
    ("publishing one edited guide: passages embedded", lambda c: f"{c.embedded}"),
    ("… seconds", lambda c: f"{c.seconds:.1f}"),
    ("… processor seconds", lambda c: f"{c.processor_s:.1f}"),
    ("… peak memory, MiB", lambda c: f"{c.memory_mib:,.0f}"),
)


def tables(bench: Bench) -> Iterator[Group]:
    """Yield what was measured as tables, each under a line that says how."""
    if bench.ingested:
        sheets = f" and {bench.sheets} national sheets" if bench.sheets else ""
        yield Group(
            f"\nThe town's guides{sheets} made searchable, on {bench.cores} cores, for which "
            f"{bench.load:.1f} programs were queuing at the start. llama-index is given the guides "
            "as plain text; the product reads its files, and keeps token vectors and exact words "
            "too.",
            _ingestion(bench),
        )
    if bench.asked:
        yield Group(
            "\nQuestions of the tuning sets, one at a time: processor milliseconds, median / 95 of "
            "100. Smaller than a grown index is the town's own, in both modes: what the full "
            "embedding takes longer does not depend on the size.",
            _asking(bench.asked),
        )
    if bench.grown:
        yield Group(
            "\nIndexes grown with copies of the guides: half of the longer words replaced by "
            "others of the guides, vectors turned towards another passage's, token vectors as they "
            "are.",
            _growth(bench),
        )


def _ingestion(bench: Bench) -> Table:
    table = Table()
    table.add_column("")
    for one in bench.ingested:
        table.add_column(one.system, justify="right")
    for label, text in _INGESTED:
        table.add_row(label, *map(text, bench.ingested))
    by_system = {ratio.system: ratio for ratio in ratios(bench.ingested)}
    own = [by_system.get(one.system) for one in bench.ingested]
    table.add_section()
    for label, name in (
        ("× llama-index: guides' words per processor second", "words"),
        ("× llama-index: read words per processor second", "read_words"),
        ("× llama-index: passages per processor second", "passages"),
        ("× llama-index, our passages: the same", "same_passages"),
        ("× llama-index: guides' words per second", "clock"),
    ):
        table.add_row(label, *("" if r is None else f"{getattr(r, name):.1f}" for r in own))
    return table


def _asking(asked: Sequence[Asked]) -> Table:
    table = Table()
    table.add_column("")
    for one in asked:
        table.add_column(f"{one.passages:,} {one.embedding}", justify="right")
    for kind in ("stages", "steps"):
        names = dict.fromkeys(spent.name for one in asked for spent in getattr(one, kind))
        for name in names:
            found = [{s.name: s for s in getattr(one, kind)}.get(name) for one in asked]
            cells = ["" if s is None else f"{s.p50:.1f} / {s.p95:.1f}" for s in found]
            table.add_row(name if kind == "stages" else f"  of which {name}", *cells)
        table.add_section()
    for label, text in _ASKED:
        table.add_row(label, *map(text, asked))
    return table


def _growth(bench: Bench) -> Table:
    table = Table()
    table.add_column("passages")
    for one in bench.grown:
        table.add_column(f"{one.passages:,}", justify="right")
    for label, text in _GROWN:
        table.add_row(label, *map(text, bench.grown))
    for part in dict.fromkeys(part for one in bench.grown for part in one.disk_mib):
        sizes = [f"{one.disk_mib.get(part, 0.0):,.0f}" for one in bench.grown]
        if any(one.disk_mib.get(part, 0.0) >= 0.5 for one in bench.grown):
            table.add_row(f"  of which {part}", *sizes)
    table.add_section()
    for label, told in _CHANGED:
        table.add_row(label, *map(told, bench.changed))
    return table
