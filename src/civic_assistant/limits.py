"""How long a question may be, and how many an address may ask in a minute.

Nothing is logged, and no address is kept longer than a minute of silence or in any file.
"""

from __future__ import annotations

import ipaddress
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

from civic_assistant.outcomes import Refused

WINDOW_SECONDS = 60.0
ADDRESSES_KEPT = 10_000
"""At most so many addresses are remembered; the one silent for longest is forgotten first."""


class RateLimit:
    """A sliding minute for each address; safe to share between threads.

    ``clock`` returns seconds that never go back. An IPv6 address counts as its /64 network,
    which one household or attacker holds whole.
    """

    def __init__(
        self,
        per_minute: int,
        clock: Callable[[], float] = time.monotonic,
        addresses_kept: int = ADDRESSES_KEPT,
    ) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._addresses_kept = addresses_kept
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def admits(self, address: str) -> bool:
        """Whether the address may ask now; if so, this counts as a question.

        What is turned away does not count, so that waiting always helps.
        """
        key = network_of(address)
        with self._lock:
            now = self._clock()
            self._forget(now)
            asked = self._asked.setdefault(key, deque())
            while asked and asked[0] <= now - WINDOW_SECONDS:
                asked.popleft()
            if len(asked) >= self._per_minute:
                return False
            asked.append(now)
            self._asked.move_to_end(key)
            while len(self._asked) > self._addresses_kept:
                self._asked.popitem(last=False)
            return True

    def is_spent(self, address: str) -> bool:
        """Whether the address has asked as often as it may; nothing is counted."""
        with self._lock:
            asked = self._asked.get(network_of(address), ())
            since = self._clock() - WINDOW_SECONDS
            return sum(at > since for at in asked) >= self._per_minute

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._asked)

    def _forget(self, now: float) -> None:
        # The order is that of the last question, so the silent ones are in front.
        while self._asked:
            address, asked = next(iter(self._asked.items()))
            if asked and asked[-1] > now - WINDOW_SECONDS:
                return
            del self._asked[address]


def bounded_question(text: str, limit: int) -> str | Refused:
    """Return the question in NFC without control characters and outer blanks, or why it is refused.

    ``limit`` counts characters after that. Line breaks and tabs stay.
    """
    if len(text) > 4 * limit:
        return Refused("too_long")
    shown = plain_text(text).strip()
    if not any(unicodedata.category(character)[0] in "LNS" for character in shown):
        return Refused("empty")
    return Refused("too_long") if len(shown) > limit else shown


def plain_text(text: str) -> str:
    """Return the text in NFC without control characters and halves of characters.

    Databases, JSON and terminals take it as it is. Line breaks and tabs stay.
    """
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return "".join(
        character
        for character in unicodedata.normalize("NFC", whole)
        if character in "\n\t" or unicodedata.category(character) != "Cc"
    )


def network_of(address: str) -> str:
    """Return what counts as one visitor: an IPv4 address, an IPv6 address's /64 network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)
