"""The demo's copy that follows: a department's list of communes is kept in step with the national one, by night.

It was proved equal once, and so its overlap case is closed; then somebody has changed a name in the copy by hand, which the
next reconciliation found.
"""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from lienthong.authority import commands as authority
from lienthong.authority.commands.decisions import Mechanism
from lienthong.authority.demo import make_case, reconcile_now, run_now
from lienthong.authority.models import CaseState, FlowState, OverlapCase, SyncFlow
from lienthong.authority.queries import cases_of
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.demo import make_look
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.inventory.queries import demo_folder

from .overlaps import pair
from .story import NATIONAL, agency, database, officer

COPY, FILE, TABLE = "H99.01.DB03", "danh_muc_xa_tinh.sqlite", "xa_phuong"
TABLES = """
CREATE TABLE xa_phuong (
    ma TEXT PRIMARY KEY, ten TEXT NOT NULL, loai TEXT, ma_tinh TEXT NOT NULL, hieu_luc_tu TEXT, ghi_chu TEXT
);
"""
COLUMNS = (("ma", "text"), ("ten", "text"), ("loai", "text"), ("ma_tinh", "text"), ("hieu_luc_tu", "text"), ("ghi_chu", "text"))  # fmt: skip
MAPPING = (
    ("ma", "ma_xa"), ("ten", "ten_xa"), ("loai", "loai"), ("ma_tinh", "ma_tinh"), ("hieu_luc_tu", "hieu_luc_tu"),
)  # fmt: skip
# The commune whose name was changed by hand in the copy.
CHANGED, TYPED = "00004", "Phường Ba Đình (cũ)"


def follow_communes() -> None:
    """The provincial list of communes follows the national one: case, flow, runs, a certificate, one discrepancy."""
    path = _write(demo_folder() / FILE)
    found, case = _register(), _decide()
    flow = SyncFlow.objects.filter(database=found).exclude(state=FlowState.ENDED).first()
    if flow is None:
        flow = _plan(found, case, path)
    if flow.state == FlowState.DRAFT:
        # The story makes the first runs itself; the worker makes those of the nights to come.
        night = timezone.localtime().replace(hour=1, minute=0, second=0, microsecond=0)
        authority.activate_flow(actor=officer("chu-quan"), flow=flow, first_run=night + timedelta(days=1))
    if not flow.runs.exists():
        run_now(flow, actor=officer("chu-quan"))
    if flow.proved_at is None:
        reconcile_now(flow, actor=officer("chu-quan"))
    if flow.runs.count() < 2:
        run_now(flow, actor=SYSTEM, due=timezone.now())
    if flow.in_step:
        _change_by_hand(path)
        reconcile_now(flow, actor=officer("chu-quan"))


def _write(path: Path) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(TABLES)
        connection.close()
    return path


def _change_by_hand(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"UPDATE {TABLE} SET ten = ? WHERE ma = ?", (TYPED, CHANGED))
    connection.commit()
    connection.close()


def _register() -> Database:
    if not Database.objects.filter(code=COPY).exists():
        found = catalogue.register_database(
            actor=officer("chu-quan"),
            code=COPY,
            name="Danh mục xã, phường, đặc khu dùng tại tỉnh An Lộc",
            name_en="Communes, wards and special zones in use in An Loc province",
            tier="local",
            local_base="built_for_egovernment",
            owner=agency("H99"),
            managing_unit=agency("H99.01"),
            legal_basis="Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026 của UBND tỉnh An Lộc",
            purpose="Cấp danh mục cấp xã cho hệ thống một cửa của tỉnh.",
            scope="Đơn vị hành chính cấp xã của cả nước.",
            collection="Đồng bộ hằng đêm từ danh mục quốc gia.",
        )
        look = make_look(TABLE, COLUMNS, primary_key=("ma",))
        catalogue.describe_from_look(actor=SYSTEM, database=found, look=look)
        catalogue.confirm_fields(actor=SYSTEM, database=found)
    return database(COPY)


def _decide() -> OverlapCase:
    lower, higher, owner = database(COPY), database(NATIONAL), officer("chu-quan")
    case = cases_of(lower).filter(higher=higher).first() or make_case(
        lower,
        higher,
        pair(f"{TABLE}.ma", "xa.ma_xa", 1.0, 1.0),
        pair(f"{TABLE}.ten", "xa.ten_xa", 1.0, 1.0, is_key=False),
    )
    if case.state == CaseState.DETECTED:
        authority.decide_case(
            actor=owner,
            case=case,
            outcome="must_synchronise",
            reason="Danh mục quốc gia là nguồn chuẩn; hệ thống một cửa cần bản sao để tra cứu nhanh.",
            mechanism=Mechanism("synchronise", "daily", agency("H99.01")),
        )
    return case


def _plan(found: Database, case: OverlapCase, path: Path) -> SyncFlow:
    owner = officer("chu-quan")
    # The product itself wrote the file, so it is the product that hands it over.
    authority.bind_target(actor=SYSTEM, database=found, address=f"sqlite:///{path}")
    flow = authority.plan_flow(
        actor=owner,
        database=found,
        source_kind="live",
        source_database=database(NATIONAL),
        source_table="xa",
        frequency="daily",
        responsible_unit=agency("H99.01"),
        case=case,
    )
    authority.map_columns(
        actor=owner,
        flow=flow,
        target_table=TABLE,
        key=["ma"],
        columns=[{"target": target, "source": source} for target, source in MAPPING],
    )
    return authority.agree_to_flow(actor=officer("chu-quan-bo"), flow=flow)
