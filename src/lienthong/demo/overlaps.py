"""The demo's overlaps: what other registers hold too, each case come to another place."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from lienthong.authority import commands as authority
from lienthong.authority.commands.decisions import Mechanism
from lienthong.authority.demo import make_case, make_comparison, make_pair
from lienthong.authority.models import CaseState, OverlapCase
from lienthong.authority.queries import cases_of, last_search
from lienthong.authority.rules import FoundPair
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.demo import make_look
from lienthong.catalogue.models import Database, IssuedCatalogue
from lienthong.engine.overlap.shapes import Reason
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from .proposals import PERSONNEL
from .story import agency, database, officer

# Where the score of two columns stands before any signal speaks, in log-odds.
BASE = -3.2

RESIDENTS, SEALS, SOCIETIES = "G98.DB01", "G98.DB02", "G99.DB03"
AWARDS = "G99.DB04"
STAFF, PRACTITIONERS, PETITIONS = "H99.01.DB02", "H99.11.DB02", "H99.02.DB02"
FILES, STEERING = "H99.05.DB01", "H99.02.DB01"

Columns = tuple[tuple[str, str, str], ...]
# Core domain of databases that stand elsewhere in the story.
OF_PERSONS = (PERSONNEL, PETITIONS)
# Code, name, name in English, class, owner, managing unit, core domain, purpose, its table, columns with type and title.
REGISTERS: tuple[tuple[str, str, str, str, str, str, str, str, tuple[str, str], Columns], ...] = (
    (
        RESIDENTS, "CSDL quốc gia về dân cư (trình diễn)", "National database of residents (demonstration)",
        "national", "G98", "G98", "person", "Quản lý thống nhất thông tin cơ bản của công dân.",
        ("cong_dan", "Công dân"),
        (
            ("so_dinh_danh", "text", "Số định danh cá nhân"), ("ho_ten", "text", "Họ và tên"),
            ("ngay_sinh", "date", "Ngày sinh"),
        ),
    ),
    (
        SEALS, "CSDL đăng ký mẫu con dấu (trình diễn)", "Registered seals of organisations (demonstration)",
        "sector", "G98", "G98", "organisation", "Quản lý đăng ký mẫu con dấu của cơ quan, tổ chức.",
        ("con_dau", "Con dấu"),
        (
            ("so_dang_ky", "text", "Số đăng ký mẫu con dấu"), ("ma_to_chuc", "text", "Mã tổ chức"),
            ("ten_to_chuc", "text", "Tên tổ chức"),
        ),
    ),
    (
        SOCIETIES, "CSDL hội, quỹ (trình diễn)", "Societies and funds (demonstration)",
        "ministry", "G99", "G99", "organisation", "Theo dõi hội, quỹ được cấp phép hoạt động.",
        ("ho_so", "Hội, quỹ"),
        (("ma_hoi", "text", "Mã hội"), ("ten_hoi", "text", "Tên hội"), ("so_con_dau", "text", "Số con dấu")),
    ),
    (
        AWARDS, "CSDL thi đua, khen thưởng (trình diễn)", "Emulation and commendation (demonstration)",
        "ministry", "G99", "G99", "person", "Theo dõi danh hiệu thi đua, hình thức khen thưởng đã tặng.",
        ("khen_thuong", "Khen thưởng"),
        (
            ("so_quyet_dinh", "text", "Số quyết định"), ("so_dinh_danh", "text", "Số định danh cá nhân"),
            ("hinh_thuc", "text", "Hình thức khen thưởng"),
        ),
    ),
    (
        STAFF, "CSDL cán bộ, công chức, viên chức của tỉnh", "Officials of the province",
        "local", "H99", "H99.01", "person", "Quản lý hồ sơ cán bộ, công chức, viên chức của tỉnh.",
        ("ho_so", "Hồ sơ cán bộ"),
        (("so_hieu", "text", "Số hiệu cán bộ"), ("ho_ten", "text", "Họ và tên"), ("ngach", "text", "Ngạch")),
    ),
    (
        PRACTITIONERS, "CSDL người hành nghề khám bệnh, chữa bệnh", "Medical practitioners of the province",
        "local", "H99", "H99.11", "person", "Quản lý giấy phép hành nghề khám bệnh, chữa bệnh.",
        ("giay_phep", "Giấy phép hành nghề"),
        (
            ("so_giay_phep", "text", "Số giấy phép"), ("so_cccd", "text", "Số căn cước"),
            ("chuyen_khoa", "text", "Chuyên khoa"),
        ),
    ),
)  # fmt: skip


def find_overlaps() -> None:
    """Seven more cases: two follow, one is to follow, one stops, one asks for an exception, one was none, one is unnamed."""
    _register()
    _follow()
    _stop()
    _ask_exception()
    _dismiss()
    _case(FILES, STEERING, pair("Hồ sơ.Số văn bản", "van_ban.so_ky_hieu", 0.41, 0.58))
    _issue()


def _register() -> None:
    for code, name, name_en, tier, owner, unit, domain, purpose, (table, title), columns in REGISTERS:
        if Database.objects.filter(code=code).exists():
            continue
        found = catalogue.register_database(
            actor=SYSTEM,
            code=code,
            name=name,
            name_en=name_en,
            tier=tier,
            local_base="assigned_by_law" if tier == "local" else "",
            owner=agency(owner),
            managing_unit=agency(unit),
            legal_basis="Theo chức năng, nhiệm vụ được giao",
            purpose=purpose,
            scope="Dữ liệu thuộc nhiệm vụ của đơn vị.",
            collection="Cập nhật từ hồ sơ, thủ tục hành chính.",
        )
        catalogue.amend_database(actor=SYSTEM, database=found, core_domain=domain)
        _describe(found, table, title, columns)
    _describe(
        database(PERSONNEL),
        "can_bo",
        "Cán bộ, công chức, viên chức",
        (
            ("so_hieu", "text", "Số hiệu cán bộ"),
            ("so_dinh_danh", "text", "Số định danh cá nhân"),
            ("ho_ten", "text", "Họ và tên"),
        ),
    )
    for code in OF_PERSONS:
        found = database(code)
        if not found.core_domain:
            catalogue.amend_database(actor=SYSTEM, database=found, core_domain="person")


def _describe(found: Database, table: str, title: str, columns: Columns) -> None:
    """What a look at the source showed, with the titles that the owner gave."""
    if found.tables.exists():
        return
    look = make_look(table, [column[:2] for column in columns], primary_key=columns[0][:1])
    catalogue.describe_from_look(actor=SYSTEM, database=found, look=look)
    (seen,) = found.tables.all()
    catalogue.describe_table(actor=SYSTEM, table=seen, title=title, description="")
    titles = {name: said for name, _kind, said in columns}
    for field in seen.fields.select_related("table__database"):
        catalogue.describe_field(
            actor=SYSTEM,
            field=field,
            title=titles[field.name],
            description="",
            sharing_class="shared",
            personal_data="basic"
            if field.name in ("ho_ten", "so_dinh_danh", "so_cccd", "ngay_sinh")
            else "none",
        )


def _issue() -> None:
    """Both ministries issue their catalogues, whose entries say how each copy follows; what must stop first is not in them."""
    for code, declared, number in (
        ("G98", (RESIDENTS, SEALS), "512/QĐ-BCA-TD"),
        ("G99", (PERSONNEL, AWARDS), "21/QĐ-BNV-TD"),
    ):
        if IssuedCatalogue.objects.filter(agency__code=code, decision_number=number).exists():
            continue
        for one in declared:
            found = database(one)
            if not found.overlap_searches.exists():
                authority.record_overlaps(actor=SYSTEM, database=found, job=None, comparisons=())
            catalogue.declare_entry(actor=SYSTEM, database=found)
        catalogue.issue_catalogue(
            actor=SYSTEM, agency=agency(code), decision_number=number, decision_date=timezone.localdate()
        )


def _follow() -> None:
    """The province's officials follow the ministry's register, which is to follow that of residents; awards follow it."""
    keeper = officer("cntt")
    staff = _case(
        STAFF,
        PERSONNEL,
        pair("ho_so.so_hieu", "can_bo.so_hieu", 0.982, 0.017),
        pair("ho_so.ho_ten", "can_bo.ho_ten", 0.964, 0.021, is_key=False),
    )
    if staff.state == CaseState.DETECTED:
        _plan(keeper, staff, "online_query", "daily", "H99.01", "Hồ sơ của tỉnh là một phần hồ sơ của Bộ.")
    if staff.state == CaseState.SYNC_PLANNED:
        authority.start_synchronisation(actor=keeper, case=staff, started_on=timezone.localdate())
    awarded = _case(
        AWARDS, RESIDENTS, pair("khen_thuong.so_dinh_danh", "cong_dan.so_dinh_danh", 0.991, 0.004)
    )
    if awarded.state == CaseState.DETECTED:
        reason = "Người được khen thưởng lấy theo dữ liệu dân cư."
        _plan(officer("chu-quan-bo"), awarded, "packaged", "weekly", "G99.10", reason)
    if awarded.state == CaseState.SYNC_PLANNED:
        authority.start_synchronisation(
            actor=officer("chu-quan-bo"), case=awarded, started_on=timezone.localdate()
        )
    persons = _case(PERSONNEL, RESIDENTS, pair("can_bo.so_dinh_danh", "cong_dan.so_dinh_danh", 0.997, 0.019))
    if persons.state == CaseState.DETECTED:
        reason = "Thông tin cá nhân của cán bộ lấy từ dữ liệu dân cư."
        _plan(officer("chu-quan-bo"), persons, "online_query", "on_change", "G99.10", reason)


def _plan(actor: Actor, case: OverlapCase, method: str, frequency: str, unit: str, reason: str) -> None:
    authority.decide_case(
        actor=actor,
        case=case,
        outcome="must_synchronise",
        reason=reason,
        mechanism=Mechanism(method, frequency, agency(unit), timezone.localdate() + timedelta(days=30)),
    )


def _stop() -> None:
    case = _case(SOCIETIES, SEALS, pair("ho_so.so_con_dau", "con_dau.so_dang_ky", 0.87, 0.11))
    if case.state == CaseState.DETECTED:
        reason = "Số đăng ký con dấu do ngành Công an cấp và quản lý."
        authority.decide_case(
            actor=officer("chu-quan-bo"), case=case, outcome="stop_collecting", reason=reason
        )


def _ask_exception() -> None:
    """The department asks to go on with its own collection; the head has still to sign."""
    case = _case(PRACTITIONERS, RESIDENTS, pair("giay_phep.so_cccd", "cong_dan.so_dinh_danh", 0.99, 0.002))
    if case.state == CaseState.DETECTED:
        authority.decide_case(
            actor=officer("cntt"),
            case=case,
            outcome="exception",
            reason="Kết nối với dữ liệu dân cư chưa mở cho phần mềm cấp phép.",
            legal_ground="Khoản 3 Điều 41 Luật Giao dịch điện tử số 20/2023/QH15",
            review_date=timezone.localdate() + timedelta(days=180),
        )


def _dismiss() -> None:
    case = _case(
        PETITIONS,
        RESIDENTS,
        pair("Hồ sơ.Mã phiếu", "cong_dan.so_dinh_danh", 0.38, 0.002, names_agree=0.3),
    )
    if case.state == CaseState.DETECTED:
        reason = (
            "Mã phiếu gồm 12 chữ số nên trùng ngẫu nhiên với số định danh; không phải dữ liệu về công dân."
        )
        authority.decide_case(actor=officer("cntt"), case=case, outcome="no_overlap", reason=reason)


def _case(one: str, other: str, *pairs: FoundPair) -> OverlapCase:
    """The case between two databases, opened with these pairs if there is none."""
    lower, higher = database(one), database(other)
    found = cases_of(lower).filter(higher=higher).first() or make_case(lower, higher, *pairs)
    if last_search(higher) is None:
        turned = [
            replace(
                pair,
                left_table=pair.right_table,
                left_column=pair.right_column,
                left_share=pair.right_share,
                right_table=pair.left_table,
                right_column=pair.left_column,
                right_share=pair.left_share,
            )
            for pair in pairs
        ]
        authority.record_overlaps(
            actor=SYSTEM, database=higher, job=None, comparisons=[make_comparison(lower, *turned)]
        )
    return found


def pair(
    left: str, right: str, share: float, back: float, *, names_agree: float = 0.6, is_key: bool = True
) -> FoundPair:
    """Two columns as the matcher tells of them: shares, signals, and the score that these add up to."""
    said = [
        Reason("name", "Tên cột gần nghĩa", "The names of the columns are related", 3.8, names_agree),
        Reason("values", "Giá trị trùng nhau", "The values are the same", 6.5, share),
        Reason("shape", "Giá trị cùng dạng", "The values look alike", 0.8, 0.95),
        Reason("types", "Cùng kiểu giá trị", "The values are of one kind", 0.4, 1.0),
    ]
    against = []
    if back < 0.5 * share:
        against.append(
            Reason(
                "range", "Một bên có nhiều đối tượng hơn hẳn", "One side holds far more subjects", -0.6, 0.8
            )
        )
    log_odds = BASE + sum(reason.adds for reason in (*said, *against))
    return make_pair(
        _column(left),
        _column(right),
        share=share,
        back=back,
        score=1 / (1 + math.exp(-log_odds)),
        base=BASE,
        is_key=is_key,
        reasons=tuple(reason.as_json() for reason in said),
        against=tuple(reason.as_json() for reason in against),
    )


def _column(place: str) -> tuple[str, str]:
    table, _, column = place.partition(".")
    return table, column
