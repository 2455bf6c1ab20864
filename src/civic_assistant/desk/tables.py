"""The tables of staff: local accounts, and who is signed in."""

from __future__ import annotations

from sqlalchemy import JSON, Column, String, Table, Text, UniqueConstraint

from civic_assistant.records import METADATA, UtcDateTime

STAFF_ACCOUNTS = Table(
    "staff_account",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("login", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("password", Text, nullable=False),
    Column("desks", JSON, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("created_at", UtcDateTime(), nullable=False),
    UniqueConstraint("login", name="uq_staff_account_login"),
)
"""``password`` is an Argon2id hash with its parameters."""

STAFF_SESSIONS = Table(
    "staff_session",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("desks", JSON, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("opened_at", UtcDateTime(), nullable=False),
    Column("ends_at", UtcDateTime(), nullable=False, index=True),
)
"""``digest`` is the SHA-256 of the cookie's token, which is kept nowhere."""
