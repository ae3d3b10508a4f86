"""The demo's wrong values: a department that keeps a copy reports one, the ministry corrects it and tells all; a reader another."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

from django.utils import timezone

from lienthong.authority import commands as authority
from lienthong.authority.models import CorrectionCase, CorrectionState
from lienthong.catalogue.models import Dataset
from lienthong.foundation.accounts.actor import VISITOR
from lienthong.inventory.demo import capture_now
from lienthong.inventory.queries import demo_folder
from lienthong.opendata import commands as opendata
from lienthong.opendata.models import OpenDataset
from lienthong.regulations.queries import regulations_covering
from lienthong.sharing import commands as sharing
from lienthong.sharing.models import (
    ConnectionAccount,
    Method,
    ServiceState,
    SharingRequest,
    SharingService,
    StoredCopy,
    UseTerm,
)

from .story import COMMUNES, NATIONAL, agency, database, officer

SYNC_SERVICE = "dong-bo-xa-phuong"
COLUMNS = ("ma_xa", "ten_xa", "loai", "ma_tinh", "dien_tich_km2", "vi_do", "kinh_do")
# The commune whose point was wrong, and by how many degrees.
COMMUNE, OFF = "00008", 0.0104


def keep_a_copy() -> None:
    """A department keeps the list for its systems, within the term of the regulation."""
    owner, asker = officer("chu-quan-bo"), officer("cntt")
    service = _service()
    if not UseTerm.objects.filter(service=service).exists():
        regulation = regulations_covering(database(NATIONAL), timezone.localdate()).first()
        if regulation is not None:
            sharing.set_use_term(actor=owner, service=service, amount=12, unit="month", regulation=regulation)
    if not SharingRequest.objects.filter(service=service).exists():
        asked = sharing.receive_request(
            actor=asker,
            service=service,
            requester=agency("H99.05"),
            purpose="Dùng chung một danh mục cấp xã cho các hệ thống thông tin của tỉnh.",
            solution="Đồng bộ về kho dữ liệu dùng chung của tỉnh; các hệ thống tra cứu tại kho.",
            items=list(COLUMNS),
            frequency="mỗi ngày một lần",
            application="Kho dữ liệu dùng chung của tỉnh (H99.05.UD01)",
        )
        sharing.issue_account(actor=owner, request=asked, daily_quota=500)
    account = ConnectionAccount.objects.filter(service=service).first()
    if account is not None and not StoredCopy.objects.filter(account=account).exists():
        sharing.register_copy(
            actor=asker,
            account=account,
            reason="performance",
            place="Kho dữ liệu dùng chung của tỉnh, Sở Khoa học và Công nghệ",
            items=list(COLUMNS),
            taken_at=timezone.now() - timedelta(days=355),
        )


def _service() -> SharingService:
    owner = officer("chu-quan-bo")
    dataset = Dataset.objects.select_related("database__owner").get(slug=COMMUNES)
    service = SharingService.objects.filter(code=SYNC_SERVICE).first()
    if service is None:
        service = sharing.prepare_service(
            actor=owner,
            dataset=dataset,
            code=SYNC_SERVICE,
            name="Đồng bộ danh mục xã, phường, đặc khu",
            name_en="Synchronise communes, wards and special zones",
            description="Toàn bộ danh mục cấp xã và các thay đổi giữa hai phiên bản, để giữ bản sao khớp với nguồn.",
            columns=list(COLUMNS),
            method=Method.SYNC,
            conditions="Dùng cho hệ thống thông tin của cơ quan nhà nước; bản sao theo thời hạn của quy chế.",
            contact="Trung tâm Công nghệ thông tin, Bộ Nội vụ (trình diễn)",
        )
    if service.state == ServiceState.DRAFT:
        sharing.make_service_ready(actor=owner, service=service)
    if service.state == ServiceState.READY:
        sharing.publish_service(actor=owner, service=service)
    return service


def correct_a_point() -> None:
    """The department reports a point outside its commune; the ministry corrects it in the next version and tells all."""
    owner, asker = officer("chu-quan-bo"), officer("cntt")
    service = SharingService.objects.select_related("dataset__database", "dataset__table").get(
        code=SYNC_SERVICE
    )
    case = CorrectionCase.objects.filter(through=SYNC_SERVICE).first()
    if case is None:
        case = sharing.report_wrong_data(
            actor=asker,
            service=service,
            reporter=agency("H99.05"),
            text="Điểm đại diện của xã nằm ngoài địa giới theo bản đồ hành chính; kinh độ lệch khoảng một phần trăm độ.",
            columns=["kinh_do"],
            keys=[COMMUNE],
        )
    if case.state == CorrectionState.REPORTED:
        authority.acknowledge_correction(actor=owner, case=case)
    if case.state == CorrectionState.ACKNOWLEDGED:
        said = "Đã đối chiếu bản đồ: kinh độ nhập nhầm."
        authority.confirm_discrepancy(actor=owner, case=case, finding=said)
    if case.state == CorrectionState.CONFIRMED:
        _mend_source(service.dataset)
        latest = service.dataset.latest
        authority.report_corrected(
            actor=owner, case=case, measure="Sửa kinh độ tại nguồn, công bố phiên bản mới.", version=latest
        )
    if case.state == CorrectionState.CORRECTED:
        summary = f"Kinh độ điểm đại diện của xã {COMMUNE} đã được đính chính; đề nghị đồng bộ lại bản sao."
        authority.broadcast_correction(actor=owner, case=case, summary=summary)


def _mend_source(dataset: Dataset) -> None:
    """The ministry mends the value at its source, and publishes the next version."""
    if dataset.versions.count() > 1:
        return
    connection = sqlite3.connect(demo_folder() / "danh_muc_hanh_chinh.sqlite")
    connection.execute("UPDATE xa SET kinh_do = round(kinh_do + ?, 6) WHERE ma_xa = ?", (OFF, COMMUNE))
    connection.commit()
    connection.close()
    capture_now(dataset, actor=officer("chu-quan-bo"), note="Đính chính kinh độ một xã")


def hear_a_reader() -> None:
    """A reader of the open list reports a commune's area; who answers for the list has acknowledged it."""
    found = OpenDataset.objects.select_related("dataset__database", "dataset__table").get(slug=COMMUNES)
    if found.reader_reports.exists():
        return
    report = opendata.report_open_data(
        actor=VISITOR,
        open_dataset=found,
        text="Diện tích khác với số liệu tại trang thông tin của phường. Đề nghị kiểm tra theo hồ sơ địa chính.",
        columns=["dien_tich_km2"],
        keys=["00004"],
    )
    authority.acknowledge_correction(actor=officer("chu-quan-bo"), case=report.case)
