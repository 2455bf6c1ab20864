"""The commands ``civic-assistant staff …``: local accounts of staff."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from civic_assistant.command_line import errors_told
from civic_assistant.desk.accounts import Accounts
from civic_assistant.settings import Settings, StaffRole, load_settings

staff = typer.Typer(help="Accounts of staff who sign in at the desk.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What the person types to sign in.")]
DesksOption = Annotated[
    list[str] | None, typer.Option("--desk", help="A desk of theirs; may be repeated.")
]
EditorOption = Annotated[
    bool,
    typer.Option("--editor", help="Changes and publishes guides; without --desk or --lead only."),
]
LeadOption = Annotated[
    bool, typer.Option("--lead", help="May see every desk's conversations and the figures.")
]


@contextmanager
def _opened() -> Iterator[tuple[Accounts, Settings]]:
    with errors_told():
        from civic_assistant.assembly import open_records

        settings = load_settings()
        records = open_records(settings)
        try:
            yield Accounts(records), settings
        finally:
            records.dispose()


def _new_password() -> str:
    """Read a password: asked twice at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


@staff.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="The name citizens read.")] = "",
    desk: DesksOption = None,
    lead: LeadOption = False,
    editor: EditorOption = False,
) -> None:
    """Make an account; the password is asked, or read from standard input."""
    with _opened() as (accounts, settings):
        from civic_assistant.handoff.desks import load_desks

        desks = load_desks(settings.desks_file)
        wanted = [desks.desk(desk_id).id for desk_id in desk or (desks.default.id,)]
        held: dict[StaffRole, bool] = {
            "agent": lead or bool(desk) or not editor,
            "lead": lead,
            "editor": editor,
        }
        account = accounts.add(
            login,
            name=name,
            password=_new_password(),
            desks=wanted,
            roles=[role for role, is_held in held.items() if is_held],
            now=datetime.now(UTC),
        )
        typer.echo(f"{account.login}: {account.name}, {', '.join(account.desks)}")


@staff.command("list")
def list_accounts() -> None:
    """List the accounts with their desks and roles."""
    with _opened() as (accounts, _):
        for account in accounts.accounts():
            desks, roles = ", ".join(account.desks), ", ".join(account.roles)
            typer.echo(f"{account.login}  {account.name}  [{desks}]  {roles}")


@staff.command()
def remove(login: Login) -> None:
    """Take an account away; whoever holds it is signed out at once."""
    with _opened() as (accounts, _):
        accounts.remove(login)


@staff.command()
def password(login: Login) -> None:
    """Set another password, asked or read from standard input; signs the account out."""
    with _opened() as (accounts, _):
        accounts.set_password(login, _new_password())
