"""The demo's governance of data: what owners say of their databases, a delegation, a scheme of codes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lienthong.agencies import commands as agencies
from lienthong.agencies.models import CodeScheme, Delegation, Post
from lienthong.agencies.roles import Role
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.models import DataNeed, RiskAssessment
from lienthong.foundation.accounts.models import User

from .story import LOCAL, NATIONAL, agency, database, officer

# Database, who says so, what is said.
GOVERNED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        NATIONAL,
        "chu-quan-bo",
        {
            "layers": ["original", "master", "code_list"],
            "core_domain": "base_geography",
            "catalogue_part": "own",
            "identifier_keys": "Mã đơn vị hành chính",
            "digitised_from": ["procedure_results", "electronic"],
            "is_mandatory": True,
            "mandatory_item": "Danh mục đơn vị hành chính",
            "criticality": "other",
            "criticality_decision": "17/QĐ-BNV-TD",
            "criticality_date": date(2026, 8, 3),
            "storage_permanent": True,
            "storage_procedure": "Quy trình kỹ thuật lưu trữ số 18/QT-BNV-TD ngày 03/08/2026",
            "storage_procedure_url": "https://noivu.example/quy-trinh-luu-tru",
            "share_ability": "now",
            "share_ability_note": "Dịch vụ tra cứu danh mục xã, phường, đặc khu; tệp dữ liệu mở.",
        },
    ),
    (
        LOCAL,
        "chu-quan",
        {
            "layers": ["code_list"],
            "core_domain": "base_geography",
            "catalogue_part": "other",
            "identifier_keys": "Mã đơn vị hành chính",
            "digitised_from": ["direct"],
            "copy_reason": "Phần mềm một cửa chưa gọi được dịch vụ tra cứu của Bộ.",
            "is_mandatory": True,
            "mandatory_item": "CSDL dùng chung của tỉnh",
            "storage_months": 60,
            "storage_procedure": "Quy trình kỹ thuật lưu trữ số 12/QT-SNV ngày 15/04/2026",
            "storage_procedure_url": "https://anloc.example/quy-trinh-luu-tru",
            "share_ability": "after_upgrade",
            "share_ability_note": "Sau khi đồng bộ theo danh mục quốc gia.",
        },
    ),
    (
        "H99.11.DB01",
        "cntt",
        {
            "layers": ["original", "transaction"],
            "core_domain": "organisation",
            "catalogue_part": "own",
            "identifier_keys": "Số giấy phép hoạt động",
            "digitised_from": ["procedure_results", "digitising"],
            "criticality": "important",
            "criticality_decision": "1722/QĐ-UBND",
            "criticality_date": date(2026, 10, 6),
            "log_months": 12,
            "is_mandatory": True,
            "mandatory_item": "CSDL dùng chung của tỉnh",
            "storage_months": 120,
            "storage_procedure": "Quy trình kỹ thuật lưu trữ số 31/QT-SYT ngày 20/05/2026",
            "storage_procedure_url": "https://anloc.example/quy-trinh-luu-tru-y-te",
            "share_ability": "now",
            "share_ability_note": "Truy vấn theo số giấy phép qua nền tảng tích hợp của tỉnh.",
        },
    ),
)
# Unit, what it needs of others.
NEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "H99.11",
        {
            "title": "Dữ liệu hộ tịch: khai sinh, khai tử",
            "items": "Số định danh cá nhân\nNgày, tháng, năm sinh\nNgày, tháng, năm chết",
            "holder_name": "Bộ Tư pháp",
            "purpose": "Cấp thẻ bảo hiểm y tế cho trẻ em; ngừng cấp thuốc theo thẻ của người đã chết.",
            "basis": "Khoản 3 Điều 41 Luật Giao dịch điện tử số 20/2023/QH15",
            "frequency": "Hằng ngày",
        },
    ),
    (
        "H99.01",
        {
            "title": "Danh mục đơn vị hành chính cấp xã",
            "items": "Mã, tên, loại đơn vị\nTỉnh\nNgày có hiệu lực",
            "holder_name": "Bộ Nội vụ (trình diễn)",
            "purpose": "Cập nhật danh mục dùng chung của tỉnh khi sắp xếp đơn vị hành chính.",
            "basis": "Khoản 2 Điều 41 Luật Giao dịch điện tử số 20/2023/QH15",
            "frequency": "Khi có thay đổi",
        },
    ),
)
DELEGATED = "96/QĐ-SNV"
SCHEME = "Z99"


def govern_databases() -> None:
    """Owners say how their databases are governed; of the important one the risks were assessed."""
    today = timezone.localdate()
    for code, owner, said in GOVERNED:
        found = database(code)
        days = {name: min(value, today) for name, value in said.items() if isinstance(value, date)}
        changes = {name: value for name, value in (said | days).items() if getattr(found, name) != value}
        if changes:
            catalogue.amend_database(actor=officer(owner), database=found, **changes)
    important = database("H99.11.DB01")
    if not RiskAssessment.objects.filter(database=important).exists():
        catalogue.record_risk_assessment(
            actor=officer("cntt"),
            database=important,
            assessed_on=today - timedelta(days=20),
            result=(
                "Rủi ro chính: lộ dữ liệu giấy phép hành nghề khi kết xuất tệp. "
                "Biện pháp: chỉ chia sẻ qua dịch vụ, ghi nhật ký, rà soát quyền mỗi quý."
            ),
            signed_by="Giám đốc Sở Y tế",
            paper="57/BC-SYT",
        )


def register_on_the_portal() -> None:
    """The province's registration of the year is under way: needs are noted, one database was sent, one sent back."""
    keeper, province, today = officer("cntt"), agency("H99"), timezone.localdate()
    if DataNeed.objects.exists():
        return
    needs = [
        catalogue.note_data_need(
            actor=keeper,
            agency=agency(unit),
            database=database(NATIONAL) if unit == "H99.01" else None,
            **said,
        )
        for unit, said in NEEDS
    ]
    local, health = database(LOCAL), database("H99.11.DB01")
    step: dict[str, Any] = {"actor": keeper, "agency": province, "year": today.year}
    catalogue.record_portal_state(
        **step, databases=[local, health], needs=needs[:1], state="sent", day=today - timedelta(days=9)
    )
    catalogue.record_portal_state(
        **step, databases=[health], needs=[], state="published", day=today - timedelta(days=4)
    )
    catalogue.record_portal_state(
        **step,
        databases=[local],
        needs=[],
        state="rejected",
        day=today - timedelta(days=2),
        note="Chưa nêu nguồn cập nhật của danh mục.",
    )


