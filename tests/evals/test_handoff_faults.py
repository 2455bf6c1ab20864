"""The whole server under faults: a short run, of which `make faults-handoff` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.handoff.database import Kind, NoServer, database
from evals.handoff.faults import run_faults
from evals.handoff.town import published_index


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "processes"), [("postgresql", 2), ("sqlite", 1)])
async def test_killed_servers_and_cut_sockets_lose_double_and_reorder_nothing(
    kind: Kind, processes: int, tmp_path: Path
) -> None:
    try:
        with database(kind, tmp_path) as address:
            run = await run_faults(
                address,
                tmp_path,
                published_index(),
                processes=processes,
                conversations=10,
                rounds=6,
                seed=7,
            )
    except NoServer as error:
        pytest.skip(str(error))
    assert run.verdict.notes == ()
    assert run.verdict.messages == 120
    assert run.kills > processes and run.cuts > 0


def test_without_a_server_it_says_which_one_it_looked_for(tmp_path: Path) -> None:
    nowhere = "postgresql+psycopg://postgres@127.0.0.1:9/test"
    with (
        pytest.raises(NoServer, match=r"no server answers at 127\.0\.0\.1:9/test"),
        database("postgresql", tmp_path, nowhere),
    ):
        pass
