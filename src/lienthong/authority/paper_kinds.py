"""The papers of this app, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import sample

from .matrix_papers import KIND, TITLE

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
)
