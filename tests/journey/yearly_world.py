"""A province with 20 units and 60 databases in a running installation, by the commands that officers use.

Run as a program beside the server, on its data: `python -m tests.journey.yearly_world`. Last year's catalogue is issued; this
year one database was amended and two came new; each was looked at, described, searched for overlaps and assessed.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

PROVINCE = "H98"
# Units of a province and the databases that such units keep.
UNITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Sở Nội vụ", ("CSDL cán bộ, công chức, viên chức", "CSDL người có công", "CSDL hội, quỹ")),
    ("Sở Tư pháp", ("CSDL hộ tịch", "CSDL công chứng, chứng thực", "CSDL lý lịch tư pháp")),
    ("Sở Tài chính", ("CSDL giá", "CSDL tài sản công", "CSDL đăng ký doanh nghiệp, hộ kinh doanh")),
    ("Sở Công Thương", ("CSDL cụm công nghiệp", "CSDL chợ, trung tâm thương mại", "CSDL an toàn thực phẩm")),
    (
        "Sở Nông nghiệp và Môi trường",
        ("CSDL quan trắc môi trường tự động", "CSDL khai thác cát và tài nguyên nước", "CSDL giá cả nông sản"),
    ),
    ("Sở Xây dựng", ("CSDL giấy phép lái xe", "CSDL giấy phép xây dựng", "CSDL nhà ở, bất động sản")),
    ("Sở Khoa học và Công nghệ", ("CSDL nhiệm vụ khoa học", "CSDL trạm phát sóng", "CSDL văn bản điều hành")),
    ("Sở Văn hóa, Thể thao và Du lịch", ("CSDL di sản", "CSDL lưu trú du lịch", "CSDL thiết chế văn hóa")),
    ("Sở Giáo dục và Đào tạo", ("CSDL trường học", "CSDL học sinh", "CSDL văn bằng, chứng chỉ")),
    ("Sở Y tế", ("CSDL trẻ em", "CSDL người khuyết tật", "CSDL cơ sở khám bệnh, chữa bệnh")),
    ("Sở Dân tộc và Tôn giáo", ("CSDL công tác dân tộc", "CSDL cơ sở tôn giáo", "CSDL người có uy tín")),
    ("Sở Ngoại vụ", ("CSDL đoàn ra, đoàn vào", "CSDL thỏa thuận quốc tế", "CSDL viện trợ")),
    ("Thanh tra tỉnh", ("CSDL khiếu nại, tố cáo", "CSDL kết luận thanh tra", "CSDL kê khai tài sản")),
    ("Văn phòng UBND tỉnh", ("CSDL nhiệm vụ UBND tỉnh giao", "CSDL phản ánh, kiến nghị", "CSDL thủ tục hành chính")),
    ("Ban Quản lý các khu công nghiệp", ("CSDL dự án đầu tư", "CSDL lao động khu công nghiệp", "CSDL quy hoạch khu")),
    ("Trung tâm Phục vụ hành chính công", ("CSDL hồ sơ một cửa", "CSDL kết quả số hóa", "CSDL đánh giá hài lòng")),
    ("Trung tâm Lưu trữ lịch sử", ("CSDL tài liệu lưu trữ", "CSDL độc giả", "CSDL phông lưu trữ")),
    ("Quỹ Đầu tư phát triển", ("CSDL hợp đồng vay", "CSDL bảo lãnh", "CSDL ủy thác")),
    (
        "Trung tâm Quan trắc tài nguyên",
        ("CSDL địa chính", "CSDL bản đồ nền", "CSDL mốc địa giới", "CSDL giá đất", "CSDL khoáng sản", "CSDL khí tượng"),
    ),
    ("Ban Quản lý dự án", ()),
)  # fmt: skip
NEW = ("CSDL khoáng sản", "CSDL khí tượng")
AMENDED, PURPOSE = "CSDL hộ tịch", "Giải quyết thủ tục hộ tịch và liên thông khai sinh, khai tử."
# Each overlaps with the national list of the demo, whose copy counts.
OVERLAPS = ("CSDL mốc địa giới", "CSDL hộ tịch")
NATIONAL = "G99.DB01"
OFFICERS = {"tu-phap-by": 2, "y-te-by": 10, "tai-chinh-by": 3}


def fill() -> dict[str, Any]:
    """Enter the province, its people, its databases, last year's catalogue and what came since; returns codes by name."""
    from django.utils import timezone

    from lienthong.agencies.demo import make_agency, make_person, make_post
    from lienthong.agencies.roles import Role
    from lienthong.authority.commands import record_overlaps
    from lienthong.authority.demo import make_case
    from lienthong.catalogue import commands as catalogue
    from lienthong.catalogue.models import Database
    from lienthong.foundation.accounts.actor import SYSTEM

    province = make_agency(PROVINCE, "UBND tỉnh Bình Yên")
    units = [
        make_agency(f"{PROVINCE}.{place:02d}", f"{name} tỉnh Bình Yên".replace("tỉnh tỉnh", "tỉnh"), kind="department", parent=province)
        for place, (name, _databases) in enumerate(UNITS, start=1)
    ]  # fmt: skip
    people = {
        "cntt-by": (province, Role.IT_UNIT, ""),
        "dung-dau-by": (province, Role.HEAD, "Chủ tịch UBND tỉnh"),
    }
    people |= {name: (units[place - 1], Role.DATABASE_OWNER, "") for name, place in OFFICERS.items()}
    for name, (unit, role, title) in people.items():
        make_post(make_person(name, f"Cán bộ {name}", printed_password=True), unit, role, title=title)
    assess = _assessing()
    made: dict[str, Database] = {}
    for unit, (_name, databases) in zip(units, UNITS, strict=True):
        for name in databases:
            found = catalogue.register_database(
                actor=SYSTEM, code=f"{unit.code}.DB{len(made) + 1:02d}", name=f"{name} tỉnh Bình Yên", tier="local",
                local_base="assigned_by_law", owner=province, managing_unit=unit,
                legal_basis="Nghị định số 278/2025/NĐ-CP", purpose=f"Phục vụ quản lý nhà nước: {name.lower()}.",
                scope="Dữ liệu trên địa bàn tỉnh.", collection="Cập nhật hằng ngày từ phần mềm nghiệp vụ.",
            )  # fmt: skip
            made[name] = found
            assess(found)
            record_overlaps(actor=SYSTEM, database=found, job=None, comparisons=())
            if name not in NEW:
                catalogue.declare_entry(actor=SYSTEM, database=found)
    catalogue.issue_catalogue(
        actor=SYSTEM,
        agency=province,
        decision_number="2012/QĐ-UBND",
        decision_date=timezone.localdate() - timedelta(days=365),
    )
    catalogue.amend_database(actor=SYSTEM, database=made[AMENDED], purpose=PURPOSE)
    national = Database.objects.get(code=NATIONAL)
    cases = [make_case(made[name], national).number for name in OVERLAPS]
    return {"codes": {name: one.code for name, one in made.items()}, "cases": cases}


