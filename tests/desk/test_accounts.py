from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from civic_assistant.desk.accounts import Accounts
from civic_assistant.desk.sessions import Member, Sessions, form_token, is_own_form
from civic_assistant.desk.tables import STAFF_ACCOUNTS, STAFF_SESSIONS
from civic_assistant.errors import AccountRefused, RecordMissing
from civic_assistant.records import reading

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECRET = "une phrase de passe"


@pytest.fixture
def accounts(engine: Engine) -> Accounts:
    """Hashes that take no time: the parameters are kept with each hash."""
    return Accounts(engine, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def add(accounts: Accounts, login: str = "awa", password: str = SECRET) -> str:
    account = accounts.add(
        login, name="Awa D.", password=password, desks=["accueil"], roles=["agent"], now=NOW
    )
    return account.id


def test_only_the_right_password_opens_an_account(accounts: Accounts) -> None:
    staff_id = add(accounts)
    opened = accounts.check(" AWA ", SECRET)
    assert opened is not None
    assert (opened.id, opened.name, opened.desks) == (staff_id, "Awa D.", ("accueil",))
    assert accounts.check("awa", SECRET + "!") is None
    assert accounts.check("nobody", SECRET) is None


def test_no_password_is_kept_in_clear(accounts: Accounts, engine: Engine) -> None:
    add(accounts)
    with reading(engine) as connection:
        kept = connection.scalar(select(STAFF_ACCOUNTS.c.password))
    assert str(kept).startswith("$argon2id$")
    assert SECRET not in str(kept)


def test_a_hash_of_weaker_parameters_is_renewed_at_sign_in(engine: Engine) -> None:
    add(Accounts(engine, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))
    stronger = Accounts(engine, PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    assert stronger.check("awa", SECRET) is not None
    with reading(engine) as connection:
        kept = connection.scalar(select(STAFF_ACCOUNTS.c.password))
    assert "m=16,t=2" in str(kept)


@pytest.mark.parametrize(
    ("login", "password"), [("awa", "short"), ("a b", SECRET), ("", SECRET), ("awa", "x" * 201)]
)
def test_unusable_logins_and_passwords_are_refused(
    accounts: Accounts, login: str, password: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        add(accounts, login, password)
    assert password == "" or password not in str(refused.value)


def test_a_login_is_taken_once(accounts: Accounts) -> None:
    add(accounts)
    with pytest.raises(AccountRefused, match="taken"):
        add(accounts, "Awa")


def test_removing_an_account_signs_it_out(accounts: Accounts, engine: Engine) -> None:
    sessions = Sessions(engine, 12)
    token = sessions.open(Member(add(accounts), "Awa D.", ("accueil",), ("agent",)), NOW)
    accounts.remove("awa")
    assert sessions.member(token, NOW) is None
    with pytest.raises(RecordMissing):
        accounts.remove("awa")


def test_another_password_signs_out_and_shuts_the_old_one_out(
    accounts: Accounts, engine: Engine
) -> None:
    sessions = Sessions(engine, 12)
    token = sessions.open(Member(add(accounts), "A", (), ("agent",)), NOW)
    accounts.set_password("awa", "une autre phrase")
    assert sessions.member(token, NOW) is None
    assert accounts.check("awa", SECRET) is None
    assert accounts.check("awa", "une autre phrase") is not None


def test_a_session_ends_by_itself_and_its_token_is_not_kept(engine: Engine) -> None:
    sessions = Sessions(engine, 12)
    token = sessions.open(Member("s", "Awa", ("accueil",), ("lead",)), NOW)
    member = sessions.member(token, NOW + timedelta(hours=11))
    assert member is not None and member.is_lead
    assert sessions.member(token, NOW + timedelta(hours=12)) is None
    assert sessions.member("another", NOW) is None
    with reading(engine) as connection:
        (row,) = connection.execute(select(STAFF_SESSIONS)).all()
    assert token not in map(str, row)


def test_signing_in_clears_sessions_that_are_over(engine: Engine) -> None:
    sessions = Sessions(engine, 12)
    sessions.open(Member("s", "Awa", (), ("agent",)), NOW)
    sessions.open(Member("t", "Bo", (), ("agent",)), NOW + timedelta(hours=13))
    with reading(engine) as connection:
        assert connection.scalars(select(STAFF_SESSIONS.c.staff_id)).all() == ["t"]


def test_a_form_of_another_session_is_not_ones_own() -> None:
    assert is_own_form("token", form_token("token"))
    assert not is_own_form("token", form_token("another"))
    assert not is_own_form("token", "é")
