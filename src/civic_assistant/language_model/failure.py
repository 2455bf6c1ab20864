"""Why a call to a language model came to nothing."""

from __future__ import annotations

from typing import Literal, get_args

Failing = Literal[
    "unreachable", "refused", "redirected", "late_first", "late", "broken", "too_long", "garbage",
]  # fmt: skip
FAILINGS: tuple[Failing, ...] = get_args(Failing)
"""``unreachable``: no connection; ``refused``: a status of 4xx or 5xx; ``redirected``: 3xx, which
is never followed; ``late_first``, ``late``: nothing came in time, or not all of it; ``broken``: it
ended in the middle; ``too_long``: longer than is read; ``garbage``: not in the form asked for."""

MEANINGS: dict[Failing, str] = {
    "unreachable": "no connection: see its address, and that the server runs",
    "refused": "it refuses the call: see its key and the model's name",
    "redirected": "it leads elsewhere, which is not followed: set the address it leads to",
    "late_first": "nothing came in time: it is overloaded, or the model is still being loaded",
    "late": "not all came in time: the model is too slow for the setting",
    "broken": "it ended in the middle of an answer",
    "too_long": "it wrote more than is read",
    "garbage": "what it wrote is not in the form asked for",
}
