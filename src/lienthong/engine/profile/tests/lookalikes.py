"""Columns of a make-believe Viet Nam, with their look-alikes: the same for the same seed, right answer known.

Nobody and nothing in it exists. Each column has a kind of value, a style of name (Vietnamese, abbreviated, English,
camel case, opaque, with or without a comment), a number of distinct values, a share of dirt, and may have lost its
leading zeros as in a spreadsheet. `expected` is None where form and name prove nothing.
"""

from __future__ import annotations

import random
import string
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lienthong.engine.profile.forms import AREA_CODES, TAX_WEIGHTS
from lienthong.engine.shapes import ColumnType

AREAS = sorted(AREA_CODES)
FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Lò",
    "Giàng",
    "Thạch",
    "Trịnh",
    "Đinh",
    "Mai",
    "Cao",
    "Lương",
]
MIDDLE = [
    "Văn",
    "Thị",
    "Hữu",
    "Đức",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Kim",
    "Xuân",
    "Thu",
    "Hồng",
    "Gia",
    "Bảo",
    "Khánh",
]
GIVEN = [
    "An",
    "Anh",
    "Ánh",
    "Bình",
    "Châu",
    "Chi",
    "Cường",
    "Dung",
    "Dũng",
    "Duy",
    "Giang",
    "Hà",
    "Hải",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Khoa",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Sơn",
    "Tú",
    "Vinh",
    "Yến",
]
STREETS = [
    "Trần Hưng Đạo",
    "Lê Lợi",
    "Nguyễn Huệ",
    "Hai Bà Trưng",
    "Quang Trung",
    "Hùng Vương",
    "Điện Biên Phủ",
]
COMMUNES = ["Tân Lập", "Hòa Bình", "Phú Thọ", "Đồng Tâm", "An Khánh", "Vĩnh Lộc", "Long Mỹ", "Bình Minh"]
BODIES = ["Công ty TNHH", "Công ty cổ phần", "Trường THPT", "Trường Tiểu học", "Ủy ban nhân dân xã", "Sở Y tế", "Trung tâm",
          "Bệnh viện đa khoa", "Phòng Giáo dục", "Chi cục Thuế", "Hợp tác xã", "Ngân hàng TMCP", "Doanh nghiệp tư nhân"]  # fmt: skip
Make = Callable[[random.Random], str]


@dataclass(frozen=True)
class Made:
    """One generated column: what a reader sees, and what it is."""

    kind: str
    name: str
    comment: str
    type: ColumnType
    values: tuple[str, ...]
    expected: str | None
    opaque: bool
    counts: tuple[int, ...] = ()


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def citizen(rng: random.Random) -> str:
    return "0" + rng.choice(AREAS) + rng.choice("0123") + digits(rng, 8)


def tax(rng: random.Random) -> str:
    while True:
        head = rng.choice(AREAS + ["03", "05", "07", "09", "18", "28", "37"]) + digits(rng, 7)
        check = 10 - sum(w * int(d) for w, d in zip(TAX_WEIGHTS, head, strict=True)) % 11
        if check < 10:
            return head + str(check)


def branch_tax(rng: random.Random) -> str:
    return tax(rng) + (f"-{rng.randint(1, 60):03d}" if rng.random() < 0.3 else "")


def social(rng: random.Random) -> str:
    return rng.choice(AREAS) + digits(rng, 8)


def social_free(rng: random.Random) -> str:
    return digits(rng, 10)


def phone(rng: random.Random) -> str:
    return "0" + rng.choice(["32", "33", "35", "36", "37", "38", "39", "52", "56", "58", "70", "76", "77", "78", "79", "81", "82", "83", "84", "85", "86", "88", "89", "90", "91", "93", "94", "96", "97", "98"]) + digits(rng, 7)  # fmt: skip


def spaced_phone(rng: random.Random) -> str:
    text = phone(rng)
    return rng.choice(
        [
            text,
            f"{text[:4]} {text[4:7]} {text[7:]}",
            f"{text[:4]}.{text[4:7]}.{text[7:]}",
            "+84" + text[1:],
            "024" + digits(rng, 8),
        ]
    )


def old_identity(rng: random.Random) -> str:
    return rng.choice("0123") + digits(rng, 8)


