"""Corrections over the market's town of the verified answers, and real databases."""

from __future__ import annotations

from tests.store.conftest import engine, sqlite_engine, sqlite_url, url
from tests.store.emptied import emptied_url, postgresql_url
from tests.verified.conftest import open_shop, shop

__all__ = [
    "emptied_url",
    "engine",
    "open_shop",
    "postgresql_url",
    "shop",
    "sqlite_engine",
    "sqlite_url",
    "url",
]
