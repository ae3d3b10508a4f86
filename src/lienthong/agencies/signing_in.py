"""Accounts are made by an administrator; nobody signs up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for people whom an administrator has given an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