def health(rng: random.Random) -> str:
    return (
        rng.choice(["DN", "HS", "GD", "TE", "HT", "CH", "NN"])
        + rng.choice("12345")
        + rng.choice(AREAS)
        + digits(rng, 10)
    )


def plate(rng: random.Random) -> str:
    tail = digits(rng, 3) + "." + digits(rng, 2) if rng.random() < 0.6 else digits(rng, 5)
    return (
        rng.choice(AREAS[5:])
        + rng.choice("ABCDEFGHKL")
        + rng.choice(["", "1", "2"])
        + rng.choice(["-", ""])
        + tail
    )


def person(rng: random.Random) -> str:
    return f"{rng.choice(FAMILY)} {rng.choice(MIDDLE)} {rng.choice(MIDDLE) + ' ' if rng.random() < 0.3 else ''}{rng.choice(GIVEN)}"


def body(rng: random.Random) -> str:
    return f"{rng.choice(BODIES)} {rng.choice(COMMUNES)} {rng.randint(1, 900)}"


def address(rng: random.Random) -> str:
    return rng.choice(
        [
            f"Số {rng.randint(1, 900)}, đường {rng.choice(STREETS)}, phường {rng.choice(COMMUNES)}",
            f"{rng.randint(1, 900)} {rng.choice(STREETS)}, P. {rng.choice(COMMUNES)}, TP. Vinh",
            f"Thôn {rng.randint(1, 30)}, xã {rng.choice(COMMUNES)}, huyện {rng.choice(COMMUNES)}",
            f"Tổ {rng.randint(1, 30)}, khu phố {rng.randint(1, 9)}, phường {rng.choice(COMMUNES)}",
        ]
    )


def day(rng: random.Random) -> str:
    return (date(1950, 1, 1) + timedelta(days=rng.randrange(27000))).strftime("%d/%m/%Y")


def iso_day(rng: random.Random) -> str:
    return (date(1950, 1, 1) + timedelta(days=rng.randrange(27000))).isoformat()


def email(rng: random.Random) -> str:
    return f"{rng.choice(string.ascii_lowercase)}{digits(rng, 4)}.{rng.choice(['an', 'binh', 'hoa'])}@{rng.choice(['gmail.com', 'tinh.gov.vn', 'x.edu.vn'])}"


def url(rng: random.Random) -> str:
    return f"https://{rng.choice(['dichvu', 'thongtin'])}.gov.vn/{rng.randint(1, 10**6)}"


def own_code(rng: random.Random) -> str:
    return f"{rng.choice('GHKT')}{rng.randint(1, 63):02d}.{rng.randint(1, 90)}" + (
        f".{rng.randint(1, 90)}" if rng.random() < 0.6 else ""
    )


def passport(rng: random.Random) -> str:
    return rng.choice("BCNP") + digits(rng, 7)


def money(rng: random.Random) -> str:
    return str(rng.randint(1, 90000) * 1000)


def year(rng: random.Random) -> str:
    return str(rng.randint(1950, 2025))


def latitude(rng: random.Random) -> str:
    return f"{rng.uniform(8.6, 23.3):.6f}"


def longitude(rng: random.Random) -> str:
    return f"{rng.uniform(102.2, 109.4):.6f}"


def listed(level: str, era: str) -> Make:
    from lienthong.engine.profile.lists import unit_lists

    codes = sorted(next(u for u in unit_lists() if (u.level, u.era) == (level, era)).codes)
    return lambda rng: rng.choice(codes)


def note(rng: random.Random) -> str:
    return " ".join(
        rng.choices(
            [
                "đã",
                "nhận",
                "hồ",
                "sơ",
                "chờ",
                "bổ",
                "sung",
                "giấy",
                "tờ",
                "theo",
                "công",
                "văn",
                "ngày",
                "hẹn",
                "trả",
                "kết",
                "quả",
                "kiểm",
                "tra",
                "lại",
            ],
            k=rng.randint(3, 9),
        )
    )


def product(rng: random.Random) -> str:
    return f"{rng.choice(['Gạo', 'Xi măng', 'Thép', 'Máy bơm', 'Giống lúa', 'Phân bón'])} {rng.choice(['loại', 'mẫu', 'dòng'])} {rng.choice('ABCDXY')}{rng.randint(1, 99)}"


def counter(start: int, step: int, width: int = 0) -> Callable[[random.Random, int], list[str]]:
    return lambda rng, count: [str(start + step * at).zfill(width) for at in range(count)]


