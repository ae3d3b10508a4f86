"""The demo's overlaps: what other registers hold too, each case come to another place."""

from __future__ import annotations

import math
from datetime import timedelta

from django.utils import timezone

from lienthong.authority import commands as authority
from lienthong.authority.commands.decisions import Mechanism
from lienthong.authority.demo import make_case, make_pair
from lienthong.authority.models import CaseState, OverlapCase
from lienthong.authority.queries import cases_of
from lienthong.authority.rules import FoundPair
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.demo import make_look
from lienthong.catalogue.models import Database
from lienthong.engine.overlap.shapes import Reason
from lienthong.foundation.accounts.actor import SYSTEM, Actor

from .proposals import PERSONNEL
from .story import agency, database, officer

# Where the score of two columns stands before any signal speaks, in log-odds.
BASE = -3.2

RESIDENTS, SEALS, SOCIETIES = "G98.DB01", "G98.DB02", "G99.DB03"
STAFF, PRACTITIONERS, PETITIONS = "H99.01.DB02", "H99.11.DB02", "H99.02.DB02"
FILES, STEERING = "H99.05.DB01", "H99.02.DB01"

# Code, name, name in English, class, owner, managing unit, purpose, columns.
REGISTERS: tuple[tuple[str, str, str, str, str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        RESIDENTS, "CSDL quốc gia về dân cư (trình diễn)", "National database of residents (demonstration)",
        "national", "G98", "G98", "Quản lý thống nhất thông tin cơ bản của công dân.",
        (("so_dinh_danh", "text"), ("ho_ten", "text"), ("ngay_sinh", "date")),
    ),
    (
        SEALS, "CSDL đăng ký mẫu con dấu (trình diễn)", "Registered seals of organisations (demonstration)",
        "sector", "G98", "G98", "Quản lý đăng ký mẫu con dấu của cơ quan, tổ chức.",
        (("ma_to_chuc", "text"), ("ten_to_chuc", "text"), ("so_dang_ky", "text")),
    ),
    (
        SOCIETIES, "CSDL hội, quỹ (trình diễn)", "Societies and funds (demonstration)",
        "ministry", "G99", "G99", "Theo dõi hội, quỹ được cấp phép hoạt động.",
        (("ma_hoi", "text"), ("ten_hoi", "text"), ("so_con_dau", "text")),
    ),
    (
        STAFF, "CSDL cán bộ, công chức, viên chức của tỉnh", "Officials of the province",
        "local", "H99", "H99.01", "Quản lý hồ sơ cán bộ, công chức, viên chức của tỉnh.",
        (("so_hieu", "text"), ("ho_ten", "text"), ("ngach", "text")),
    ),
    (
        PRACTITIONERS, "CSDL người hành nghề khám bệnh, chữa bệnh", "Medical practitioners of the province",
        "local", "H99", "H99.11", "Quản lý giấy phép hành nghề khám bệnh, chữa bệnh.",
        (("so_giay_phep", "text"), ("so_cccd", "text"), ("chuyen_khoa", "text")),
    ),
)  # fmt: skip


def find_overlaps() -> None:
    """Six more cases: one follows, one is to follow, one stops, one asks for an exception, one was none, one is unnamed."""
    _register()
    _follow()
    _stop()
    _ask_exception()
    _dismiss()
    _case(FILES, STEERING, _pair("Hồ sơ.Số văn bản", "van_ban.so_ky_hieu", 0.41, 0.58))


def _register() -> None:
    for code, name, name_en, tier, owner, unit, purpose, columns in REGISTERS:
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
        look = make_look("Hồ sơ", columns, primary_key=columns[0][:1])
        catalogue.describe_from_look(actor=SYSTEM, database=found, look=look)


def _follow() -> None:
    """The province's officials follow the ministry's register, which is to follow that of residents."""
    keeper = officer("cntt")
    staff = _case(
        STAFF,
        PERSONNEL,
        _pair("Hồ sơ.so_hieu", "can_bo.so_hieu", 0.982, 0.017),
        _pair("Hồ sơ.ho_ten", "can_bo.ho_ten", 0.964, 0.021, is_key=False),
    )
    if staff.state == CaseState.DETECTED:
        _plan(keeper, staff, "synchronise", "daily", "H99.01", "Hồ sơ của tỉnh là một phần hồ sơ của Bộ.")
    if staff.state == CaseState.SYNC_PLANNED:
        authority.start_synchronisation(actor=keeper, case=staff, started_on=timezone.localdate())
    persons = _case(PERSONNEL, RESIDENTS, _pair("can_bo.so_dinh_danh", "cong_dan.so_dinh_danh", 0.997, 0.019))
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
    case = _case(SOCIETIES, SEALS, _pair("Hồ sơ.so_con_dau", "con_dau.so_dang_ky", 0.87, 0.11))
    if case.state == CaseState.DETECTED:
        reason = "Số đăng ký con dấu do ngành Công an cấp và quản lý."
        authority.decide_case(
            actor=officer("chu-quan-bo"), case=case, outcome="stop_collecting", reason=reason
        )


def _ask_exception() -> None:
    """The department asks to go on with its own collection; the head has still to sign."""
    case = _case(PRACTITIONERS, RESIDENTS, _pair("Hồ sơ.so_cccd", "cong_dan.so_dinh_danh", 0.99, 0.002))
    if case.state == CaseState.DETECTED:
        authority.decide_case(
            actor=officer("cntt"),
            case=case,
            outcome="exception",
            reason="Kết nối với dữ liệu dân cư chưa mở cho phần mềm cấp phép.",
            legal_ground="Khoản 3 Điều 9 Nghị định số 47/2020/NĐ-CP",
            review_date=timezone.localdate() + timedelta(days=180),
        )


def _dismiss() -> None:
    case = _case(
        PETITIONS,
        RESIDENTS,
        _pair("Hồ sơ.Mã phiếu", "cong_dan.so_dinh_danh", 0.38, 0.002, names_agree=0.3),
    )
    if case.state == CaseState.DETECTED:
        reason = (
            "Mã phiếu gồm 12 chữ số nên trùng ngẫu nhiên với số định danh; không phải dữ liệu về công dân."
        )
        authority.decide_case(actor=officer("cntt"), case=case, outcome="no_overlap", reason=reason)


def _case(one: str, other: str, *pairs: FoundPair) -> OverlapCase:
    """The case between two databases, opened with these pairs if there is none."""
    lower, higher = database(one), database(other)
    return cases_of(lower).filter(higher=higher).first() or make_case(lower, higher, *pairs)


def _pair(
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
