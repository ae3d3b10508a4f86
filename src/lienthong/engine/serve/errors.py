"""What can go wrong when rows are handed out.

ServeError
├── ReplicaMissing      nothing has been prepared for reading under this path
├── ReplicaDamaged      the file is not a replica, or it is broken
├── ColumnUnknown       no such column, or one that is hidden from this reader
├── FilterInvalid       an unknown comparison, or one that this column does not know
├── ValueInvalid        a value that is not of the type of the column
├── MaskedColumnUsed    a masked column cannot be filtered or sorted by
├── CursorInvalid       a page mark from elsewhere, or from another question
├── ConditionOther      a mark of changes that was given out under another condition
├── LimitInvalid        a page size out of bounds
├── KeyInvalid          a key with too few or too many parts
├── QueryTooLong        the question would take too long here
├── SinceInvalid        a version to follow from that there is not
├── KeyNotShown         changes cannot be followed by a reader who does not see the key
├── NoSpace             the disk is full: readers go on with what they had
├── FormatUnknown       no such export format
└── ExportTooLarge      the format cannot hold that many rows or such a long text
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

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


class ConditionOther(ServeError):
    """A mark of changes that was given out under another condition, or under none."""

    code = "serve.condition_other"
    status = 409
    text_vi = "Dấu này thuộc về thay đổi theo điều kiện lọc khác."
    text_en = "This mark belongs to changes under another condition."
    hint_vi = (
        "Giữ nguyên điều kiện lọc khi đọc tiếp. Muốn đổi điều kiện: tải các dòng theo điều kiện mới ở một phiên bản, "
        "rồi theo dõi từ phiên bản đó bằng since."
    )
    hint_en = (
        "Keep the condition from page to page. To change it, load the rows of one version under the new condition and "
        "follow from that version with since."
    )


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


class SinceInvalid(ServeError):
    """A version to follow from that there is not. Facts: `since`, `latest`."""

    code = "serve.since_invalid"
    status = 400
    text_vi = "Không theo dõi thay đổi được từ phiên bản “{since}”."
    text_en = "Changes cannot be followed from version “{since}”."
    hint_vi = "Dùng một số từ 0 (từ đầu) đến {latest} (phiên bản đang cung cấp)."
    hint_en = "Use a number from 0 (from the beginning) to {latest} (the version served now)."


class KeyNotShown(ServeError):
    """Changes cannot be followed by a reader who does not see the key. Facts: `key`."""

    code = "serve.key_not_shown"
    status = 403
    text_vi = "Không theo dõi thay đổi được khi không được đọc đầy đủ khóa: {key}."
    text_en = "Changes cannot be followed without reading the key in full: {key}."
    hint_vi = "Đề nghị cung cấp thêm các cột khóa, hoặc tải lại toàn bộ dữ liệu mỗi lần."
    hint_en = "Ask for the key columns as well, or load all rows each time."


class NoSpace(ServeError):
    """The disk is full; readers go on with what they had. Facts: `table`."""

    code = "serve.no_space"
    status = 507
    text_vi = "Không đủ chỗ trên đĩa để chuẩn bị bản phục vụ của bảng {table}."
    text_en = "There is no space on disk to prepare the replica of table {table}."
    hint_vi = "Giải phóng đĩa rồi làm lại; dữ liệu đang cung cấp không bị ảnh hưởng."
    hint_en = "Free some space and try again; what is being served is not affected."


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


_FULL = ("disk is full", "No space left", "File too large", "disk I/O error", "Disk quota")


@contextmanager
def translated(table: str) -> Iterator[None]:
    """Say in our words that the disk is full; the messages of the engines name paths."""
    try:
        yield
    except (duckdb.Error, sqlite3.Error, OSError) as error:
        if any(word in str(error) for word in _FULL):
            raise NoSpace(table=table) from None
        raise
