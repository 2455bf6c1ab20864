"""The product opened for asking questions on editions, and closed after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from civic_assistant.assembly import Product, assemble

if TYPE_CHECKING:
    from civic_assistant.embedding import Embedding
    from civic_assistant.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def asking_product(
    settings: Settings, embedding: Embedding, clock: Callable[[], datetime] = _now
) -> Iterator[Product]:
    """Open the product over the settings' index and database; raises what `assemble` raises."""
    product = assemble(settings, embedding, clock=clock)
    try:
        yield product
    finally:
        product.records.dispose()