def _of(make: Make) -> Callable[[random.Random, int], list[str]]:
    return lambda rng, count: [make(rng) for _ in range(count)]


NAMES: dict[str, list[str]] = {
    "citizen": ["so_cccd", "CCCD", "so_dinh_danh", "SoDinhDanhCaNhan", "Số căn cước công dân", "can_cuoc", "citizen_id", "national_id", "sddcn"],
    "tax": ["mst", "ma_so_thue", "MaSoThue", "Mã số thuế", "tax_code", "TAX_ID", "msdn", "ma_so_doanh_nghiep", "mst_nnt"],
    "social": ["so_bhxh", "ma_so_bhxh", "MaSoBHXH", "Số sổ bảo hiểm xã hội", "social_insurance_no", "sosobhxh"],
    "phone": ["sdt", "so_dien_thoai", "DienThoai", "Số ĐT liên hệ", "phone", "mobile_number", "dtdd", "tel"],
    "old": ["cmnd", "so_cmnd", "SoCMT", "Số chứng minh nhân dân", "so_cmtnd", "old_id_number"],
    "health": ["the_bhyt", "so_the_bhyt", "MaTheBHYT", "health_insurance_card", "Thẻ BHYT"],
    "plate": ["bien_so", "BienSoXe", "bks", "license_plate", "Biển kiểm soát"],
    "passport": ["so_ho_chieu", "HoChieu", "passport_no", "Số hộ chiếu"],
    "person": ["ho_ten", "HoVaTen", "Họ và tên", "full_name", "ten_chu_ho", "nguoi_dai_dien", "hoten"],
    "body": ["ten_don_vi", "TenDoanhNghiep", "Tên cơ quan", "company_name", "co_quan_cap", "ten_to_chuc"],
    "address": ["dia_chi", "DiaChi", "Địa chỉ thường trú", "address", "noi_o_hien_tai", "dchi"],
    "day": ["ngay_sinh", "NgayCap", "Ngày ban hành", "issue_date", "ngay_nhap", "dob"],
    "email": ["email", "thu_dien_tu", "EmailLienHe", "contact_mail"],
    "url": ["website", "trang_web", "url", "lien_ket"],
    "own_code": ["ma_dinh_danh", "MaDonVi", "Mã cơ quan", "ma_dinh_danh_dien_tu", "organization_code"],
    "money": ["so_tien", "ThanhTien", "Tổng kinh phí", "amount", "luong", "hoc_phi", "von_dieu_le"],
    "year": ["nam", "NamThanhLap", "Năm sinh", "year", "nam_tot_nghiep"],
    "latitude": ["vi_do", "lat", "Latitude", "toa_do_y"],
    "longitude": ["kinh_do", "lng", "Longitude", "toa_do_x"],
    "sex": ["gioi_tinh", "GioiTinh", "sex", "Giới tính"],
    "unit1": ["ma_tinh", "MaTinh", "province_code", "Mã tỉnh"],
    "unit2": ["ma_huyen", "MaHuyen", "district_code", "Mã quận/huyện"],
    "unit3": ["ma_xa", "MaXa", "commune_code", "Mã phường/xã", "ward_code"],
}  # fmt: skip
HELD_OUT: dict[str, list[str]] = {
    "citizen": ["gttt_cccd", "Số ĐDCN", "IdentityNumber", "SO_CAN_CUOC", "cccd_nguoi_nop", "Mã định danh cá nhân"],
    "tax": ["MST_DN", "Mã số thuế NNT", "TaxNo", "masothue", "mst_chi_nhanh"],
    "social": ["BHXH", "Mã BHXH", "SoSoBHXH", "social_insurance_number", "ma_bhxh_nld"],
    "phone": ["SoDT", "điện thoại di động", "ContactPhone", "dien_thoai_lien_he", "SDT1", "hotline"],
    "old": ["CMT", "CMND_cu", "so_chung_minh_thu", "SoCMNDCu"],
    "health": ["BHYT", "Số thẻ BHYT", "ma_bhyt"],
    "plate": ["BIEN_SO_XE", "plate_no", "bien_kiem_soat"],
    "passport": ["Passport", "ho_chieu_so"],
    "person": ["HOTEN", "Họ tên người nộp", "PatientName", "ho_ten_me", "ten_khach_hang"],
    "body": ["Đơn vị công tác", "employer", "TEN_CONG_TY", "noi_cap"],
    "address": ["HKTT", "dia_chi_tru_so", "HomeAddress", "Nơi ở"],
    "day": ["NGAY_CAP_GIAY", "Ngày ký", "BirthDate", "thoi_gian"],
    "email": ["Thư điện tử", "EMAIL_ADDRESS"],
    "url": ["Trang thông tin", "link"],
    "own_code": ["Mã định danh CQ", "agency_code", "MA_CO_QUAN"],
    "money": ["Giá trị hợp đồng (đồng)", "TotalAmount", "muc_dong", "kinh_phi_2024"],
    "year": ["Năm báo cáo", "birth_year", "NAM_XD"],
    "latitude": ["Vĩ độ", "gps_lat"],
    "longitude": ["Kinh độ", "gps_lon"],
    "sex": ["Phái", "gender", "GTINH"],
    "unit1": ["MATINH", "Mã tỉnh/TP", "ma_dvhc_tinh"],
    "unit2": ["MAHUYEN", "ma_qh", "Mã huyện"],
    "unit3": ["MAXA", "ma_px", "Mã xã"],
}  # fmt: skip
NEUTRAL = ["so_luong", "ma_hang", "trang_thai", "so_hd", "so_thu_tu", "id", "so_tai_khoan", "ma_giao_dich", "ghi_chu", "value", "ma_phieu", "so_lo", "ref_no", "order_no"]  # fmt: skip
OPAQUE = ["c1", "c7", "col_3", "F12", "x", "field5", "Column9", "A", "truong_2", "v_04"]


