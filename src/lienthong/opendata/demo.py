"""Open datasets to try things on, made by the commands that officers use."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from lienthong.agencies.models import Agency
from lienthong.catalogue.commands import confirm_fields, describe_field, put_into_operation
from lienthong.catalogue.demo import make_database, make_dataset
from lienthong.catalogue.models import DataField, Dataset
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.inventory.demo import capture_now, make_source, survey_now

from . import commands
from .jobs import publish_now
from .models import OpenDataset

ROWS = (
    "ma_xa,ten_xa,dan_so,dien_tich,thanh_lap,dac_khu,dien_thoai\n"
    "00001,Phường An Hòa,12000,2.97,2025-07-01,false,0912345678\n"
    "00004,Xã Ỗ Ẫ,8000,105.5,2025-07-01,false,0987654321\n"
    "00007,Đặc khu Đất Đỏ,,1234.25,2020-03-02,true,0911222333\n"
)
OPENED = ("ma_xa", "ten_xa", "dan_so", "dien_tich", "thanh_lap", "dac_khu")


def make_dataset_with_version(
    owner: Agency,
    folder: Path,
    *,
    rows: str = ROWS,
    slug: str = "danh-sach-xa",
    in_operation: bool = True,
    **given: Any,
) -> Dataset:
    """A dataset with one version, captured from a CSV file; the telephone number in it is personal data."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "xa.csv").write_text(rows, encoding="utf-8")
    database = make_database(owner, **given)
    make_source(database, folder)
    survey_now(database)
    confirm_fields(actor=SYSTEM, database=database)
    telephone = DataField.objects.get(table__database=database, name="dien_thoai")
    describe_field(
        actor=SYSTEM,
        field=telephone,
        title="Điện thoại",
        sharing_class=telephone.sharing_class,
        personal_data="basic",
    )
    dataset = make_dataset(
        database, name="Danh sách xã", name_en="List of communes", key=["ma_xa"], slug_text=slug
    )
    capture_now(dataset)
    if in_operation:
        put_into_operation(actor=SYSTEM, database=database)
    return dataset


def make_new_version(dataset: Dataset, folder: Path, rows: str) -> None:
    """What the source holds now, captured as the next version."""
    (folder / "xa.csv").write_text(rows, encoding="utf-8")
    capture_now(dataset)


def make_classified(dataset: Dataset, *, actor: Actor = SYSTEM, **given: Any) -> OpenDataset:
    """A dataset classified as open data, without the column that is personal data."""
    values: dict[str, Any] = {
        "classification": "open",
        "topic": "Địa giới, hành chính",
        "columns": OPENED,
        "method_note": "Tổng hợp từ hồ sơ của Sở.",
        "feedback_contact": "gop-y@anloc.example",
    }
    return commands.classify_dataset(actor=actor, dataset=dataset, **(values | given))


def make_listed(dataset: Dataset, *, actor: Actor = SYSTEM, **given: Any) -> OpenDataset:
    """One whose risk was checked and that stands in the issued catalogue: ready to be published."""
    found = make_classified(dataset, actor=actor, **given)
    commands.sign_off_risk(
        actor=actor,
        open_dataset=found,
        personal="Đã xem các cột: không có cột nào về cá nhân.",
        combination="Không nhận ra cá nhân.",
        security="Đã công khai.",
    )
    commands.list_in_open_catalogue(
        actor=actor, open_dataset=found, decision_number="22/QĐ-UBND", decision_date=date(2026, 1, 12)
    )
    return found


def make_published(dataset: Dataset, *, actor: Actor = SYSTEM, **given: Any) -> OpenDataset:
    """One that everybody can read, with its files."""
    found = make_listed(dataset, actor=actor, **given)
    publish_now(found, actor=actor, note="Công bố lần đầu")
    return found
