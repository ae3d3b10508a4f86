"""The papers of this app, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from django.db.models import Model

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper, sample

from . import correction_papers, item_papers
from .flow_papers import KIND as RECONCILIATION
from .flow_papers import certificate_facts, certificate_paper, sample_paper
from .matrix_papers import KIND, TITLE
from .models import CorrectionCase, Reconciliation


def _newest(owner: Model) -> Paper | None:
    """The newest reconciliation of a database that this office manages."""
    if not isinstance(owner, Agency):
        return None
    kept = Reconciliation.objects.filter(
        flow__database__managing_unit__path__startswith=owner.path, flow__database__is_secret=False
    )
    found = kept.select_related("flow__database__managing_unit", "flow__source_database").first()
    return certificate_paper(certificate_facts(found)) if found is not None else None


def _newest_correction(owner: Model) -> Paper | None:
    """The newest correction of data that this office manages."""
    if not isinstance(owner, Agency):
        return None
    found = (
        CorrectionCase.objects.filter(
            database__managing_unit__path__startswith=owner.path, database__is_secret=False
        )
        .select_related("database__managing_unit__parent", "dataset", "reporter", "proof_version")
        .first()
    )
    return correction_papers.correction_paper(found) if found is not None else None


KINDS = (
    PaperKind(
        code=KIND,
        slug="bang-tong-hop-chong-lan",
        vi="Bảng tổng hợp chồng lấn dữ liệu",
        en="Summary of overlaps between databases",
        sample=lambda: sample(
            KIND,
            TITLE,
            "(mẫu thử)",
            {"tinh_trang": [{"ten": "Chờ kết luận", "so": 1}], "ho_so": 1, "csdl": 2},
        ),
        latest=lambda owner: None,
        facts={
            "tinh_trang": ("từng tình trạng: ten, so", "every state: ten (name), so (count)"),
            "ho_so": ("số hồ sơ chồng lấn", "how many overlap cases there are"),
            "csdl": ("số cơ sở dữ liệu có chồng lấn", "how many databases overlap"),
        },
    ),
    PaperKind(
        code=item_papers.KIND,
        slug="bang-tong-hop-muc-du-lieu",
        vi=item_papers.TITLE,
        en="Summary of data items and their authorities",
        sample=lambda: sample(
            item_papers.KIND,
            item_papers.TITLE,
            "(mẫu thử)",
            {"ky_hieu": [{"ten": "● Nguồn chuẩn", "so": 1}], "muc": 2, "co_nguon_chuan": 1, "dang_xu_ly": 1},
        ),
        latest=lambda owner: None,
        facts={
            "ky_hieu": ("từng ký hiệu: ten, so", "every mark: ten (name), so (count)"),
            "muc": ("số mục dữ liệu", "how many data items there are"),
            "co_nguon_chuan": ("số mục đã có nguồn chuẩn", "how many of them have their authority"),
            "dang_xu_ly": ("số mục đang xử lý", "how many of them are being settled"),
        },
    ),
    PaperKind(
        code=RECONCILIATION,
        slug="bien-ban-doi-soat",
        vi="Biên bản đối soát dữ liệu",
        en="Record of reconciliation",
        sample=sample_paper,
        latest=_newest,
        facts={
            "luong": ("số luồng đồng bộ", "the number of the flow"),
            "ket_qua": ("kết quả đối soát", "the result of the reconciliation"),
            "chung_nhan": (
                "chứng nhận: form, left, right, columns",
                "the certificate: form, left, right, columns",
            ),
        },
    ),
    PaperKind(
        code=correction_papers.KIND,
        slug="bao-cao-dinh-chinh",
        vi="Báo cáo kết quả xử lý dữ liệu sai lệch",
        en="Report on wrong data and their correction",
        sample=correction_papers.sample_paper,
        latest=_newest_correction,
        facts={
            "ho_so": ("số hồ sơ đính chính", "the number of the correction"),
            "csdl": ("tên cơ sở dữ liệu", "the database"),
            "noi_dung_sai": ("nội dung sai", "what is wrong"),
            "trang_thai": ("trạng thái hồ sơ", "how far the case is"),
            "ket_qua": ("kết quả kiểm tra", "the result of the check"),
            "cach_dinh_chinh": ("cách đính chính", "how it was corrected"),
            "chung_minh": ("chứng minh", "the proof"),
            "noi_dung_thong_bao": ("nội dung thông báo", "what the consumers are told"),
            "ben_duoc_thong_bao": (
                "từng bên được thông báo: ten, luc, nhan_luc",
                "every consumer that was told: ten (name), luc (told at), nhan_luc (received at)",
            ),
        },
    ),
)
