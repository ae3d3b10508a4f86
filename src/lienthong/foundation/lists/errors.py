"""Refusals of a list that was handed in."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class ListKindRefused(DomainError):
    """Facts: name."""

    code = "lists.kind_refused"
    status = 422
    field = "upload"
    vi = "Tệp “{name}” không phải danh sách đọc được."
    en = "File “{name}” is not a list that can be read."
    hint_vi = "Dùng tệp XLSX, XLS, ODS, CSV hoặc TSV."
    hint_en = "Use an XLSX, XLS, ODS, CSV or TSV file."


class ListColumnsMissing(DomainError):
    """Facts: needed, needed_en, columns."""

    code = "lists.columns_missing"
    status = 422
    field = "upload"
    vi = "Không thấy đủ các cột {needed}. Các cột đọc được: {columns}."
    en = "The columns {needed} are not all there. The columns read are: {columns}."
    hint_vi = "Đặt tiêu đề cột theo tên trên, rồi tải lại tệp."
    hint_en = "Give the columns these headings, and hand the file in again."


class ListTooLong(DomainError):
    """Facts: limit."""

    code = "lists.too_long"
    status = 422
    field = "upload"
    vi = "Danh sách có hơn {limit} dòng."
    en = "The list has more than {limit} rows."
    hint_vi = "Chia thành nhiều tệp, cơ quan cấp trên trước."
    hint_en = "Split it into several files, offices above first."
