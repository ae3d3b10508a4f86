"""Regulations, structures and processes for the demo and the tests, made by the same commands that officers
use.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from lienthong.agencies.models import Agency
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from . import commands
from .models import ExchangeStructure, Regulation, Scope, SharingProcess

CLAUSES: dict[str, Any] = {
    "use_term": "12 tháng kể từ ngày cấp tài khoản kết nối; gia hạn khi còn nhu cầu.",
    "log_retention_months": 24,
    "authentication": "required",
    "account_issuing": "Chủ quản CSDL cấp cho từng hệ thống khai thác; thu hồi khi hết thời hạn hoặc vi phạm.",
    "conditions": "Khai thác đúng mục đích đã đăng ký; không chuyển cho bên thứ ba khi chưa được đồng ý.",
}
STEPS = (
    "Cơ quan khai thác gửi yêu cầu qua hệ thống, nêu đủ bảy nội dung.",
    "Chủ quản CSDL xem xét, trả lời trong thời hạn quy định.",
    "Chủ quản CSDL cấp tài khoản kết nối; cơ quan khai thác kiểm tra kết nối.",
    "Hai bên đối soát, báo sai lệch; chủ quản CSDL đính chính.",
)


def make_draft(issuer: Agency, *databases: Database, actor: Actor = SYSTEM, **given: Any) -> Regulation:
    """A draft with all its clauses, for these databases or for all of the agency."""
    values: dict[str, Any] = {
        "title": "Quy chế khai thác, sử dụng dữ liệu danh mục đơn vị hành chính",
        "scope": Scope.DATABASE if databases else Scope.GENERAL,
        **CLAUSES,
    }
    return commands.draft_regulation(actor=actor, issuer=issuer, databases=databases, **(values | given))


def make_issued(
    issuer: Agency,
    *databases: Database,
    number: str = "05/2026/QĐ-UBND",
    effective_from: date | None = None,
    effective_to: date | None = None,
    actor: Actor = SYSTEM,
    **given: Any,
) -> Regulation:
    """A regulation that went the whole way up to its issue."""
    regulation = make_draft(issuer, *databases, actor=actor, **given)
    return issue(regulation, number=number, effective_from=effective_from, effective_to=effective_to)


def issue(
    regulation: Regulation,
    *,
    number: str = "05/2026/QĐ-UBND",
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> Regulation:
    """Take a draft through check, legal opinion and issue."""
    start = effective_from or timezone.localdate()
    commands.check_consistency(actor=SYSTEM, regulation=regulation)
    commands.record_legal_review(
        actor=SYSTEM, regulation=regulation, reviewer="Sở Tư pháp", document="112/STP-VB"
    )
    return commands.issue_regulation(
        actor=SYSTEM,
        regulation=regulation,
        number=number,
        issued_on=start - timedelta(days=10),
        effective_from=start,
        effective_to=effective_to,
    )


def make_published(issuer: Agency, *databases: Database, **given: Any) -> Regulation:
    """A public regulation, in force from today unless told otherwise."""
    regulation = make_issued(issuer, *databases, **given)
    return commands.publish_regulation(actor=SYSTEM, regulation=regulation)


def make_structure(database: Database, *, actor: Actor = SYSTEM, **given: Any) -> ExchangeStructure:
    """The exchange structure of a database, over the columns that are described."""
    values: dict[str, Any] = {
        "title": f"Cấu trúc dữ liệu trao đổi: {database.name}",
        "document_number": "17/QĐ-SNV",
        "document_date": timezone.localdate(),
    }
    return commands.record_exchange_structure(actor=actor, database=database, **(values | given))


def make_process(
    database: Database | None = None, agency: Agency | None = None, *, actor: Actor = SYSTEM, **given: Any
) -> SharingProcess:
    """The sharing process of a database, or of an agency."""
    values: dict[str, Any] = {
        "title": "Quy trình chia sẻ dữ liệu",
        "document_number": "18/QĐ-SNV",
        "document_date": timezone.localdate(),
        "steps": STEPS,
    }
    return commands.record_sharing_process(actor=actor, database=database, agency=agency, **(values | given))
