"""Give a person an account, a password, or neither any more. What the person may do follows from posts."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation

from lienthong.foundation.errors import InputRefused, NotAllowed, NotFound

from .actor import Actor
from .models import User


def open_account(*, actor: Actor, username: str, full_name: str, password: str, email: str = "") -> User:
    """Give a person an account; it may do nothing until the person holds a post."""
    _require_product(actor)
    user = User(username=username.strip(), full_name=full_name.strip(), email=email.strip())
    if not user.full_name:
        raise _refused("Họ và tên", "Full name", "chưa có", "it is missing")
    try:
        User.username_validator(user.username)
        User._meta.get_field("username").clean(user.username, user)
    except ValidationError:
        raise _refused(
            "Tên đăng nhập",
            "User name",
            "chỉ gồm chữ, số và @ . + - _, tối đa 150 ký tự",
            "letters, digits and @ . + - _ only, 150 characters at most",
        ) from None
    if user.email:
        try:
            validate_email(user.email)
        except ValidationError:
            raise _refused(
                "Thư điện tử", "E-mail", "không phải địa chỉ thư", "it is not an address"
            ) from None
    _require_good_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        if User.objects.filter(username__iexact=user.username).exists():
            raise _refused("Tên đăng nhập", "User name", "đã có người dùng", "it is taken")
        user.save()
    return user


def give_password(*, actor: Actor, username: str, password: str) -> User:
    """Give an account a new password; sessions begun under the old one end."""
    _require_product(actor)
    with transaction.atomic():
        user = _account(username)
        _require_good_password(password, user)
        user.set_password(password)
        user.demo_password = ""
        user.save(update_fields=["password", "demo_password"])
    return user


def disable_account(*, actor: Actor, username: str) -> User:
    """Close an account: nobody signs in with it any more; what its person did stays on record."""
    _require_product(actor)
    with transaction.atomic():
        user = _account(username)
        user.is_active = False
        user.demo_password = ""
        user.save(update_fields=["is_active", "demo_password"])
    return user


def _require_product(actor: Actor) -> None:
    # So far accounts are kept on the command line alone, by whoever may run it on the server.
    if not actor.is_system and actor.origin != "cli":
        raise NotAllowed(act="quản lý tài khoản", act_en="keep accounts")


def _account(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound(what=f"tài khoản “{username}”", what_en=f"The account “{username}”")
    return user


def _require_good_password(password: str, user: User) -> None:
    why = {}
    for locale in ("vi", "en"):
        # The texts are made in the language of the moment.
        with translation.override(locale):
            try:
                validate_password(password, user)
            except ValidationError as error:
                why[locale] = " ".join(error.messages).rstrip(".")
    if why:
        raise _refused("Mật khẩu", "Password", why["vi"], why["en"])


def _refused(name: str, name_en: str, why: str, why_en: str) -> InputRefused:
    return InputRefused(name=name, name_en=name_en, why=why, why_en=why_en)
