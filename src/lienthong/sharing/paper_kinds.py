"""The papers of sharing, as kinds that an agency may lay out in its own way."""

from __future__ import annotations

from django.db.models import Model

from lienthong.agencies.models import Agency
from lienthong.foundation.papers.kinds import PaperKind
from lienthong.foundation.papers.shapes import Paper, sample

from .asking_papers import KIND, check_paper
from .asking_showing import items_shown
from .models import AskAgainCheck


def _newest(owner: Model) -> Paper | None:
    if not isinstance(owner, Agency):
        return None
    found = AskAgainCheck.objects.filter(unit__path__startswith=owner.path).order_by("-pk").first()
    return check_paper(found, items_shown(found)) if found is not None else None


KINDS = (
    PaperKind(
        code=KIND,
        slug="phieu-tra-cuu-truoc-khi-yeu-cau",
        vi="Phiếu tra cứu trước khi yêu cầu cung cấp thông tin",
        en="Check of a form before it asks",
        sample=lambda: sample(
            KIND,
            "Phiếu tra cứu",
            "Thông tin được yêu cầu cung cấp",
            {"so": "YL-2026-0000", "bieu_mau": "Đơn thử", "muc": []},
        ),
        latest=_newest,
        facts={
            "so": ("số phiếu", "the number of the check"),
            "bieu_mau": ("tên biểu mẫu, thủ tục", "the form or procedure"),
            "muc": (
                "các mục: số, tên, nơi giữ, kết luận, lý do",
                "the items: place, name, holders, verdict, why",
            ),
        },
    ),
)
