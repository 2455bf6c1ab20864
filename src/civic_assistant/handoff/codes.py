"""Return codes: how a citizen without an account comes back to a conversation."""

from __future__ import annotations

import hashlib
import re
import secrets

# No vowels, so that no code is a word; no signs that look or sound like one another.
SIGNS = "CFHJKMQRTVWX234679"
LENGTH = 20
"""Signs of a code: 83 bits, drawn by chance, so that a plain digest is enough to keep it."""

_GROUP = 4
_DOMAIN = b"civic-assistant return code\n"


def new_code() -> str:
    """Return a code that cannot be guessed, such as ``V7KM-3QMR-…``, five groups of four."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))


def digest(code: str) -> str:
    """Return what is kept of a code as a citizen writes it: case, blanks and dashes do not matter.

    SHA-256 in hexadecimal digits; what is no code has a digest that no conversation has.
    """
    signs = re.sub(r"[^A-Z0-9]", "", code[:200].upper())
    return hashlib.sha256(_DOMAIN + signs.encode("ascii")).hexdigest()
