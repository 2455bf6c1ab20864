"""Text that others wrote, made harmless for a message that the page reads as Markdown."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_INLINE = re.compile(r"[\\`*_\[\]<~|]|&(?=#|\w)")
_LEADING = re.compile(r"^(?:[#>=+:-]|\d{1,9}(?=[.)]))")
_SPACES = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")


def plain(text: str) -> str:
    """Return one line that Markdown shows exactly as ``text``: no markup, image, link or HTML.

    Characters are escaped only where CommonMark or its tables and strikethrough would read them,
    so that the message stays legible as plain text. Runs of blanks and line breaks become one
    space; no-break spaces stay, as in the guide.
    """
    line = _INLINE.sub(r"\\\g<0>", _SPACES.sub(" ", text).strip())
    return _LEADING.sub(_escape_start, line)


def plain_part(text: str) -> str:
    """Return a part of a line as `plain` does, and keep a blank at either end."""
    bare = text.strip()
    if not bare:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{plain(bare)}{' ' * text[-1].isspace()}"


def _escape_start(found: re.Match[str]) -> str:
    start = found.group()
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def safe_address(address: str | None) -> str | None:
    """Return a web address that may stand in a link, or None for anything but http and https."""
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(address.strip(), safe="%/:=&?~#+!$,;'@()*[]")


def link(text: str, address: str | None) -> str:
    """Return a Markdown link to an address, or the plain text when there is no safe address."""
    target = safe_address(address)
    return f"[{plain(text)}](<{target}>)" if target else plain(text)