def delegate_a_post() -> None:
    """The database owner of the department of home affairs lets the focal officer act for two weeks."""
    if Delegation.objects.filter(decision_number=DELEGATED).exists():
        return
    today = timezone.localdate()
    holder = officer("chu-quan")
    agencies.delegate_post(
        actor=holder,
        post=Post.objects.get(person_id=int(holder.user_id or 0), role=Role.DATABASE_OWNER),
        person=User.objects.get(username="dau-moi"),
        areas=["catalogue", "inventory"],
        decision_number=DELEGATED,
        decision_date=today,
        valid_from=today,
        valid_to=today + timedelta(days=14),
        reason="Người giữ vai trò đi công tác",
    )


def register_a_scheme() -> None:
    """A scheme of codes for bodies outside the tree of agencies."""
    if CodeScheme.objects.filter(code=SCHEME).exists():
        return
    agencies.register_code_scheme(
        actor=officer("quan-tri"),
        code=SCHEME,
        name="Hệ thống mã hợp tác xã tỉnh An Lộc (trình diễn)",
        purpose="Định danh hợp tác xã, liên hiệp hợp tác xã khi trao đổi văn bản, dữ liệu với cơ quan của tỉnh.",
        issuer="Liên minh Hợp tác xã tỉnh An Lộc (trình diễn)",
        postal="Số 12 đường Trung Tâm, An Lộc",
        email="ma-htx@anloc.example",
        phone="0200 3800 312",
        structure="Z99 và 10 chữ số mã số thuế của hợp tác xã.",
        description="Mỗi hợp tác xã có một mã, cấp khi đăng ký lần đầu, không cấp lại sau khi giải thể.",
        dated=min(date(2026, 5, 18), timezone.localdate()),
    )
