"""The certificate of a reconciliation as lines for people, in both languages."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from lienthong.engine.sync.certifying import Certificate, CertifiedColumn, CertifiedSide

Language = Literal["vi", "en"]

VERDICTS: dict[Language, dict[str, str]] = {
    "vi": {
        "equal": "BẰNG NHAU: mọi dòng và mọi cột được đối chiếu đều giống nhau",
        "differs": "KHÁC NHAU",
        "held": "GIỐNG NHAU, TRỪ CÁC DÒNG ĐANG ĐƯỢC GIỮ LẠI",
        "moving": "CHƯA KẾT LUẬN: dữ liệu đang thay đổi trong lúc đối chiếu",
    },
    "en": {
        "equal": "EQUAL: every compared column of every row is the same",
        "differs": "DIFFERENT",
        "held": "EQUAL BUT FOR THE ROWS THAT ARE HELD BACK",
        "moving": "NOT SETTLED: the data was changing while it was compared",
    },
}
METHODS: dict[Language, dict[str, str]] = {
    "vi": {
        "total": "mã tổng hợp của toàn bảng",
        "buckets": "mã tổng hợp của toàn bảng, rồi của từng nhóm dòng",
        "flat": "mã tổng hợp của toàn bảng, rồi mã của từng dòng",
    },
    "en": {
        "total": "digest of the whole table",
        "buckets": "digest of the whole table, then of groups of rows",
        "flat": "digest of the whole table, then the hash of each row",
    },
}
HASHED: dict[Language, dict[str, str]] = {
    "vi": {"in_place": "tính tại máy chủ dữ liệu", "here": "đọc về rồi tính"},
    "en": {"in_place": "computed in the database", "here": "read, then computed"},
}


def certificate_text(certificate: Certificate, language: Language) -> str:
    """The certificate as lines."""
    vi = language == "vi"
    lines = [
        "GIẤY CHỨNG NHẬN ĐỐI CHIẾU DỮ LIỆU" if vi else "CERTIFICATE OF RECONCILIATION",
        VERDICTS[language][certificate.verdict],
        "",
        *_side("Bên nguồn" if vi else "Source side", certificate.left, language),
        *_side("Bên nhận" if vi else "Receiving side", certificate.right, language),
        ("Khóa: " if vi else "Key: ") + ", ".join(certificate.key),
        ("Cột đối chiếu: " if vi else "Columns compared: ") + ", ".join(map(_pair, certificate.columns)),
    ]
    if certificate.not_compared:
        label = "Cột chỉ một bên có, không đối chiếu: " if vi else "Columns of one side only, not compared: "
        lines.append(label + ", ".join(certificate.not_compared))
    lines.append(
        (f"Dạng chuẩn: {certificate.form}; cách làm: " if vi else f"Canonical form: {certificate.form}; by: ")
        + METHODS[language][certificate.method]
    )
    if certificate.verdict != "equal" or certificate.moved:
        lines += _counts(certificate, vi)
    lines += [
        ("Lập lúc: " if vi else "Made at: ") + _moment(certificate.made_at),
        ("Mã kiểm tra của giấy: " if vi else "Digest of this certificate: ") + certificate.digest,
    ]
    return "\n".join(lines)


def _counts(certificate: Certificate, vi: bool) -> list[str]:
    one = certificate
    lines = [
        f"Thiếu ở bên nhận: {one.missing}; thừa ở bên nhận: {one.extra}; khác giá trị: {one.changed}"
        if vi
        else f"Missing on the receiving side: {one.missing}; extra there: {one.extra}; changed: {one.changed}"
    ]
    if one.changed_columns:
        counted = ", ".join(f"{name} ({count})" for name, count in one.changed_columns.items())
        lines.append(("Cột khác giá trị: " if vi else "Columns that differ: ") + counted)
    if one.held:
        lines.append(
            f"Đang giữ lại, chưa đồng bộ theo yêu cầu: {one.held}"
            if vi
            else f"Held back on purpose, not synchronised yet: {one.held}"
        )
    if one.moved:
        lines.append(
            f"Thay đổi trong lúc đối chiếu, đọc lại thì giống nhau: {one.moved}"
            if vi
            else f"Changed while they were compared, and equal when read again: {one.moved}"
        )
    return lines


def _side(label: str, side: CertifiedSide, language: Language) -> list[str]:
    vi = language == "vi"
    version = f" @{side.version}" if side.version is not None else ""
    lines = [
        f"{label}: {side.source} · {side.table}{version}",
        f"  {side.rows} dòng; mã {side.digest}; {HASHED[language][side.hashed]}; lúc {_moment(side.seen_at)}"
        if vi
        else f"  {side.rows} rows; digest {side.digest}; {HASHED[language][side.hashed]}; at {_moment(side.seen_at)}",
    ]
    if side.repeated_keys:
        lines.append(
            f"  {side.repeated_keys} khóa lặp lại trên nhiều dòng"
            if vi
            else f"  {side.repeated_keys} keys stand on more than one row"
        )
    return lines


def _pair(column: CertifiedColumn) -> str:
    return column.right if column.left == column.right else f"{column.left} → {column.right}"


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
