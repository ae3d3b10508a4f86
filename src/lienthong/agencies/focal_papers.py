"""The decision that names or replaces a focal officer, in official form (D.3).

Written in Vietnamese, as official papers are.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils import timezone

from lienthong.foundation.papers.shapes import MOTTO, Block, Heading, Paper, Points, Text, dated, grid
from lienthong.foundation.papers.sheets import Sheet, SheetColumn
from lienthong.foundation.tracing import carries
from lienthong.law.basis import status_on
from lienthong.law.queries import basis_on, grounds_for, rule_set_on

from .models import AgencyKind, FocalAppointment, FocalState, Post
from .roles import Role
from .rules import place_named

KIND = "agencies.focal_decision"
REQUIREMENT = "FOC-01"
# Who decides, where no post says how the head is called.
HEADS = {
    AgencyKind.MINISTRY: "Bộ trưởng, Thủ trưởng cơ quan ngang bộ",
    AgencyKind.PROVINCE: "Chủ tịch Ủy ban nhân dân",
    AgencyKind.DEPARTMENT: "Giám đốc Sở",
    AgencyKind.COMMUNE: "Chủ tịch Ủy ban nhân dân",
}


def day_of(one: FocalAppointment) -> date:
    """The day of the decision; of a nomination that is not decided, today."""
    return one.decision_date or timezone.localdate()


def replaced_by(one: FocalAppointment) -> FocalAppointment | None:
    """Whose place the officer takes: the one who served until the eve, or still serves while the decision is a draft."""
    others = one.agency.focal_appointments.exclude(pk=one.pk).filter(valid_from__isnull=False)
    if one.state == FocalState.NOMINATED:
        return others.filter(state__in=[FocalState.APPOINTED, FocalState.PUBLISHED]).first()
    begins = one.valid_from or day_of(one)
    return others.filter(valid_from__lt=begins).order_by("-valid_from", "-pk").first()


@carries("FOC-01", "FOC-02", "FOC-03")
def decision_paper(one: FocalAppointment) -> Paper:
    """The decision on a focal officer: who, from when, duties and powers; who is replaced; what it rests on that day."""
    day, agency, former = day_of(one), one.agency, replaced_by(one)
    begins = one.valid_from or day
    what = "thay" if former else "cử"
    return Paper(
        kind=KIND,
        above=agency.parent.name if agency.parent else "",
        issuer=agency.name,
        number=f"Số: {one.decision_number or '       /QĐ'}",
        motto=MOTTO,
        dated=dated(place_named(agency.name, agency.parent.name if agency.parent else ""), day),
        day=day,
        title="Quyết định",
        about=f"Về việc {what} cán bộ đầu mối quản lý, kết nối và chia sẻ dữ liệu",
        deciding=deciding(one, day),
        basis=(*basis_on(day), "Xét đề nghị của đơn vị chuyên trách công nghệ thông tin"),
        blocks=(
            Heading("QUYẾT ĐỊNH:", 0),
            *_articles(one, begins, former),
            Text(
                f"Quy định áp dụng ngày {day:%d/%m/%Y}: {rule_set_on(day).title_vi}; {_rests_on(day)}.",
                italic=True,
            ),
        ),
        signer=(deciding(one, day),),
        signer_name=_signer(one, day),
        recipients=("Như Điều 4", "Cổng dữ liệu quốc gia (để đăng tải)", "Lưu: VT"),
        recipients_title="Nơi nhận:",
        data={"ho_ten": one.full_name, "chuc_vu": one.position, "tu_ngay": f"{begins:%d/%m/%Y}"},
    )


def _articles(one: FocalAppointment, begins: date, former: FocalAppointment | None) -> list[Block]:
    blocks: list[Block] = [
        Text(
            f"Điều 1. Cử ông (bà) {one.full_name}, {one.position}, làm cán bộ đầu mối quản lý, kết nối và chia sẻ dữ liệu "
            f"của {one.agency.name} kể từ ngày {begins:%d/%m/%Y}."
        ),
        grid(
            [("Nội dung", 3), ("Chi tiết", 6)],
            [(name, value or "Chưa ghi") for name, value in contents_of(one)],
        ),
        Text("Điều 2. Nhiệm vụ, trách nhiệm của cán bộ đầu mối:"),
        *_lines(one.duties),
        Text("Điều 3. Thẩm quyền của cán bộ đầu mối:"),
        *_lines(one.powers),
    ]
    said = f"Điều 4. Quyết định này có hiệu lực từ ngày {begins:%d/%m/%Y}."
    if former is not None:
        said += (
            f" Ông (bà) {former.full_name} thôi làm cán bộ đầu mối từ ngày này; Quyết định số {former.decision_number} "
            f"ngày {day_of(former):%d/%m/%Y} được thay thế."
        )
    said += " Thủ trưởng các đơn vị có liên quan và ông (bà) có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./."
    return [*blocks, Text(said)]


def contents_of(one: FocalAppointment) -> list[tuple[str, str]]:
    """The five public fields, and what the officer knows."""
    return [
        ("Chức năng", one.function),
        ("Lĩnh vực chuyên môn, kỹ thuật", one.professional_field),
        ("Năng lực tham mưu", one.capability),
        ("Điện thoại", one.phone),
        ("Thư điện tử", one.email),
    ]


def _lines(text: str) -> list[Block]:
    parts = [part.strip(" .") for line in text.splitlines() for part in line.split(";")]
    said = [part[:1].upper() + part[1:] for part in parts if part]
    if not said:
        return [Text("(Chưa ghi)")]
    last = len(said) - 1
    return [Points(tuple(f"{part}{'.' if place == last else ';'}" for place, part in enumerate(said)))]


def _rests_on(day: date) -> str:
    named = [ground.cited.citation_vi for ground in grounds_for(REQUIREMENT, on=day)]
    return "; ".join(f"{text}: {status_on(text, day).lower()}" for text in named)


def _head_post(one: FocalAppointment, day: date) -> Post | None:
    posts = Post.objects.filter(
        agency=one.agency, role=Role.HEAD, valid_from__lte=day, delegated_by__isnull=True
    )
    return posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).select_related("person").first()


def deciding(one: FocalAppointment, day: date) -> str:
    """In what capacity the head decides."""
    post = _head_post(one, day)
    if post is not None and post.title:
        return post.title
    return HEADS.get(AgencyKind(one.agency.kind), "Thủ trưởng đơn vị")


def _signer(one: FocalAppointment, day: date) -> str:
    post = _head_post(one, day) if one.decision_number else None
    return post.person.full_name if post is not None else ""


def decision_sheets(one: FocalAppointment) -> list[Sheet]:
    """The decision as a workbook: what it says, and how its basis stands on its day and today."""
    day, today, former = day_of(one), timezone.localdate(), replaced_by(one)
    head = (f"{one.agency.name}: cán bộ đầu mối", f"Quyết định số {one.decision_number or '(dự thảo)'}")
    rows = [
        ("Họ và tên", one.full_name),
        ("Chức vụ", one.position),
        *contents_of(one),
        ("Số quyết định", one.decision_number),
        ("Ngày quyết định", f"{day:%d/%m/%Y}" if one.decision_date else ""),
        ("Từ ngày", f"{one.valid_from:%d/%m/%Y}" if one.valid_from else ""),
        ("Đến ngày", f"{one.valid_to:%d/%m/%Y}" if one.valid_to else ""),
        ("Nhiệm vụ, trách nhiệm", one.duties),
        ("Thẩm quyền", one.powers),
        ("Thay", former.full_name if former else ""),
        ("Đã công bố", f"{timezone.localdate(one.published_at):%d/%m/%Y}" if one.published_at else "Chưa"),
    ]
    basis = [line.removeprefix("Căn cứ ") for line in basis_on(day)]
    return [
        Sheet("Quyết định", (SheetColumn("Nội dung", 30), SheetColumn("Chi tiết", 90)), rows, head),
        Sheet(
            "Căn cứ",
            (
                SheetColumn("Văn bản", 80),
                SheetColumn(f"Tại {day:%d/%m/%Y}", 34),
                SheetColumn(f"Tại {today:%d/%m/%Y}", 44),
            ),
            [(line, status_on(line, day), status_on(line, today)) for line in basis],
            head,
        ),
    ]