@dataclass(frozen=True)
class Kind:
    key: str
    make: Callable[[random.Random, int], list[str]]
    expected: str | None
    names: str | None
    needs_name: bool = False
    type: ColumnType = "text"
    loses_zero: bool = False


def kinds() -> list[Kind]:
    """Every kind of column, the look-alikes that are no identifiers among them."""
    return [
        Kind("citizen", _of(citizen), "citizen_number", "citizen", loses_zero=True),
        Kind("tax", _of(tax), "tax_code", "tax", loses_zero=True),
        Kind("branch tax", _of(branch_tax), "tax_code", "tax"),
        Kind("social", _of(social), "social_insurance", "social", loses_zero=True),
        Kind("social by name", _of(social_free), "social_insurance", "social", needs_name=True),
        Kind("phone", _of(phone), "phone", "phone", loses_zero=True),
        Kind("spaced phone", _of(spaced_phone), "phone", "phone"),
        Kind("old identity", _of(old_identity), "old_identity_number", "old", needs_name=True, loses_zero=True),
        Kind("health", _of(health), "health_insurance", "health"),
        Kind("plate", _of(plate), "plate", "plate"),
        Kind("passport", _of(passport), "passport", "passport", needs_name=True),
        Kind("person", _of(person), "person_name", "person"),
        Kind("body", _of(body), "organisation_name", "body"),
        Kind("address", _of(address), "address", "address"),
        Kind("day", _of(day), "date", "day"),
        Kind("iso day", _of(iso_day), "date", "day"),
        Kind("email", _of(email), "email", "email"),
        Kind("url", _of(url), "url", "url"),
        Kind("own code", _of(own_code), "agency_identifier", "own_code"),
        Kind("money", _of(money), "money", "money", needs_name=True, type="integer"),
        Kind("year", _of(year), "year", "year", type="integer"),
        Kind("latitude", _of(latitude), "coordinate", "latitude", type="double"),
        Kind("longitude", _of(longitude), "coordinate", "longitude", type="double"),
        Kind("sex", _of(lambda rng: rng.choice(["Nam", "Nữ"])), "sex", "sex"),
        Kind("unit 3 old", _of(listed("commune", "before_2025")), "administrative_code", "unit3", loses_zero=True),
        Kind("unit 3 new", _of(listed("commune", "since_2025")), "administrative_code", "unit3", loses_zero=True),
        Kind("unit 2", _of(listed("district", "before_2025")), "administrative_code", "unit2", needs_name=True),
        Kind("unit 1", _of(listed("first", "since_2025")), "administrative_code", "unit1", needs_name=True),
        Kind("ten digits", _of(lambda rng: digits(rng, 10)), None, None),
        Kind("nine digits", _of(lambda rng: digits(rng, 9)), None, None),
        Kind("twelve digits", _of(lambda rng: digits(rng, 12)), None, None),
        Kind("thirteen digits", _of(lambda rng: digits(rng, 13)), None, None),
        Kind("twelve digits of one head", _of(lambda rng: "9704" + digits(rng, 8)), None, None),
        Kind("ten digits of one head", _of(lambda rng: "20" + digits(rng, 8)), None, None),
        Kind("seconds", _of(lambda rng: str(rng.randint(1_500_000_000, 1_760_000_000))), None, None),
        Kind("milliseconds", _of(lambda rng: str(rng.randint(1_500_000_000_000, 1_760_000_000_000))), None, None),
        Kind("counter", counter(1, 1), None, None, type="integer"),
        Kind("padded counter", counter(1, 1, 10), None, None),
        Kind("padded counter 12", counter(1, 3, 12), None, None),
        Kind("large counter", counter(1_000_000_001, 1), None, None, type="integer"),
        Kind("counter of nine", counter(100_000_000, 2), None, None, type="integer"),
        Kind("amounts", _of(money), None, None, type="integer"),
        Kind("measures", _of(lambda rng: f"{rng.lognormvariate(3, 2):.2f}"), None, None, type="double"),
        Kind("shares", _of(lambda rng: f"{rng.uniform(0, 100):.2f}"), None, None, type="double"),
        Kind("notes", _of(note), None, None),
        Kind("products", _of(product), None, None),
        Kind("states", _of(lambda rng: rng.choice(["Mới", "Đang xử lý", "Hoàn thành", "Hủy"])), None, None),
        Kind("own numbers", _of(lambda rng: f"HD{digits(rng, 6)}"), None, None),
        Kind("eight digits", _of(lambda rng: digits(rng, 8)), None, None),
        Kind("six digits", _of(lambda rng: digits(rng, 6)), None, None),
    ]  # fmt: skip


