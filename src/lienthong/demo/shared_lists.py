"""The demo's shared code lists with what old codes became, and the list of national master data.

Provinces and communes are the real ones of both eras, from the package `vietnamadminunits` (MIT).
"""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.models import (
    CodeList,
    CodeListState,
    CodeListVersion,
    DataField,
    MasterDataItem,
    MasterDataList,
)
from lienthong.inventory.demo import units

from .story import LOCAL, NATIONAL, agency, database, officer

PROVINCES = "don-vi-hanh-chinh-cap-tinh"
COMMUNES = "don-vi-hanh-chinh-cap-xa"
BASIS = "Điều 41 Luật Giao dịch điện tử số 20/2023/QH15; quyết định ban hành bảng danh mục và mã số các đơn vị hành chính"
FORMER_FROM, PRESENT_FROM = date(2025, 3, 1), date(2025, 7, 1)
MASTER = """Mã mục,Tên dữ liệu chủ,Khóa định danh,Miền dữ liệu,Chủ quản,Nguồn tin cậy,Mã CSDL
DLC-DANCU,Dân cư,Số định danh cá nhân,Con người,Bộ Công an,Cơ sở dữ liệu quốc gia về dân cư,
DLC-DOANHNGHIEP,Doanh nghiệp,Mã số doanh nghiệp,Tổ chức,Bộ Tài chính,Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp,
DLC-DATDAI,Đất đai,Mã thửa đất,Địa chính,Bộ Nông nghiệp và Môi trường,Cơ sở dữ liệu quốc gia về đất đai,
DLC-DVHC,Đơn vị hành chính,Mã đơn vị hành chính,Nền địa lý,Bộ Nội vụ (trình diễn),,G99.DB01
DLC-CBCC,"Cán bộ, công chức, viên chức",Số hiệu cán bộ,Con người,Bộ Nội vụ (trình diễn),,
"""


def issue_code_lists() -> None:
    """Provinces and communes as shared code lists in two versions, with what each code of before 01/07/2025 became."""
    found = units()
    province_of = {row[0]: (row[3], row[1]) for row in found.communes}
    former_provinces = sorted({(row[6], row[7]) for row in found.former})
    _issue(
        PROVINCES,
        "Danh mục đơn vị hành chính cấp tỉnh",
        "Provinces and cities",
        [f"{code} | {name}" for code, name in former_provinces],
        [f"{code} | {name}" for code, name, *_ in found.provinces],
        _provinces_became(),
    )
    _issue(
        COMMUNES,
        "Danh mục đơn vị hành chính cấp xã",
        "Communes, wards and special zones",
        [f"{row[1]} | {row[2]} |  | {row[6]}" for row in found.former if row[1]],
        [f"{code} | {name} |  | {province_of[code][0]}" for code, name, *_ in found.communes],
        [
            f"{old} | {new} | {'có' if usual else 'không'} | {'chia tách' if kind == 'chia_tach' else ''}"
            for old, new, kind, usual in found.successors
        ],
    )
    _follow()


def _provinces_became() -> list[str]:
    """Which province each of the former ones went into: the one in which its communes lie now."""
    found = units()
    former = {row[1]: row[6] for row in found.former if row[1]}
    present = {row[0]: row[3] for row in found.communes}
    became = {former[old]: present[new] for old, new, _kind, usual in found.successors if usual}
    return [f"{old} | {new}" for old, new in sorted(became.items())]


def _issue(
    code: str, name: str, name_en: str, former: list[str], present: list[str], pairs: list[str]
) -> None:
    keeper = officer("chu-quan-bo")
    code_list = CodeList.objects.filter(code=code).first()
    if code_list is None:
        code_list = catalogue.register_code_list(
            actor=keeper, code=code, name=name, name_en=name_en, owner=agency("G99"), basis=BASIS
        )
    for number, values, decided, day in (
        (1, former, "124/2004/QĐ-TTg", FORMER_FROM),
        (2, present, "19/2025/QĐ-TTg", PRESENT_FROM),
    ):
        version = CodeListVersion.objects.filter(code_list=code_list, number=number).first()
        if version is None:
            version = catalogue.begin_code_list_version(
                actor=keeper,
                code_list=code_list,
                decision_number=decided,
                decision_date=date(2004, 7, 8) if number == 1 else date(2025, 6, 30),
                valid_from=day,
            )
        if version.state == CodeListState.ISSUED:
            continue
        if not version.values.exists():
            catalogue.enter_code_values(actor=keeper, version=version, values="\n".join(values))
        if number == 2 and not version.mappings.exists():
            catalogue.enter_code_mapping(actor=keeper, version=version, pairs="\n".join(pairs))
        catalogue.issue_code_list_version(actor=keeper, version=version)


def _follow() -> None:
    """The columns of codes follow the lists."""
    for code, owner, column, name in (
        (NATIONAL, "chu-quan-bo", "ma_tinh", PROVINCES),
        (NATIONAL, "chu-quan-bo", "ma_xa", COMMUNES),
        (LOCAL, "chu-quan", "THUOC_TINH", PROVINCES),
    ):
        code_list = CodeList.objects.get(code=name)
        fields = DataField.objects.filter(table__database=database(code), name=column, code_list__isnull=True)
        for field in fields.select_related("table__database"):
            catalogue.choose_code_list(actor=officer(owner), field=field, code_list=code_list)


def record_master_data() -> None:
    """The list of national master data, with the one trusted source of each item; one item still lacks it."""
    if not MasterDataList.objects.exists():
        keeper = officer("dieu-phoi")
        handed_in = SimpleUploadedFile("du-lieu-chu-quoc-gia.csv", MASTER.encode(), content_type="text/csv")
        catalogue.take_over_master_data(
            actor=keeper,
            file=catalogue.hand_in_master_data(actor=keeper, upload=handed_in),
            decision_number="02/QĐ-BCA-TD",
            decision_date=date(2026, 3, 2),
            agreement="Biên bản thống nhất số 11/BB-TD ngày 20/02/2026 giữa Bộ Công an và các cơ quan chủ quản",
            valid_from=date(2026, 3, 15),
        )
    item = MasterDataItem.objects.get(code="DLC-DVHC")
    key = DataField.objects.select_related("table__database").get(
        table__database=database(NATIONAL), table__name="xa", name="ma_xa"
    )
    if key.master_item_id != item.pk:
        catalogue.describe_field(
            actor=officer("chu-quan-bo"),
            field=key,
            title=key.title,
            description=key.description,
            sharing_class=key.sharing_class,
            personal_data=key.personal_data,
            code_list=key.code_list,
            is_original=True,
            dictionary_term="Mã đơn vị hành chính cấp xã",
            master_item=item,
        )
