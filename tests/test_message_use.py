"""Every text of the catalogues is shown somewhere: what nothing uses would only be translated."""

from __future__ import annotations

import re
from pathlib import Path

import civic_assistant
from civic_assistant.messages import messages_for

PACKAGE = Path(civic_assistant.__file__).parent
WRITTEN = {".py", ".js", ".jsx", ".html"}


def sources(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in WRITTEN
    )


def unused(keys: set[str], text: str, beginnings: set[str]) -> set[str]:
    """Return the keys that are written nowhere, whole or as a beginning and a quoted last part."""
    literals = set(re.findall(r"""["']([a-z][a-z0-9_.]*)["']""", text))

    def is_used(key: str) -> bool:
        parts = key.split(".")
        return key in literals or any(
            ".".join(parts[:at]) in beginnings and set(parts[at:]) <= literals
            for at in range(1, len(parts))
        )

    return {key for key in keys if not is_used(key)}


def test_every_text_for_citizens_is_used() -> None:
    text = sources(PACKAGE)
    beginnings = set(re.findall(r"""["']([a-z_.]+)\.\{\w""", text))
    assert unused(set(messages_for("fr").texts), text, beginnings) == set()
