"""The demo's national dossiers: one was returned, sent again and listed; another was returned and waits once more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.models import (
    Database,
    DossierState,
    ListDraftState,
    NationalDossier,
    NationalList,
    NationalListDraft,
)
from lienthong.catalogue.national import criteria_on, parts_on

from .story import NATIONAL, agency, database, officer

PERSONNEL = "G99.DB02"
EARLIER = """Cơ sở dữ liệu quốc gia về dân cư | Bộ Công an
Cơ sở dữ liệu đất đai quốc gia | Bộ Tài nguyên và Môi trường
Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp | Bộ Kế hoạch và Đầu tư
Cơ sở dữ liệu quốc gia về thống kê tổng hợp về dân số | Bộ Kế hoạch và Đầu tư
Cơ sở dữ liệu quốc gia về tài chính | Bộ Tài chính
Cơ sở dữ liệu quốc gia về bảo hiểm | Bảo hiểm xã hội Việt Nam"""
EVIDENCE = {
    "legal_value": "Khoản 3 Điều 40 Luật Giao dịch điện tử số 20/2023/QH15: dữ liệu chủ có giá trị như văn bản giấy.",
    "master_data": "{what} được cơ sở dữ liệu của các bộ, tỉnh tham chiếu.",
    "wide_use": "Các bộ, cơ quan ngang bộ và 34 tỉnh, thành phố dùng khi giải quyết thủ tục hành chính.",
}
UNITS = {
    "name": "Cơ sở dữ liệu quốc gia về đơn vị hành chính",
    "purpose": "Thống nhất mã, tên và lịch sử sắp xếp đơn vị hành chính trong cả nước.",
    "scope": "Đơn vị hành chính cấp tỉnh, cấp xã từ ngày 01/07/2025; bảng đối chiếu với đơn vị cũ.",
    "scope_and_master_data": "Đơn vị hành chính cấp tỉnh, cấp xã; dữ liệu chủ: mã, tên đơn vị.",
    "master_data": "Mã đơn vị, tên, loại, đơn vị cấp trên, ngày có hiệu lực.",
    "users_and_purposes": "Bộ, ngành, địa phương dùng khi giải quyết thủ tục hành chính; người dân, doanh nghiệp tra cứu.",
    "sources": "Nghị quyết sắp xếp đơn vị hành chính; cập nhật trong ngày nghị quyết có hiệu lực.",
    "sharing_method": "Truy vấn theo mã và đồng bộ theo phiên bản qua nền tảng chia sẻ, điều phối dữ liệu.",
}
STAFF = {
    "name": "Cơ sở dữ liệu quốc gia về cán bộ, công chức, viên chức",
    "purpose": "Quản lý thống nhất hồ sơ, biên chế cán bộ, công chức, viên chức trong cơ quan nhà nước.",
    "scope": "Cán bộ, công chức, viên chức của bộ, ngành, địa phương.",
    "scope_and_master_data": "Cán bộ, công chức, viên chức; dữ liệu chủ: số hiệu, chức danh, ngạch, đơn vị.",
    "master_data": "Số hiệu cán bộ, chức danh, ngạch, bậc, đơn vị công tác.",
    "users_and_purposes": "Cơ quan quản lý cán bộ dùng để bổ nhiệm, nâng ngạch, tính biên chế.",
    "sources": "Hồ sơ do đơn vị sử dụng cán bộ cập nhật; đối chiếu với cơ sở dữ liệu quốc gia về dân cư.",
    "sharing_method": "Truy vấn từng hồ sơ theo số định danh, có phân quyền.",
}


def propose_national_databases() -> None:
    """The list of 2015 on record; the list of units proposed, returned, listed; the personnel dossier waits once more."""
    if not NationalList.objects.exists():
        catalogue.record_earlier_list(
            actor=officer("dieu-phoi"),
            decision_number="714/QĐ-TTg",
            decision_date=date(2015, 5, 22),
            effective_on=date(2015, 5, 22),
            approver="Thủ tướng Chính phủ",
            entries=EARLIER,
        )
    units = _dossier(database(NATIONAL), UNITS, "Mã đơn vị hành chính")
    _sent_twice(
        units,
        letters=("88/BNV-TD", "97/BNV-TD"),
        because="Nêu rõ ngày có hiệu lực của mã và cách cập nhật khi sắp xếp đơn vị hành chính.",
        added=("sources", "Ngày có hiệu lực ghi theo từng mã; mã cũ được giữ và đối chiếu với mã mới."),
    )
    _list(units)
    _sent_twice(
        _dossier(_personnel(), STAFF, "Số hiệu và chức danh cán bộ"),
        letters=("101/BNV-TD", "110/BNV-TD"),
        because="Bổ sung cách che dữ liệu cá nhân khi chia sẻ.",
        added=("sharing_method", "Dữ liệu cá nhân được che, chỉ trả mục đã được phép."),
    )


def _personnel() -> Database:
    if not Database.objects.filter(code=PERSONNEL).exists():
        catalogue.register_database(
            actor=officer("chu-quan-bo"),
            code=PERSONNEL,
            name="CSDL cán bộ, công chức, viên chức",
            name_en="Cadres, civil servants and public employees",
            tier="ministry",
            owner=agency("G99"),
            legal_basis="Luật Cán bộ, công chức",
            purpose=STAFF["purpose"],
            scope=STAFF["scope"],
            collection=STAFF["sources"],
        )
    return database(PERSONNEL)


def _dossier(found: Database, parts: dict[str, str], what: str) -> NationalDossier:
    """The dossier of a database, written in full."""
    dossier = NationalDossier.objects.filter(database=found).first()
    if dossier is not None:
        return dossier
    owner, day = officer("chu-quan-bo"), timezone.localdate() - timedelta(days=5)
    made = catalogue.begin_dossier(actor=owner, database=found, kind="add", proposed_on=day)
    for criterion in criteria_on(day):
        catalogue.show_criterion(
            actor=owner,
            dossier=made,
            key=criterion.looks_at,
            is_met=True,
            evidence=EVIDENCE[criterion.looks_at].format(what=what),
        )
    for part in parts_on(day):
        catalogue.write_part(actor=owner, dossier=made, key=part.looks_at, text=parts[part.looks_at])
    catalogue.cite_basis(
        actor=owner,
        dossier=made,
        text="Luật Giao dịch điện tử số 20/2023/QH15",
        says="Giá trị sử dụng chính thức của dữ liệu chủ, danh mục cơ sở dữ liệu quốc gia",
    )
    catalogue.cite_basis(
        actor=owner,
        dossier=made,
        text="Nghị định số 47/2020/NĐ-CP",
        says="Quản lý, kết nối và chia sẻ dữ liệu số của cơ quan nhà nước",
    )
    return made


def _sent_twice(
    dossier: NationalDossier, *, letters: tuple[str, str], because: str, added: tuple[str, str]
) -> None:
    """Sent, returned with a reason, mended, sent again."""
    owner, head, today = officer("chu-quan-bo"), officer("nguoi-dung-dau-bo"), timezone.localdate()
    signed: dict[str, Any] = {"signer": "Đặng Văn Hùng", "place": "Hà Nội"}
    if dossier.state == DossierState.DRAFT:
        catalogue.check_criteria(actor=owner, dossier=dossier)
    if dossier.state == DossierState.ELIGIBLE:
        catalogue.complete_dossier(actor=owner, dossier=dossier)
    if dossier.state == DossierState.READY:
        sent: dict[str, Any] = {"letter_number": letters[0], "letter_date": today - timedelta(days=4)}
        catalogue.send_dossier(actor=head, dossier=dossier, **sent, **signed)
    if dossier.state == DossierState.SUBMITTED and not dossier.times_returned:
        catalogue.return_dossier(actor=officer("dieu-phoi"), dossier=dossier, because=because)
    if dossier.state == DossierState.RETURNED:
        key, more = added
        written = dossier.parts.get(key=key).text
        if more not in written:
            catalogue.write_part(actor=owner, dossier=dossier, key=key, text=f"{written} {more}")
        sent = {"letter_number": letters[1], "letter_date": today - timedelta(days=1)}
        catalogue.send_dossier(actor=head, dossier=dossier, **sent, **signed)


def _list(dossier: NationalDossier) -> None:
    """Consolidated, submitted, approved: a new version of the list."""
    lead, today = officer("dieu-phoi"), timezone.localdate()
    if dossier.state == DossierState.SUBMITTED:
        catalogue.consolidate_dossiers(actor=lead, dossiers=[dossier])
    draft = NationalListDraft.objects.order_by("pk").first()
    if draft is not None and draft.state == ListDraftState.DRAFTING:
        catalogue.submit_list(actor=lead, draft=draft, submission_number="31/TTr-BCA-TD", submitted_on=today)
    if draft is not None and draft.state == ListDraftState.SUBMITTED:
        decision: dict[str, Any] = {
            "decision_number": "01/QĐ-TTg-TD",
            "decision_date": today,
            "effective_on": today,
        }
        catalogue.approve_list(actor=lead, draft=draft, **decision)
