"""Suspend, restore and end a connection account; replace its key."""

from __future__ import annotations

from django.db import transaction

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.tracing import carries
from lienthong.foundation.workflow import take_step

from ..access import may_replace_key, require_provider
from ..errors import AccountEnded
from ..events import AccountRestored, AccountTerminated, AccountWasSuspended, KeyReplaced
from ..models import AccountState, ConnectionAccount
from ..rules import new_key


@carries("SUS-02")
def suspend_account(*, actor: Actor, account: ConnectionAccount, because: str) -> ConnectionAccount:
    """Suspend one consumer's account for a breach or a risk; the gateway refuses its next call."""
    require_provider(actor, account.service, "tạm ngừng tài khoản kết nối", "suspend the connection account")
    take_step(
        actor=actor,
        record=account,
        step="suspend",
        fact=AccountWasSuspended(
            account_id=account.pk, account=account.code, request_id=account.request_id, because=because
        ),
        reason=because,
        because=because,
    )
    return account


@carries("SUS-02")
def restore_account(*, actor: Actor, account: ConnectionAccount) -> ConnectionAccount:
    """Restore a suspended account."""
    require_provider(actor, account.service, "khôi phục tài khoản kết nối", "restore the connection account")
    take_step(
        actor=actor,
        record=account,
        step="restore",
        fact=AccountRestored(account_id=account.pk, account=account.code, request_id=account.request_id),
    )
    return account


@carries("SUS-03")
def terminate_account(*, actor: Actor, account: ConnectionAccount, because: str) -> ConnectionAccount:
    """End an account for good."""
    require_provider(actor, account.service, "chấm dứt tài khoản kết nối", "terminate the connection account")
    take_step(
        actor=actor,
        record=account,
        step="terminate",
        fact=AccountTerminated(
            account_id=account.pk, account=account.code, request_id=account.request_id, because=because
        ),
        reason=because,
        because=because,
    )
    return account


@carries("ACC-01")
def replace_key(*, actor: Actor, account: ConnectionAccount) -> str:
    """Give an account a new key, shown this once; the old one stops working at once."""
    if not may_replace_key(actor, account):
        raise NotAllowed(act="thay khóa kết nối", act_en="replace the connection key")
    key = new_key(account.code)
    with transaction.atomic():
        locked = ConnectionAccount.objects.select_for_update().get(pk=account.pk)
        if locked.state == AccountState.TERMINATED:
            raise AccountEnded()
        locked.key_digest, locked.key_ending = key.digest, key.ending
        locked.save(update_fields=["key_digest", "key_ending"])
        publish(
            actor=actor,
            fact=KeyReplaced(account_id=account.pk, account=account.code, request_id=account.request_id),
        )
    account.refresh_from_db()
    return key.shown
