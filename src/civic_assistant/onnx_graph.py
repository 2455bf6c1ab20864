"""Running the graphs that `build_light_model` wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray

Graph: TypeAlias = onnxruntime.InferenceSession
SLOW_FUSION = "SkipLayerNormFusion"
"""Its kernel handles one number at a time: 22 % of a run, the two nodes it replaces 6 %."""


def states_of(session: Graph, ids: Sequence[int]) -> NDArray[np.float32]:
    """Return a graph's last layer for the tokens of one text, (tokens, dimensions)."""
    (states,) = session.run(None, {"input_ids": np.array([ids], np.int64)})
    one: NDArray[np.float32] = np.asarray(states, np.float32)[0]
    return one


def open_graph(graph: Path) -> Graph:
    """Open one of the graphs that `build_light_model` wrote; a run takes one thread."""
    options = onnxruntime.SessionOptions()
    # Texts side by side waste less than threads inside a run, which wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        str(graph),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=[SLOW_FUSION],
    )
