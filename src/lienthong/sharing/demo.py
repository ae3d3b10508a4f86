"""Services, requests and accounts to try things on, made by the commands that officers use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import confirm_fields, put_into_operation
from lienthong.catalogue.demo import make_database, make_dataset
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.inventory.demo import capture_now, make_source, survey_now

from . import commands
from .models import ConnectionAccount, SharingRequest, SharingService

ROWS = (
    "ma_xa,ten_xa,ma_tinh,dan_so,dien_thoai\n"
    "00001,Phường An Hòa,01,12000,0912345678\n"
    "00004,Xã Ỗ Ẫ,01,8000,0987654321\n"
    "00007,Xã Đất Đỏ,02,,0911222333\n"
)


def make_served_dataset(
    owner: Agency,
    folder: Path,
    *,
    rows: str = ROWS,
    slug: str = "xa-thu",
    in_operation: bool = True,
    **given: Any,
) -> Dataset:
    """A dataset with one version, captured from a CSV file; its database is in operation unless told otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "xa.csv").write_text(rows, encoding="utf-8")
    database = make_database(owner, **given)
    make_source(database, folder)
    survey_now(database)
    confirm_fields(actor=SYSTEM, database=database)
    dataset = make_dataset(database, name=f"Danh sách xã {slug}", key=["ma_xa"], slug_text=slug)
    capture_now(dataset)
    if in_operation:
        put_into_operation(actor=SYSTEM, database=database)
    dataset.refresh_from_db()
    return dataset


def make_service(
    dataset: Dataset,
    *,
    actor: Actor = SYSTEM,
    code: str = "tra-cuu-xa",
    columns: Sequence[str] = ("ma_xa", "ten_xa", "ma_tinh", "dan_so"),
    published: bool = True,
    **given: Any,
) -> SharingService:
    """A service on a dataset, published unless told otherwise."""
    values: dict[str, Any] = {"name": "Tra cứu xã", "description": "Tra cứu xã theo mã."}
    service = commands.prepare_service(
        actor=actor, dataset=dataset, code=code, columns=columns, **(values | given)
    )
    if published:
        commands.make_service_ready(actor=actor, service=service)
        commands.publish_service(actor=actor, service=service)
    return service


def make_request(
    service: SharingService, requester: Agency, *, actor: Actor = SYSTEM, **given: Any
) -> SharingRequest:
    """A whole request for a service."""
    values: dict[str, Any] = {
        "purpose": "Kiểm tra địa chỉ khi cấp giấy phép.",
        "solution": "Tra mã khi nhập hồ sơ; không lưu bản sao.",
        "items": service.columns,
        "frequency": "200 lượt/ngày",
    }
    return commands.receive_request(actor=actor, service=service, requester=requester, **(values | given))


def make_account(
    service: SharingService, requester: Agency, *, actor: Actor = SYSTEM, **given: Any
) -> tuple[ConnectionAccount, str]:
    """An account on a service, with its key."""
    return commands.issue_account(actor=actor, request=make_request(service, requester), **given)
