"""How long shared data may be used, and the copies consumers keep: counted, reminded of, void, renewed, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lienthong.agencies.models import Agency, Work
from lienthong.authority import commands as authority
from lienthong.catalogue.commands import mark_secret
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.papers.sheets import rows_of
from lienthong.foundation.tracing import carries
from lienthong.regulations.demo import make_published
from lienthong.regulations.models import Regulation
from lienthong.sharing import commands
from lienthong.sharing.access import copies_visible_to, copy_for
from lienthong.sharing.copy_rules import Term, after, expiry_of, require_reason
from lienthong.sharing.demo import make_account
from lienthong.sharing.errors import (
    AccountEnded,
    CopyInFuture,
    CopyReasonMissing,
    ErasureUnsaid,
    UseTermRefused,
    UseTermWithoutRegulation,
)
from lienthong.sharing.models import ConnectionAccount, CopyState, Method, SharingService, StoredCopy

NOW = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
KEPT = {"reason": "use", "place": "Phần mềm quản lý bệnh viện"}


@carries("CON-04")
@pytest.mark.parametrize(
    ("method", "synced", "term", "expiry"),
    [
        ("online_query", NOW, Term(12, "month"), NOW),
        ("online_query", NOW + timedelta(days=3), None, NOW + timedelta(days=3)),
        ("sync", NOW + timedelta(days=3), Term(10, "calendar_day"), NOW + timedelta(days=13)),
        ("packaged", NOW + timedelta(days=3), Term(10, "calendar_day"), NOW + timedelta(days=10)),
        ("sync", NOW, Term(1, "month"), datetime(2026, 2, 28, 9, 0, tzinfo=UTC)),
        ("sync", NOW, None, None),
        ("packaged", NOW, None, None),
    ],
)
def test_until_when_a_copy_may_be_used(
    method: str, synced: datetime, term: Term | None, expiry: datetime | None
) -> None:
    assert expiry_of(method, taken_at=NOW, synced_at=synced, term=term) == expiry


def test_months_end_on_their_last_day() -> None:
    assert after(datetime(2027, 12, 31, tzinfo=UTC), Term(2, "month")) == datetime(2028, 2, 29, tzinfo=UTC)


@carries("CON-05")
@pytest.mark.parametrize(
    ("reason", "ground", "place"),
    [("", "", "máy chủ"), ("allowed", "", "máy chủ"), ("use", "", ""), ("other", "", "x")],
)
def test_a_copy_needs_one_of_three_reasons(reason: str, ground: str, place: str) -> None:
    with pytest.raises(CopyReasonMissing):
        require_reason(reason, ground, place)


@pytest.fixture
def account(service: SharingService, health: Agency) -> ConnectionAccount:
    SharingService.objects.filter(pk=service.pk).update(method=Method.SYNC)
    service.refresh_from_db()
    found, _key = make_account(service, health)
    return found


@pytest.fixture
def consumer(actors: dict[str, Actor]) -> Actor:
    return actors["khai-thac"]


@pytest.fixture
def regulation(service: SharingService) -> Regulation:
    return make_published(service.provider, number="07/QĐ-UBND")


def due() -> set[str]:
    return set(
        Work.objects.filter(subject_kind="sharing.storedcopy", done_at__isnull=True).values_list(
            "number", flat=True
        )
    )


@carries("CON-04", "CON-05")
def test_a_copy_is_reminded_of_void_and_renewed(
    actors: dict[str, Actor], account: ConnectionAccount, consumer: Actor, regulation: Regulation
) -> None:
    term = commands.set_use_term(
        actor=actors["chu-quan"],
        service=account.service,
        amount=30,
        unit="calendar_day",
        regulation=regulation,
    )
    copy = commands.register_copy(actor=consumer, account=account, **KEPT)
    assert copy.expires_at == copy.synced_at + timedelta(days=30)
    assert (copy.regulation, copy.version) == (term.regulation, 1)
    # Nothing is said before its time, once is enough, and at the end the copy is void.
    assert commands.watch_copies(now=copy.synced_at + timedelta(days=10)) == 0
    near = copy.synced_at + timedelta(days=20)
    assert commands.watch_copies(now=near) == 1
    assert commands.watch_copies(now=near) == 0
    assert due() == {copy.number}
    assert commands.watch_copies(now=copy.synced_at + timedelta(days=31)) == 1
    copy.refresh_from_db()
    assert copy.state == CopyState.VOID
    # Synchronised anew it counts again.
    commands.renew_copy(actor=consumer, copy=copy)
    assert copy.state == CopyState.VALID
    assert copy.expires_at == copy.synced_at + timedelta(days=30)
    assert due() == set()
    with pytest.raises(CopyInFuture):
        commands.renew_copy(actor=consumer, copy=copy, synced_at=copy.synced_at - timedelta(days=1))
    with pytest.raises(ErasureUnsaid):
        commands.erase_copy(actor=consumer, copy=copy, how="")
    commands.erase_copy(actor=consumer, copy=copy, how="Xóa khỏi máy chủ và bản dự phòng, biên bản 5")
    assert copy.state == CopyState.ERASED


@carries("CON-04")
def test_a_use_term_rests_on_a_regulation_in_force(
    world: Any, actors: dict[str, Actor], account: ConnectionAccount, consumer: Actor, regulation: Regulation
) -> None:
    copy = commands.register_copy(actor=consumer, account=account, **KEPT)
    assert copy.expires_at is None
    elsewhere = make_published(world.agencies["G99"], number="9/QĐ")
    given: dict[str, Any] = {"actor": actors["chu-quan"], "service": account.service, "unit": "month"}
    with pytest.raises(UseTermWithoutRegulation):
        commands.set_use_term(**given, amount=1, regulation=elsewhere)
    with pytest.raises(UseTermRefused):
        commands.set_use_term(**given, amount=500, regulation=regulation)
    with pytest.raises(NotAllowed):
        commands.set_use_term(**(given | {"actor": consumer}), amount=1, regulation=regulation)
    commands.set_use_term(**given, amount=1, regulation=regulation)
    copy.refresh_from_db()
    assert copy.expires_at is not None


@carries("CON-04", "SUS-03")
def test_what_comes_of_an_ended_account_and_of_a_correction(
    actors: dict[str, Actor], account: ConnectionAccount, consumer: Actor, health: Agency
) -> None:
    copy = commands.register_copy(actor=consumer, account=account, **KEPT)
    case = commands.report_wrong_data(
        actor=consumer, service=account.service, reporter=health, text="Sai tên"
    )
    authority.confirm_discrepancy(actor=SYSTEM, case=case, finding="Đúng là sai")
    authority.report_corrected(actor=SYSTEM, case=case, measure="Sửa", certificate={"equal": True})
    assert commands.outdate_copies(case=case) == 1
    assert commands.outdate_copies(case=case) == 0
    copy.refresh_from_db()
    assert copy.outdated_by == case.number
    commands.renew_copy(actor=consumer, copy=copy)
    assert copy.outdated_by == ""
    commands.terminate_account(actor=actors["chu-quan"], account=account, because="Hết nhu cầu")
    assert commands.void_copies_of(account=account) == 1
    copy.refresh_from_db()
    assert copy.state == CopyState.VOID
    with pytest.raises(AccountEnded):
        commands.renew_copy(actor=consumer, copy=copy)
    with pytest.raises(AccountEnded):
        commands.register_copy(actor=consumer, account=account, **KEPT)


@carries("SEC-01")
def test_a_secret_hides_its_copies(account: ConnectionAccount, consumer: Actor) -> None:
    copy = commands.register_copy(actor=consumer, account=account, **KEPT)
    assert copy_for(consumer, copy.number) == copy
    database = account.service.dataset.database
    mark_secret(actor=SYSTEM, database=database, reason="Bí mật nhà nước")
    assert commands.show_copies_anew(database=database) == 1
    assert list(copies_visible_to(consumer)) == []
    with pytest.raises(NotFound):
        copy_for(consumer, copy.number)


@carries("CON-04", "CON-05")
def test_the_pages_of_both_sides(
    as_officer: Callable[..., Client], account: ConnectionAccount, regulation: Regulation
) -> None:
    service = account.service
    provider, consumer = as_officer("chu-quan"), as_officer("khai-thac")
    term = f"/lam-viec/dich-vu/{service.code}/thoi-han-su-dung/"
    assert "07/QĐ-UBND" in provider.get(term).content.decode()
    assert provider.post(term, {"amount": 0, "unit": "month", "regulation": regulation.pk}).status_code == 422
    assert provider.post(term, {"amount": 6, "unit": "month", "regulation": regulation.pk}).status_code == 302
    register = f"/lam-viec/tai-khoan/{account.code}/ban-sao/"
    assert "Thời hạn sử dụng: 6 tháng" in consumer.get(register).content.decode()
    refused = consumer.post(register, {"reason": "allowed", "place": "Máy chủ Sở"})
    assert "văn bản cho phép" in refused.content.decode()
    consumer.post(register, {"reason": "performance", "place": "Máy chủ Sở", "items": ["ma_xa", "ten_xa"]})
    copy = StoredCopy.objects.get()
    assert copy.items == ["ma_xa", "ten_xa"]
    for browser in (provider, consumer):
        assert copy.number in browser.get("/lam-viec/ban-sao/").content.decode()
        assert copy.number in browser.get(f"/lam-viec/ban-sao/{copy.number}/").content.decode()
    assert copy.number in consumer.get("/lam-viec/ban-sao/?ben=giu").content.decode()
    assert "Bỏ điều kiện lọc" in consumer.get("/lam-viec/ban-sao/?ben=cap").content.decode()
    assert any(copy.number in row for row in rows_of(consumer.get("/lam-viec/ban-sao/xuat.xlsx").content))
    page = f"/lam-viec/ban-sao/{copy.number}/"
    assert provider.post(page, {"viec": "xoa", "how": "Đã xóa trên máy chủ"}).status_code == 403
    assert consumer.post(page, {"viec": "xoa", "how": ""}).status_code == 422
    assert consumer.post(page, {"viec": "dong-bo"}).status_code == 302
    assert consumer.post(page, {"viec": "xoa", "how": "Đã xóa trên máy chủ"}).status_code == 302
    told = consumer.get("/api/v1/stored-copies").json()["items"]
    assert [(one["number"], one["state"]) for one in told] == [(copy.number, "erased")]
