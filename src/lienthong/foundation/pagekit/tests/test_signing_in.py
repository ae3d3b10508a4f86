"""Signing in, signing out, changing a password, the second step: in the kit's look, in Vietnamese, with no English left."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import get_user_model
from django.test import Client

pytestmark = pytest.mark.django_db

ENGLISH = re.compile(r"\b(sign|password|please|your|you|account|code|recovery|authenticator|confirm|the|enter|email|cancel|activate|generate|download)\b", re.IGNORECASE)  # fmt: skip
PAGES = [
    "/tai-khoan/login/",
    "/tai-khoan/password/reset/",
    "/tai-khoan/password/reset/done/",
    "/tai-khoan/password/reset/key/1-abc/",
    "/tai-khoan/inactive/",
]
PAGES_SIGNED_IN = [
    "/tai-khoan/logout/",
    "/tai-khoan/password/change/",
    "/tai-khoan/reauthenticate/",
    "/tai-khoan/2fa/",
    "/tai-khoan/2fa/totp/activate/",
    "/tai-khoan/2fa/totp/deactivate/",
    "/tai-khoan/2fa/recovery-codes/",
    "/tai-khoan/2fa/recovery-codes/generate/",
]


@pytest.fixture
def officer(settings):
    settings.ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    user = get_user_model()(username="binh")
    user.set_password("mot-mat-khau-dai")
    user.save()
    return user


def words_of(html: str) -> str:
    body = re.sub(r"<(script|head)\b.*?</\1>", " ", html, flags=re.S)
    body = re.sub(r"<a [^>]*lang=\"en\"[^>]*>.*?</a>", " ", body)
    body = re.sub(r"https?://[^\s<\"]+", " ", body)
    shown = " ".join(re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', body))
    return re.sub(r"<[^>]+>", " ", body) + " " + shown


def english_in(html: str) -> list[str]:
    """Words of the libraries that were left in English."""
    return sorted({match.group(0) for match in ENGLISH.finditer(words_of(html))})


@pytest.mark.parametrize("path", PAGES)
def test_a_page_before_signing_in_is_vietnamese(path, settings):
    settings.ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"
    response = Client().get(path, follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert '<html lang="vi">' in html
    assert "masthead" in html
    assert english_in(html) == []


@pytest.mark.parametrize("path", PAGES_SIGNED_IN)
def test_a_page_of_the_account_is_vietnamese(path, officer):
    visitor = Client()
    visitor.post("/tai-khoan/login/", {"login": "binh", "password": "mot-mat-khau-dai"})
    if path.endswith(("deactivate/", "recovery-codes/", "2fa/")):
        TOTP.activate(officer, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(officer)
    response = visitor.get(path, follow=True)
    html = response.content.decode()
    assert response.status_code == 200
    assert "masthead" in html
    assert english_in(html) == []


def test_signing_in_with_a_wrong_password_says_so_and_keeps_the_name(officer):
    response = Client().post("/tai-khoan/login/", {"login": "binh", "password": "sai"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Lỗi: Đăng nhập" in html
    assert "Có 1 nội dung cần sửa" in html
    assert "Sai tên đăng nhập hoặc mật khẩu." in html
    assert 'value="binh"' in html
    assert "sai" not in re.findall(r'value="([^"]*)"', html)


def test_a_password_can_be_pasted_and_filled_in_by_a_password_manager(officer):
    html = Client().get("/tai-khoan/login/").content.decode()
    assert 'autocomplete="current-password"' in html
    assert 'autocomplete="username"' in html or 'autocomplete="' in html
    assert "onpaste" not in html


def test_the_sign_in_page_is_english_on_request():
    html = Client().get("/en/tai-khoan/login/").content.decode()
    assert "<h1>Sign in</h1>" in html
    assert "Mật khẩu" not in html
