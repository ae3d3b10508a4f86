"""The papers of the yearly inventory and of data audits, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from django.db.models import Model

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper

from .audit_papers import KIND as AUDIT
from .audit_papers import audit_paper, sample_audit
from .models import Campaign, CampaignPart, DataAudit
from .written_records import RECORD, REPORT, record_paper, report_paper, sample_paper, sample_report

YEAR = ("năm kiểm kê", "the year")


def _newest_record(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    parts = CampaignPart.objects.filter(unit__path__startswith=owner.path).order_by("-pk")
    found = next((part for part in parts.only("facts")[:50] if part.facts), None)
    return record_paper(found.facts) if found is not None else None


def _newest_report(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    campaigns = Campaign.objects.filter(agency__path__startswith=owner.path).order_by("-pk")
    found = next((campaign for campaign in campaigns.only("facts")[:50] if campaign.facts), None)
    return report_paper(found.facts) if found is not None else None


def _newest_audit(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    audits = DataAudit.objects.filter(agency__path__startswith=owner.path).order_by("-pk")
    found = next((audit for audit in audits.only("facts")[:50] if audit.facts), None)
    return audit_paper(found.facts) if found is not None else None


KINDS = (
    PaperKind(
        code=RECORD,
        slug="bien-ban-kiem-ke",
        vi="Biên bản kiểm kê, đánh giá dữ liệu",
        en="Written record of the yearly inventory",
        sample=sample_paper,
        latest=_newest_record,
        facts={
            "csdl": ("danh sách cơ sở dữ liệu: code, name, tier, tables, columns, rows", "the databases: code, name, tier, tables, columns, rows"),
            "he_thong": ("danh sách hệ thống thông tin: code, name, kind, connection", "the information systems: code, name, kind, connection"),
            "noi_dung": ("nội dung đánh giá: standards, accuracy, upkeep, sharing, other, conclusion, proposed_actions", "the contents of the check: standards, accuracy, upkeep, sharing, other, conclusion, proposed_actions"),
            "nam": YEAR,
        },
    ),
    PaperKind(
        code=REPORT,
        slug="bao-cao-kiem-ke",
        vi="Báo cáo tổng hợp kiểm kê dữ liệu",
        en="Consolidated report of the yearly inventory",
        sample=sample_report,
        latest=_newest_report,
        facts={
            "don_vi": ("danh sách đơn vị: unit, databases, rows, shareable, unfit, systems", "the units: unit, databases, rows, shareable, unfit, systems"),
            "tong": ("số tổng cộng: databases, tables, columns, rows, shareable, unfit, systems", "the totals: databases, tables, columns, rows, shareable, unfit, systems"),
            "chua_dat": ("danh sách mục chưa đạt: name, unit, number, action", "what is not fit: name, unit, number, action"),
            "nam": YEAR,
        },
    ),
    PaperKind(
        code=AUDIT,
        slug="bao-cao-kiem-toan",
        vi="Báo cáo kiểm toán dữ liệu",
        en="Report of a data audit",
        sample=sample_audit,
        latest=_newest_audit,
        facts={
            "bo_chi_so": ("các bộ chỉ số: name, level, measures", "the sets of indicators: name, level, measures"),
            "phat_hien": ("danh sách phát hiện: place, text, light, action, follow_up", "the findings: place, text, light, action, follow_up"),
            "csdl": ("danh sách cơ sở dữ liệu: code, name, unit", "the databases: code, name, unit"),
        },
    ),
)  # fmt: skip