def _assessing() -> Any:
    """Look at one small source for good; what was seen there stands for each database, which is then assessed."""
    from lienthong.catalogue.commands import confirm_fields
    from lienthong.foundation.accounts.actor import SYSTEM
    from lienthong.inventory.commands import bind_source, release_source
    from lienthong.inventory.commands.assessments import conclude_assessment, record_assessment
    from lienthong.inventory.commands.surveys import begin_survey, keep_table, record_survey
    from lienthong.inventory.demo import survey_now
    from lienthong.inventory.models import SurveyedTable
    from lienthong.inventory.queries import demo_folder

    path = Path(demo_folder()) / "ho_so_by.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE ho_so (so_ho_so TEXT PRIMARY KEY, loai TEXT, ngay TEXT, don_vi TEXT)")
    connection.executemany(
        "INSERT INTO ho_so VALUES (?, ?, ?, ?)", [(f"HS{n:04d}", "A", "2026-01-05", "01") for n in range(40)]
    )
    connection.commit()
    connection.close()
    forms: list[Any] = []

    def assess(database: Any) -> None:
        bind_source(actor=SYSTEM, database=database, address=str(path))
        if forms:
            survey = begin_survey(actor=SYSTEM, database=database)
            keep_table(survey=survey, place=0, form=forms[0])
            record_survey(actor=SYSTEM, survey=survey, seconds=0.1)
        else:
            survey = survey_now(database)
            forms.append(SurveyedTable.objects.get(survey=survey).form)
        confirm_fields(actor=SYSTEM, database=database)
        # Without a source nothing is compared in the background: the overlaps of this world are its own.
        release_source(actor=SYSTEM, database=database)
        conclude_assessment(
            actor=SYSTEM,
            assessment=record_assessment(actor=SYSTEM, survey=survey),
            shareable=True,
            quality="Khóa duy nhất, không có ô trống.",
            conclusion="Đủ điều kiện dùng chung.",
        )

    return assess


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(fill(), ensure_ascii=False))
