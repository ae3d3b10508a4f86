"""The papers of this app, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from django.db.models import Model

from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper, sample

from . import focal_papers, governance, governance_papers
from .models import Agency

LIST_FACTS = {
    "nhan_su": ("từng người trong danh sách", "every person of the list"),
    "bo_phan": ("từng bộ phận", "every body"),
    "ma": ("mã định danh của cơ quan", "the code of the agency"),
}


def _newest_list(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    found = governance.governance_of(owner)
    sent = found.case.lists.first() if found.case else None
    return governance_papers.list_paper(owner, sent.content, sent) if sent else None


DECISION_FACTS = {
    "ho_ten": ("họ và tên cán bộ đầu mối", "the officer's full name"),
    "chuc_vu": ("chức vụ", "the position"),
    "tu_ngay": ("ngày bắt đầu", "the first day"),
}


def _newest_decision(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    found = owner.focal_appointments.filter(valid_from__isnull=False).order_by("-valid_from", "-pk").first()
    return focal_papers.decision_paper(found) if found is not None else None


KINDS = (
    PaperKind(
        code=focal_papers.KIND,
        slug="quyet-dinh-can-bo-dau-moi",
        vi="Quyết định cử, thay cán bộ đầu mối",
        en="Decision that names or replaces a focal officer",
        sample=lambda: sample(
            focal_papers.KIND,
            "Quyết định",
            "Về việc cử cán bộ đầu mối",
            {"ho_ten": "Nguyễn Thị Thu Hà", "chuc_vu": "Chuyên viên chính", "tu_ngay": "15/07/2025"},
        ),
        latest=_newest_decision,
        facts=DECISION_FACTS,
    ),
    PaperKind(
        code=governance_papers.KIND,
        slug="danh-sach-quan-tri-du-lieu",
        vi="Danh sách nhân sự, bộ phận quản trị dữ liệu",
        en="List of people and bodies of data governance",
        sample=lambda: sample(
            governance_papers.KIND,
            "Danh sách",
            "Nhân sự, bộ phận quản trị dữ liệu",
            {"nhan_su": [], "bo_phan": [], "ma": "H99"},
        ),
        latest=_newest_list,
        facts=LIST_FACTS,
    ),
)
