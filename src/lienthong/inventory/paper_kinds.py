"""The papers of the yearly inventory, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from django.db.models import Model

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper

from .models import Campaign, CampaignPart
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
)  # fmt: skip
