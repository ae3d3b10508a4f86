"""What happens to accounts. The facts stand here, because accounts stand below the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .facts import Fact


@dataclass(frozen=True)
class OfAccount(Fact):
    subject_kind: ClassVar[str] = "accounts.user"
    subject_field: ClassVar[str] = "account_id"
    account_id: int
    username: str


@dataclass(frozen=True)
class AccountOpened(OfAccount):
    vi: ClassVar[str] = "Cấp tài khoản {username}"
    en: ClassVar[str] = "Account {username} was opened"


@dataclass(frozen=True)
class PasswordGiven(OfAccount):
    vi: ClassVar[str] = "Đặt lại mật khẩu của {username}"
    en: ClassVar[str] = "Account {username} was given a new password"


@dataclass(frozen=True)
class AccountDisabled(OfAccount):
    vi: ClassVar[str] = "Khóa tài khoản {username}"
    en: ClassVar[str] = "Account {username} was closed"
