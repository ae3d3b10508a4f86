"""The department of health checks a form before it asks: what the ministry's list gives is taken from there."""

from __future__ import annotations

from lienthong.sharing import commands as sharing
from lienthong.sharing.asking_rules import asked_in
from lienthong.sharing.models import AskAgainCheck

from .story import agency, officer

TITLE = "Đơn đề nghị cấp giấy phép hoạt động khám bệnh, chữa bệnh"
ITEMS = """Họ và tên người chịu trách nhiệm chuyên môn
Mã xã; Mã đơn vị hành chính cấp xã nơi đặt cơ sở
Tên xã; Tên xã, phường nơi đặt cơ sở
Số giường bệnh
Phạm vi hoạt động chuyên môn"""


def check_a_form() -> None:
    """One item is answered, the other still waits."""
    if AskAgainCheck.objects.exists():
        return
    actor = officer("khai-thac")
    check = sharing.check_form(
        actor=actor, for_unit=agency("H99.11"), title=TITLE, items=asked_in(ITEMS), on_paper=True
    )
    held = next((item for item in check.items.all() if item.hits), None)
    if held is not None:
        sharing.answer_item(actor=actor, item=held, answer="take", source=held.hits[0]["database"])
