"""One of the page's own elements, as it is stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Props = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Element:
    """One of the page's elements (``SourceCard``…) and what it is given."""

    id: str
    name: str
    props: Props