def dirtied(value: str, rng: random.Random) -> str:
    """A slip of the hand: a digit lost or changed, a remark, blanks, a letter among the digits."""
    slip = rng.randrange(6)
    at = rng.randrange(len(value)) if value else 0
    if slip == 0:
        return value[:at] + value[at + 1 :]
    if slip == 1:
        return value[:at] + rng.choice("0123456789") + value[at + 1 :]
    if slip == 2:
        return "không có"
    if slip == 3:
        return f" {value} "
    if slip == 4:
        return value[:at] + "O" + value[at + 1 :]
    return value + rng.choice("0123456789")


def columns(seed: int, *, held_out: bool = False, rounds: int = 3) -> Iterator[Made]:
    """Columns of every kind, `rounds` of each with a name that tells and as many with one that does not."""
    rng = random.Random(seed)
    names = HELD_OUT if held_out else NAMES
    for kind in kinds():
        for turn in range(rounds * 2):
            opaque = turn % 2 == 1
            count = rng.choice([200, 300, 500, 1000, 2000, 5000])
            values = kind.make(rng, count)
            dirt = 0.0 if kind.key in ("sex", "states") else rng.choice([0.0, 0.02, 0.05, 0.1])
            lost = kind.loses_zero and turn % 3 == 2
            column_type = kind.type
            if lost:
                values = [value.lstrip("0") or "0" for value in values]
                column_type = rng.choice(["integer", "text"])
            if column_type == "text":
                values = [dirtied(value, rng) if rng.random() < dirt else value for value in values]
            if kind.names is None:
                name = rng.choice(OPAQUE if opaque else NEUTRAL)
            else:
                name = rng.choice(OPAQUE if opaque else names[kind.names])
            comment = ""
            if opaque and kind.names is not None and turn % 4 == 3:
                # The name says nothing, but the comment does.
                comment, opaque = rng.choice(names[kind.names]), False
            expected = None if opaque and kind.needs_name else kind.expected
            if opaque and kind.key in ("unit 1", "unit 2"):
                # Two or three digits without a name: nothing to be proved, and nothing wrong in a guess.
                continue
            counted = Counter(values)
            yield Made(
                kind.key,
                name,
                comment,
                column_type,
                tuple(counted),
                expected,
                opaque,
                tuple(counted.values()),
            )
