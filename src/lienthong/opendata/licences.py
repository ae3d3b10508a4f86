"""Conditions of use under which data are opened, in words for everybody (ODA-13, LTE-11)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """One set of conditions of use."""

    code: str
    name_vi: str
    name_en: str
    terms_vi: tuple[str, ...]
    terms_en: tuple[str, ...]

    def name(self, locale: str) -> str:
        return self.name_vi if locale.startswith("vi") else self.name_en

    def terms(self, locale: str) -> tuple[str, ...]:
        return self.terms_vi if locale.startswith("vi") else self.terms_en


LICENCES = {
    "vn-open": Licence(
        "vn-open",
        "Điều kiện sử dụng dữ liệu mở của cơ quan nhà nước",
        "Conditions of use of open government data",
        (
            "Được tự do sao chép, chia sẻ, kết hợp, sử dụng dữ liệu, kể cả vào mục đích thương mại.",
            "Phải trích dẫn, ghi nhận cơ quan công bố dữ liệu.",
            "Không được bán nguyên trạng dữ liệu cho tổ chức, cá nhân khác.",
            "Khi dùng trong sản phẩm, dịch vụ thương mại phải cung cấp miễn phí kèm theo dữ liệu mở đã dùng.",
            "Cơ quan công bố không chịu trách nhiệm về thiệt hại phát sinh do việc sử dụng dữ liệu.",
        ),
        (
            "Free to copy, share, combine and use, for commercial purposes too.",
            "Cite and credit the publishing agency.",
            "Do not sell the unmodified data to others.",
            "When used in a commercial product or service, give the open data used with it free of charge.",
            "The publishing agency is not liable for damage that arises from the use of the data.",
        ),
    )
}


def licence(code: str) -> Licence:
    return LICENCES.get(code, LICENCES["vn-open"])
