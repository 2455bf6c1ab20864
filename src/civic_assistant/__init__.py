"""civic-assistant: answers from a town hall's own guides, quoted, or a person."""

import os

# OpenBLAS's threads wait for each other by spinning: on a busy machine a product of 60 by 384 by
# 128 took 10 ms instead of 0.1. It reads this when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
