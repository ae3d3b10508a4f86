"""What can go wrong when rows are handed out.

ServeError
├── ReplicaMissing      nothing has been prepared for reading under this path
├── ReplicaDamaged      the file is not a replica, or it is broken
├── ColumnUnknown       no such column, or one that is hidden from this reader
├── FilterInvalid       an unknown comparison, or one that this column does not know
├── ValueInvalid        a value that is not of the type of the column
├── MaskedColumnUsed    a masked column cannot be filtered or sorted by
├── CursorInvalid       a page mark from elsewhere, or from another question
├── LimitInvalid        a page size out of bounds
├── KeyInvalid          a key with too few or too many parts
├── QueryTooLong        the question would take too long here
├── FormatUnknown       no such export format
└── ExportTooLarge      the format cannot hold that many rows or such a long text
"""

from __future__ import annotations

from lienthong.engine.errors import EngineError


class ServeError(EngineError):
    """Rows cannot be handed out."""

    code = "serve.failed"
    text_vi = "Không đọc được dữ liệu để cung cấp."
    text_en = "The rows could not be read."


class ReplicaMissing(ServeError):
    """Nothing has been prepared for reading under this path. Facts: `replica`."""

    code = "serve.replica_missing"
    status = 503
    transient = True
    text_vi = "Bản phục vụ {replica} chưa được tạo."
    text_en = "The replica {replica} has not been built."
    hint_vi = "Tạo bản phục vụ từ một phiên bản đã công bố."
    hint_en = "Build the replica from a published version."


class ReplicaDamaged(ServeError):
    """The file is not a replica, or it is broken. Facts: `replica`."""

    code = "serve.replica_damaged"
    text_vi = "Bản phục vụ {replica} bị hỏng."
    text_en = "The replica {replica} is damaged."
    hint_vi = "Tạo lại bản phục vụ từ kho phiên bản."
    hint_en = "Build the replica again from the store."


class ColumnUnknown(ServeError):
    """No such column, or one that is hidden from this reader. Facts: `column`, `columns`."""

    code = "serve.column_unknown"
    status = 400
    text_vi = "Không có cột “{column}”."
    text_en = "There is no column “{column}”."
    hint_vi = "Các cột dùng được: {columns}."
    hint_en = "The columns are: {columns}."


class FilterInvalid(ServeError):
    """An unknown comparison, or one strange to this column. Facts: `column`, `operator`, `operators`."""

    code = "serve.filter_invalid"
    status = 400
    text_vi = "Không lọc được cột “{column}” bằng phép “{operator}”."
    text_en = "The column “{column}” cannot be filtered by “{operator}”."
    hint_vi = "Các phép dùng được: {operators}."
    hint_en = "The comparisons are: {operators}."


class ValueInvalid(ServeError):
    """A value that is not of the type of the column. Facts: `column`, `value` (shortened), `type`, `form`."""

    code = "serve.value_invalid"
    status = 400
    text_vi = "“{value}” không phải là giá trị kiểu {type} của cột “{column}”."
    text_en = "“{value}” is not a {type} for the column “{column}”."
    hint_vi = "Dùng dạng: {form}."
    hint_en = "Write it as: {form}."


class MaskedColumnUsed(ServeError):
    """A masked column cannot be filtered or sorted by. Facts: `column`."""

    code = "serve.masked_column_used"
    status = 403
    text_vi = "Cột “{column}” được che một phần nên không dùng để lọc hoặc sắp xếp."
    text_en = "The column “{column}” is masked and cannot be used to filter or sort."
    hint_vi = "Bỏ điều kiện trên cột này, hoặc đề nghị quyền đọc đầy đủ."
    hint_en = "Leave this column out of the conditions, or ask for the right to read it in full."


class CursorInvalid(ServeError):
    """A page mark from elsewhere, or from another question."""

    code = "serve.cursor_invalid"
    status = 400
    text_vi = "Dấu trang không hợp lệ, hoặc thuộc một câu hỏi khác."
    text_en = "The page mark is not valid, or belongs to another question."
    hint_vi = "Đọc lại từ trang đầu, giữ nguyên bộ lọc và thứ tự khi sang trang."
    hint_en = "Read from the first page again, and keep filters and order from page to page."


class LimitInvalid(ServeError):
    """A page size out of bounds. Facts: `limit`, `largest`."""

    code = "serve.limit_invalid"
    status = 400
    text_vi = "Số dòng mỗi trang “{limit}” không hợp lệ."
    text_en = "The page size “{limit}” is not valid."
    hint_vi = "Dùng một số từ 1 đến {largest}."
    hint_en = "Use a number from 1 to {largest}."


class KeyInvalid(ServeError):
    """A key with too few or too many parts. Facts: `key`."""

    code = "serve.key_invalid"
    status = 400
    text_vi = "Khóa phải gồm: {key}."
    text_en = "The key must have: {key}."
    hint_vi = "Cho đủ giá trị của từng cột khóa, theo đúng thứ tự."
    hint_en = "Give a value for each key column, in that order."


class QueryTooLong(ServeError):
    """The question would take too long here. Facts: `seconds`."""

    code = "serve.query_too_long"
    status = 503
    text_vi = "Câu hỏi cần hơn {seconds} giây để trả lời."
    text_en = "The question needs more than {seconds} seconds."
    hint_vi = "Thêm điều kiện lọc theo khóa hoặc theo cột có chỉ mục, hoặc tải cả bộ dữ liệu."
    hint_en = "Filter by the key or by an indexed column, or download the whole table."


class FormatUnknown(ServeError):
    """No such export format. Facts: `format`, `formats`."""

    code = "serve.format_unknown"
    status = 400
    text_vi = "Không xuất được định dạng “{format}”."
    text_en = "The format “{format}” cannot be exported."
    hint_vi = "Các định dạng: {formats}."
    hint_en = "The formats are: {formats}."


class ExportTooLarge(ServeError):
    """The format cannot hold that many rows or such a long text. Facts: `format`, `limit_vi`, `limit_en`."""

    code = "serve.export_too_large"
    status = 413
    text_vi = "Định dạng {format} không chứa được: {limit_vi}."
    text_en = "The format {format} cannot hold this: {limit_en}."
    hint_vi = "Xuất ra CSV hoặc Parquet."
    hint_en = "Export to CSV or Parquet."
