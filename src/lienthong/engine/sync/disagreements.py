"""What can stop a comparison of two sides, as one tree.

ReconcileError
├── ColumnsNotFound         a column of the key or of the comparison is not there
├── ColumnsIncomparable     the types of a pair of columns have nothing in common
├── TableUnnamed            a source holds several tables, and none was named
├── NoKey                   nothing says which row of one side is which of the other
├── KeylessRows             rows without a value in the key
├── ZoneUnknown             no such time zone
├── SideUnknown             this kind of side cannot be compared
├── CertificateInvalid      what was given as a certificate is none, or was changed
├── CertificateStale        the data is no longer what the certificate says
└── ReconcileStopped        stopped on request
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lienthong.engine.errors import EngineError
from lienthong.engine.session import Interrupted
from lienthong.engine.sources.explaining import raise_alone


class ReconcileError(EngineError):
    """Two sides cannot be compared."""

    code = "reconcile.failed"
    text_vi = "Không đối chiếu được dữ liệu."
    text_en = "The two sides could not be compared."


class ColumnsNotFound(ReconcileError):
    """A column of the key or of the comparison is not there. Facts: `source`, `table`, `columns`."""

    code = "reconcile.columns_not_found"
    status = 422
    text_vi = "Bảng “{table}” của {source} không có cột: {columns}."
    text_en = "Table “{table}” of {source} does not have: {columns}."
    hint_vi = "Kiểm tra tên cột khóa và phép ghép cột; tên phân biệt chữ hoa và chữ thường."
    hint_en = "Check the names of the key and the mapping of columns; upper and lower case matter."


class ColumnsIncomparable(ReconcileError):
    """The types of a pair of columns have nothing in common. Facts: `left`, `left_type`, `right`, `right_type`."""

    code = "reconcile.columns_incomparable"
    status = 422
    text_vi = "Không so được cột “{left}” (kiểu {left_type}) với cột “{right}” (kiểu {right_type})."
    text_en = (
        "Column “{left}” (type {left_type}) cannot be compared with column “{right}” (type {right_type})."
    )
    hint_vi = (
        "Ghép cột khác, thêm phép chuyển đổi cho cột này, hoặc bỏ cột khỏi phạm vi đối chiếu bằng --columns."
    )
    hint_en = "Map another column, convert this one, or leave it out with --columns."


class TableUnnamed(ReconcileError):
    """A source holds several tables, and none was named. Facts: `source`, `tables`."""

    code = "reconcile.table_unnamed"
    status = 422
    text_vi = "{source} có nhiều bảng ({tables}); chưa nêu bảng nào cần đối chiếu."
    text_en = "{source} holds several tables ({tables}), and none was named."
    hint_vi = "Ghi tên bảng sau dấu #, hoặc dùng --table, --left-table, --right-table."
    hint_en = "Put the table behind #, or use --table, --left-table, --right-table."


class NoKey(ReconcileError):
    """Nothing says which row of one side is which of the other. Facts: `source`, `table`."""

    code = "reconcile.no_key"
    status = 422
    text_vi = (
        "Chưa biết khóa để ghép dòng của hai bên: bảng “{table}” của {source} không khai báo khóa chính."
    )
    text_en = "There is no key to pair the rows by: table “{table}” of {source} declares no primary key."
    hint_vi = "Nêu các cột khóa (--key), ví dụ --key ma_xa hoặc --key ma_xa,ngay."
    hint_en = "Name the columns of the key (--key), such as --key code or --key code,day."


class KeylessRows(ReconcileError):
    """Rows without a value in the key. Facts: `source`, `table`, `key`, `count`."""

    code = "reconcile.keyless_rows"
    status = 422
    text_vi = "Bảng “{table}” của {source} có {count} dòng trống giá trị khóa ({key}) nên không ghép được với bên kia."
    text_en = (
        "{count} rows of “{table}” of {source} have no value in the key ({key}), so they cannot be paired."
    )
    hint_vi = "Bổ sung giá trị khóa cho các dòng đó, hoặc chọn khóa khác."
    hint_en = "Fill in the key of these rows, or choose another key."


class ZoneUnknown(ReconcileError):
    """No such time zone. Facts: `zone`."""

    code = "reconcile.zone_unknown"
    status = 422
    text_vi = "Không có múi giờ “{zone}”."
    text_en = "There is no time zone “{zone}”."
    hint_vi = "Ghi tên như Asia/Ho_Chi_Minh, hoặc độ lệch so với UTC như +07:00."
    hint_en = "Write a name such as Asia/Ho_Chi_Minh, or the offset from UTC such as +07:00."


class SideUnknown(ReconcileError):
    """This kind of side cannot be compared. Facts: `source`."""

    code = "reconcile.side_unknown"
    status = 422
    text_vi = "Không đối chiếu được với {source}."
    text_en = "{source} cannot be compared."
    hint_vi = (
        "Mỗi bên là một bảng trong cơ sở dữ liệu, một tệp, một thư mục, hoặc store:THƯ-MỤC#bảng[@phiên-bản]."
    )
    hint_en = "Each side is a table of a database, a file, a folder, or store:FOLDER#table[@version]."


class CertificateInvalid(ReconcileError):
    """What was given as a certificate is none, or was changed. Facts: `reason_vi`, `reason_en`."""

    code = "reconcile.certificate_invalid"
    status = 422
    text_vi = "Giấy chứng nhận đối chiếu không hợp lệ: {reason_vi}."
    text_en = "The certificate of reconciliation is not valid: {reason_en}."
    hint_vi = "Lấy lại bản gốc từ nơi đã lập, hoặc đối chiếu lại."
    hint_en = "Get the original from where it was made, or reconcile again."


class CertificateStale(ReconcileError):
    """The data is no longer what the certificate says. Facts: `source`, `table`, `then`, `now`."""

    code = "reconcile.certificate_stale"
    status = 409
    text_vi = (
        "Dữ liệu của “{table}” ({source}) không còn như giấy chứng nhận ghi: khi lập {then}, hiện nay {now}."
    )
    text_en = "The data of “{table}” ({source}) is not what the certificate says: then {then}, now {now}."
    hint_vi = "Dữ liệu đã thay đổi sau khi lập giấy; đối chiếu lại để có giấy chứng nhận mới."
    hint_en = "The data has changed since; reconcile again for a new certificate."


class ReconcileStopped(ReconcileError):
    """Stopped on request; nothing was changed anywhere."""

    code = "reconcile.stopped"
    status = 409
    transient = True
    text_vi = "Đã dừng đối chiếu theo yêu cầu; không có dữ liệu nào bị thay đổi."
    text_en = "The comparison was stopped on request; no data was changed."
    hint_vi = "Chạy lại khi sẵn sàng."
    hint_en = "Run it again when ready."


@contextmanager
def told_as_stopped() -> Iterator[None]:
    """Tell work that was stopped because the caller asked for it as a comparison that was. Raises ReconcileStopped."""
    try:
        yield
    except Interrupted:
        raise_alone(ReconcileStopped())
