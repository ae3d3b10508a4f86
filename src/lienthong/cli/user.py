"""`lienthong user`: accounts, kept by whoever may run commands on the server.

A password never stands on a command line, where every process of the machine could read it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from .datadir import CannotStart
from .loading import data_option, load

password_option = click.option(
    "--password-env",
    metavar="NAME",
    help="Lấy mật khẩu từ biến môi trường này thay vì hỏi / Take the password from this variable",
)


@click.group()
def user() -> None:
    """Tài khoản người dùng / Accounts: add, password, list, disable."""


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """A refusal is one line of Vietnamese and English, and exit code 2."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        from lienthong.foundation.errors import DomainError

        try:
            command(*arguments, **options)
        except DomainError as error:
            click.echo(f"{error.text('vi')} / {error.text('en')}", err=True)
            sys.exit(2)
        except CannotStart as error:
            click.echo(error.line, err=True)
            sys.exit(2)

    return run


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="Họ và tên / Full name")
@click.option("--email", default="", help="Thư điện tử / E-mail")
@password_option
@data_option
@plainly
def add(username: str, name: str, email: str, password_env: str | None, data: Path) -> None:
    """Cấp tài khoản / Give a person an account."""
    load(data)
    from lienthong.foundation.accounts.commands import open_account
    from lienthong.foundation.events.people import AccountOpened

    given = _password(password_env)
    _keep(
        AccountOpened,
        lambda: open_account(actor=_here(), username=username, full_name=name, email=email, password=given),
    )
    click.echo(f"Đã cấp tài khoản {username} / Account {username} is open")


@user.command()
@click.argument("username")
@password_option
@data_option
@plainly
def password(username: str, password_env: str | None, data: Path) -> None:
    """Đặt lại mật khẩu / Give an account a new password."""
    load(data)
    from lienthong.foundation.accounts.commands import give_password
    from lienthong.foundation.events.people import PasswordGiven

    given = _password(password_env)
    _keep(PasswordGiven, lambda: give_password(actor=_here(), username=username, password=given))
    click.echo(f"Đã đặt lại mật khẩu của {username} / {username} has a new password")


@user.command("list")
@data_option
@plainly
def listing(data: Path) -> None:
    """Danh sách tài khoản / List the accounts."""
    load(data)
    from lienthong.foundation.accounts.models import User

    for account in User.objects.all():
        state = "" if account.is_active else "  (đã khóa / disabled)"
        click.echo(f"{account.username:<30} {account.full_name}{state}")


@user.command()
@click.argument("username")
@data_option
@plainly
def disable(username: str, data: Path) -> None:
    """Khóa tài khoản / Close an account."""
    load(data)
    from lienthong.foundation.accounts.commands import disable_account
    from lienthong.foundation.events.people import AccountDisabled

    _keep(AccountDisabled, lambda: disable_account(actor=_here(), username=username))
    click.echo(f"Đã khóa tài khoản {username} / Account {username} is closed")


@user.command()
@click.argument("username")
@click.option("--agency-code", required=True, help="Mã định danh của cơ quan / Identifier code of the agency")
@click.option("--agency-name", default="", help="Tên cơ quan, nếu chưa có / Its name, when it is new")
@click.option(
    "--agency-kind",
    type=click.Choice(["ministry", "province", "department", "commune", "unit", "other"]),
    default="province",
    show_default=True,
    help="Loại cơ quan, nếu chưa có / Its kind, when it is new",
)
@data_option
@plainly
def administrator(username: str, agency_code: str, agency_name: str, agency_kind: str, data: Path) -> None:
    """Giao quyền quản trị, kể cả người đầu tiên / Make an account an administrator, the first one too."""
    load(data)
    from lienthong.agencies.commands import make_administrator
    from lienthong.foundation.accounts.actor import SYSTEM

    # Who may run this on the machine stands above every role in it.
    agency = make_administrator(
        actor=SYSTEM, username=username, agency_code=agency_code, agency_name=agency_name, kind=agency_kind
    )
    click.echo(
        f"{username}: quản trị hệ thống của {agency.name} / administrator of {agency.display_name('en')}"
    )


def _keep(fact: Any, act: Callable[[], Any]) -> None:
    """Do the act and enter it in the log: both, or neither."""
    from django.db import transaction

    from lienthong.foundation.events.commands import publish

    with transaction.atomic():
        account = act()
        publish(actor=_here(), fact=fact(account_id=account.pk, username=account.username))


def _here() -> Any:
    from lienthong.foundation.accounts.actor import Actor

    return Actor(origin="cli")


def _password(variable: str | None) -> str:
    if variable is None:
        return str(click.prompt("Mật khẩu / Password", hide_input=True, confirmation_prompt=True))
    given = os.environ.get(variable)
    if not given:
        raise CannotStart(f"Biến môi trường {variable} trống.", f"The variable {variable} is empty.")
    return given
