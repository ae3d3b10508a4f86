"""Databases and datasets for the demo and the tests, made by the same commands that officers use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from .commands import (
    accept_declaration,
    answer_databases,
    begin_dossier,
    check_criteria,
    cite_basis,
    complete_dossier,
    confirm_fields,
    declare_unit,
    define_dataset,
    describe_from_look,
    draw_up_draft,
    issue_reviewed_catalogue,
    open_review,
    register_database,
    show_criterion,
    submit_draft,
    write_part,
)
from .models import CatalogueReview, Database, Dataset, IssuedCatalogue, NationalDossier
from .national import criteria_on, parts_on
from .queries import free_code
from .reviewing import progress_of

COMMUNE_COLUMNS = (("ma_xa", "text"), ("ten_xa", "text"), ("ma_tinh", "text"), ("dien_tich_km2", "double"))


def make_database(owner: Agency, *, actor: Actor = SYSTEM, **given: Any) -> Database:
    """A registered database; whatever is not given is filled in as an officer might."""
    unit = given.get("managing_unit") or owner
    values: dict[str, Any] = {
        "code": free_code(unit),
        "name": "CSDL danh mục đơn vị hành chính",
        "tier": "local",
        "local_base": "assigned_by_law",
        "legal_basis": "Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026",
        "purpose": "Dùng chung một danh mục đơn vị hành chính trong các hệ thống của tỉnh.",
        "scope": "Các đơn vị hành chính cấp tỉnh, cấp xã.",
        "collection": "Cập nhật khi có nghị quyết sắp xếp đơn vị hành chính.",
    }
    return register_database(actor=actor, **(values | {"owner": owner} | given))


def make_look(
    table: str = "xa",
    columns: Iterable[tuple[str, str]] = COMMUNE_COLUMNS,
    *,
    rows: int = 3321,
    primary_key: Sequence[str] = ("ma_xa",),
    source: str = "nguồn mẫu",
) -> dict[str, Any]:
    """A look at a source with one table, in the published form."""
    return {
        "source": source,
        "tables": [
            {
                "name": table,
                "kind": "table",
                "comment": None,
                "rows": rows,
                "primary_key": list(primary_key),
                "foreign_keys": [],
                "columns": [
                    {
                        "name": name,
                        "type": kind,
                        "nulls": 0,
                        "distinct": rows if name in primary_key else rows // 2,
                        "min": None,
                        "max": None,
                        "nullable": name not in primary_key,
                        "native_type": kind,
                        "comment": None,
                    }
                    for name, kind in columns
                ],
            }
        ],
    }


def make_described_database(owner: Agency, *, look: dict[str, Any] | None = None, **given: Any) -> Database:
    """A database whose columns were seen and confirmed."""
    database = make_database(owner, **given)
    describe_from_look(actor=SYSTEM, database=database, look=look or make_look())
    confirm_fields(actor=SYSTEM, database=database)
    return database


def make_dataset(database: Database, *, table: str = "", actor: Actor = SYSTEM, **given: Any) -> Dataset:
    """A dataset of one table of a database: of its first table, with its primary key, unless said."""
    tables = database.tables.filter(gone_since__isnull=True)
    found = tables.get(name=table) if table else tables.order_by("pk")[0]
    values: dict[str, Any] = {"name": f"{database.name}: {found.title}", "key": found.primary_key}
    return define_dataset(actor=actor, database=database, table=found, **(values | given))


PARTS = {
    "name": "Cơ sở dữ liệu quốc gia về đơn vị hành chính",
    "purpose": "Thống nhất mã, tên và lịch sử sắp xếp đơn vị hành chính trong cả nước.",
    "scope": "Đơn vị hành chính cấp tỉnh, cấp xã từ ngày 01/07/2025.",
    "scope_and_master_data": "Đơn vị hành chính cấp tỉnh, cấp xã; dữ liệu chủ: mã và tên đơn vị.",
    "master_data": "Mã đơn vị, tên, loại, đơn vị cấp trên, ngày có hiệu lực.",
    "users_and_purposes": "Bộ, ngành, địa phương dùng để giải quyết thủ tục hành chính; người dân tra cứu.",
    "sources": "Nghị quyết sắp xếp đơn vị hành chính; cập nhật khi có nghị quyết mới.",
    "sharing_method": "Truy vấn và đồng bộ qua nền tảng tích hợp, chia sẻ dữ liệu quốc gia.",
}
EVIDENCE = {
    "legal_value": "Khoản 3 Điều 40 Luật Giao dịch điện tử số 20/2023/QH15.",
    "master_data": "Mã đơn vị hành chính được các cơ sở dữ liệu về dân cư, đất đai, doanh nghiệp tham chiếu.",
    "wide_use": "Các bộ, cơ quan ngang bộ và địa phương dùng trong thủ tục hành chính.",
}
BASIS = "Luật Giao dịch điện tử số 20/2023/QH15"


def make_dossier(
    database: Database, *, actor: Actor = SYSTEM, kind: str = "add", **given: Any
) -> NationalDossier:
    """A dossier of which nothing is written yet."""
    return begin_dossier(actor=actor, database=database, kind=kind, **given)


def make_ready_dossier(database: Database, *, actor: Actor = SYSTEM, **given: Any) -> NationalDossier:
    """A dossier that waits for the signature of the head."""
    dossier = make_dossier(database, actor=actor, **given)
    fill_dossier(dossier, actor=actor)
    check_criteria(actor=actor, dossier=dossier)
    return complete_dossier(actor=actor, dossier=dossier)


def fill_dossier(dossier: NationalDossier, *, actor: Actor = SYSTEM, but: Sequence[str] = ()) -> None:
    """Write every criterion, part and basis of a dossier, but for those named."""
    for item in criteria_on(dossier.proposed_on):
        if item.looks_at not in but:
            show_criterion(
                actor=actor,
                dossier=dossier,
                key=item.looks_at,
                is_met=True,
                evidence=EVIDENCE[item.looks_at],
            )
    for item in parts_on(dossier.proposed_on):
        if item.looks_at not in but:
            write_part(actor=actor, dossier=dossier, key=item.looks_at, text=PARTS[item.looks_at])
    if "basis" not in but:
        cite_basis(
            actor=actor, dossier=dossier, text=BASIS, says="Giá trị sử dụng chính thức của dữ liệu chủ"
        )


GUIDANCE = (
    "1. Rà soát từng cơ sở dữ liệu đơn vị quản lý, vận hành; sửa thông tin đã thay đổi, đăng ký cơ sở dữ liệu còn thiếu.\n"
    "2. Cơ sở dữ liệu không còn sử dụng: nêu lý do và nơi lưu dữ liệu cũ.\n"
    "3. Đơn vị không quản lý cơ sở dữ liệu nào vẫn gửi khai báo."
)


def make_review(
    agency: Agency, units: Sequence[Agency], *, actor: Actor = SYSTEM, **given: Any
) -> CatalogueReview:
    """A review of an agency's catalogue in which these units declare."""
    values: dict[str, Any] = {
        "document_number": "112/KH-UBND",
        "opened_on": timezone.localdate(),
        "guidance": GUIDANCE,
        "place": "An Lộc",
    }
    return open_review(actor=actor, agency=agency, units=units, **(values | given))


def declare_all(review: CatalogueReview, *, actor: Actor = SYSTEM) -> None:
    """Every unit of a review confirms its databases as they are on record, and is accepted."""
    for one in progress_of(review):
        if one.declaration.is_in:
            continue
        codes = [line.database.code for line in one.lines]
        answer_databases(actor=actor, declaration=one.declaration, answers=dict.fromkeys(codes, "stands"))
        declare_unit(actor=actor, declaration=one.declaration, holds_none=not codes)
        accept_declaration(actor=actor, declaration=one.declaration)
    review.refresh_from_db()


def issue_now(
    review: CatalogueReview, *, number: str = "21/QĐ-UBND", day: date | None = None, actor: Actor = SYSTEM
) -> IssuedCatalogue:
    """The version to which a review leads once its units have declared."""
    dated = day or timezone.localdate()
    draw_up_draft(actor=actor, review=review)
    submit_draft(actor=actor, review=review, number="15/TTr-SKHCN", day=dated)
    return issue_reviewed_catalogue(actor=actor, review=review, decision_number=number, decision_date=dated)
