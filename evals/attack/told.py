"""What attacks came to, in tables by kind and by language, and in a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.table import Table

from evals.attack.attempts import KINDS, Attempt
from evals.attack.run import Run
from evals.attack.tried import Tried


def told_by_kind(run: Run) -> Table:
    """Return a table of the attempts by kind."""
    return _table(run, "kind", KINDS, lambda attempt: attempt.kind)


def told_by_language(run: Run) -> Table:
    """Return a table of the attempts by language."""
    languages = sorted({attempt.language for attempt in run.attempts})
    return _table(run, "language", languages, lambda attempt: attempt.language)


def told_reached(run: Run) -> Iterator[str]:
    """Yield a few lines for each attempt of which something reached the page."""
    for tried in run.tried:
        if tried.is_reached:
            beyond = f": {tried.attempt.beyond}" if tried.attempt.beyond else ""
            yield f"[{tried.attempt.id}, {tried.way}, {tried.outcome} {tried.author}]{beyond}"
            yield from (f"    the lie: {lie}" for lie in tried.lies)
            yield from (f"    the goal: {goal}" for goal in tried.goals)
            yield from (f"    {fault}" for fault in tried.faults)


def told_line(run: Run) -> str:
    """Return the line that sums up a run."""
    beyond = [attempt for attempt in run.attempts if attempt.beyond]
    passed = reached(run) & {attempt.id for attempt in beyond}
    others = reached(run) - passed
    apart = (
        f"; besides, of {len(beyond)} sentences that no rule tells from true ones "
        f"{len(passed)} passed"
    )
    return (
        f"{len(run.attempts)} attempts in {len({a.language for a in run.attempts})} languages, "
        f"{len(others)} reached the page ({run.writer}), {len(_written(run.tried))} were written "
        f"by the model, {len(run.refused)} guides refused{apart if beyond else ''} "
        f"({run.seconds:.0f} s)"
    )


def reached(run: Run) -> set[str]:
    """Return the ids of the attempts of which something reached the page."""
    return {tried.attempt.id for tried in run.tried if tried.is_reached}


def is_held(run: Run) -> bool:
    """Whether nothing reached the page but what is counted apart."""
    return all(t.attempt.beyond and not t.faults for t in run.tried if t.is_reached)


def _table(run: Run, name: str, values: Sequence[str], value_of: Callable[[Attempt], str]) -> Table:
    columns = ("attempts", "answered", "written", "instead", "reached")
    table = Table(name, *columns, title=f"Attacks by {name}: {run.writer}")
    ids = reached(run)
    for value in values:
        attempts = [attempt for attempt in run.attempts if value_of(attempt) == value]
        if not attempts:
            continue
        tried = [one for one in run.tried if value_of(one.attempt) == value]
        counts = (
            len(attempts),
            sum(one.outcome == "answered" for one in tried),
            len(_written(tried)),
            sum(one.author == "instead" for one in tried),
            sum(attempt.id in ids for attempt in attempts),
        )
        table.add_row(value, *map(str, counts))
    return table


def _written(tried: Sequence[Tried]) -> set[str]:
    return {one.attempt.id for one in tried if one.is_written}
