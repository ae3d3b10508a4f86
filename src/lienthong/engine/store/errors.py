"""What can go wrong with versioned tables.

StoreError
├── TableNameInvalid        a table is named by small letters, digits, `_` and `-`
├── TableUnknown            nothing was ever published under this name
├── VersionUnknown          the table has no version of this number
├── InputUnreadable         the rows handed over cannot be read
├── ColumnsInvalid          the columns cannot be kept: a name missing, doubled, reserved, a strange type
├── ColumnsChanged          the columns are not those of the table
├── KeyMissing              a key column is not among the columns
├── KeyChanged              the table has another key
├── KeyEmpty                rows without a value in the key
├── KeyRepeated             several rows with one key
├── ChangesInvalid          the change column is missing or says an unknown word
├── NoRows                  a version without any row, not asked for
├── ChecksFailed            a check of the caller found an error
├── VersionMoved            somebody else published first
├── StoreBusy               another writer holds the table, or the catalogue
├── StoreFull               no room left on the disk
├── StoreDamaged            the store is not what its catalogue says
├── CatalogueUnreachable    the PostgreSQL database of the catalogue does not let us in
├── ObjectStorageRefused    the object storage does not let us in
├── PlacesInvalid           what the settings say of the store cannot be
└── ExtensionMissing        the storage engine is not installed
"""

from __future__ import annotations

from lienthong.engine.errors import EngineError
from lienthong.engine.shapes import Finding


class StoreError(EngineError):
    """A versioned table cannot be written or read. Facts: `table`."""

    code = "store.failed"
    text_vi = "Không ghi hoặc đọc được kho phiên bản của bảng {table}."
    text_en = "The versioned table {table} could not be written or read."


class TableNameInvalid(StoreError):
    """The name of a table is not usable. Facts: `table`."""

    code = "store.table_name_invalid"
    status = 422
    text_vi = "Tên bảng “{table}” không hợp lệ."
    text_en = "The table name “{table}” is not valid."
    hint_vi = "Dùng chữ thường không dấu, chữ số, “_” và “-”, tối đa 63 ký tự, bắt đầu bằng chữ hoặc số."
    hint_en = "Use small letters without marks, digits, “_” and “-”, at most 63 characters."


class TableUnknown(StoreError):
    """Nothing was ever published under this name. Facts: `table`."""

    code = "store.table_unknown"
    status = 404
    text_vi = "Bảng {table} chưa có phiên bản nào."
    text_en = "The table {table} has no version yet."
    hint_vi = "Công bố phiên bản đầu tiên trước khi đọc."
    hint_en = "Publish a first version before reading."


class VersionUnknown(StoreError):
    """The table has no version of this number. Facts: `table`, `version`, `latest`."""

    code = "store.version_unknown"
    status = 404
    text_vi = "Bảng {table} không có phiên bản {version}; phiên bản mới nhất là {latest}."
    text_en = "The table {table} has no version {version}; the newest is {latest}."
    hint_vi = "Chọn một phiên bản trong danh sách phiên bản của bảng."
    hint_en = "Choose a version from the list of versions of the table."


class InputUnreadable(StoreError):
    """The rows handed over cannot be read. Facts: `table`."""

    code = "store.input_unreadable"
    status = 422
    text_vi = "Không đọc được dữ liệu đưa vào bảng {table}."
    text_en = "The rows handed over for {table} could not be read."
    hint_vi = "Kiểm tra tệp hoặc nguồn: có tồn tại, đúng định dạng Parquet và đọc được đến hết."
    hint_en = "Check the file or source: it must exist, be Parquet and be readable to its end."


class ColumnsInvalid(StoreError):
    """The columns cannot be kept. Facts: `table`, `column`, `reason_vi`, `reason_en`."""

    code = "store.columns_invalid"
    status = 422
    text_vi = "Cột “{column}” của bảng {table} không lưu được: {reason_vi}."
    text_en = "The column “{column}” of {table} cannot be kept: {reason_en}."
    hint_vi = "Đặt lại tên cột hoặc đổi kiểu dữ liệu trước khi công bố."
    hint_en = "Rename the column or change its type before publishing."


class ColumnsChanged(StoreError):
    """The columns are not those of the table. Facts: `table`, `added`, `removed`, `retyped`."""

    code = "store.columns_changed"
    status = 409
    text_vi = "Cấu trúc bảng {table} đã thay đổi: thêm {added}, bớt {removed}, đổi kiểu {retyped}."
    text_en = "The columns of {table} have changed: added {added}, removed {removed}, retyped {retyped}."
    hint_vi = "Cột mới được nhận khi cho phép thêm cột; bớt cột hoặc đổi kiểu thì công bố thành bảng mới."
    hint_en = (
        "New columns are taken when adding is allowed; after a removal or another type, publish a new table."
    )


class KeyMissing(StoreError):
    """A key column is not among the columns. Facts: `table`, `column`."""

    code = "store.key_missing"
    status = 422
    text_vi = "Bảng {table} không có cột khóa “{column}”."
    text_en = "The table {table} has no key column “{column}”."
    hint_vi = "Chỉ định ít nhất một cột khóa có trong dữ liệu."
    hint_en = "Name at least one key column that is in the data."


class KeyChanged(StoreError):
    """The table has another key. Facts: `table`, `key`, `given`."""

    code = "store.key_changed"
    status = 409
    text_vi = "Bảng {table} có khóa là {key}, không phải {given}."
    text_en = "The key of {table} is {key}, not {given}."
    hint_vi = "Giữ nguyên khóa của bảng, hoặc công bố thành bảng mới."
    hint_en = "Keep the key of the table, or publish a new table."


class KeyEmpty(StoreError):
    """Rows without a value in the key. Facts: `table`, `key`, `count`."""

    code = "store.key_empty"
    status = 422
    text_vi = "Bảng {table} có {count} dòng trống khóa ({key})."
    text_en = "{count} rows of {table} have no value in the key ({key})."
    hint_vi = "Bổ sung khóa cho các dòng đó tại nguồn rồi công bố lại."
    hint_en = "Give those rows a key at the source and publish again."


class KeyRepeated(StoreError):
    """Several rows with one key. Facts: `table`, `key`, `count` (rows too many), `example` (masked)."""

    code = "store.key_repeated"
    status = 422
    text_vi = "Bảng {table} có {count} dòng trùng khóa ({key}), ví dụ khóa {example}."
    text_en = "{count} rows of {table} repeat a key ({key}), for example the key {example}."
    hint_vi = "Xử lý các dòng trùng tại nguồn, hoặc chọn khóa khác xác định đúng một dòng."
    hint_en = "Resolve the repeated rows at the source, or choose a key that names exactly one row."


class ChangesInvalid(StoreError):
    """The change column is missing or says an unknown word. Facts: `table`, `found`."""

    code = "store.changes_invalid"
    status = 422
    text_vi = "Bản thay đổi của bảng {table} không hợp lệ: {found}."
    text_en = "The changes of {table} are not valid: {found}."
    hint_vi = "Cột _change phải là insert, update hoặc delete trên mọi dòng."
    hint_en = "The column _change must be insert, update or delete in every row."


class NoRows(StoreError):
    """A version without any row, not asked for. Facts: `table`."""

    code = "store.no_rows"
    status = 422
    text_vi = "Phiên bản mới của bảng {table} không có dòng nào."
    text_en = "The new version of {table} has no row."
    hint_vi = "Kiểm tra nguồn; nếu đúng là bảng trống thì cho phép công bố bảng trống."
    hint_en = "Check the source; allow an empty version if that is what is meant."


class ChecksFailed(StoreError):
    """A check of the caller found an error. Facts: `table`, `count`, `codes`; `.findings` holds them all."""

    findings: tuple[Finding, ...] = ()
    code = "store.checks_failed"
    status = 422
    text_vi = "Bảng {table} chưa đạt kiểm tra trước khi công bố: {count} lỗi ({codes})."
    text_en = "{table} did not pass the checks before publishing: {count} errors ({codes})."
    hint_vi = "Xem từng lỗi, sửa tại nguồn rồi công bố lại."
    hint_en = "See each error, correct it at the source and publish again."


class VersionMoved(StoreError):
    """Somebody else published first. Facts: `table`, `expected`, `found`."""

    code = "store.version_moved"
    status = 409
    text_vi = "Bảng {table} đã có phiên bản {found}, không còn là {expected}."
    text_en = "{table} is at version {found} by now, no longer at {expected}."
    hint_vi = "Đọc phiên bản mới, tính lại thay đổi rồi công bố lại."
    hint_en = "Read the new version, work the changes out again and publish again."


class StoreBusy(StoreError):
    """Another writer holds the table or the catalogue. Facts: `table`, `seconds`."""

    code = "store.busy"
    status = 503
    transient = True
    text_vi = "Bảng {table} đang được ghi bởi tiến trình khác (đã chờ {seconds} giây)."
    text_en = "Another process is writing {table} (waited {seconds} seconds)."
    hint_vi = "Thử lại sau ít phút."
    hint_en = "Try again in a few minutes."


class StoreFull(StoreError):
    """No room left on the disk. Facts: `table`."""

    code = "store.full"
    status = 507
    transient = True
    text_vi = "Ổ đĩa không còn chỗ hoặc không ghi được bảng {table}; phiên bản cũ vẫn nguyên."
    text_en = "The disk has no room for {table} or cannot be written on; the old version is untouched."
    hint_vi = "Giải phóng ổ đĩa rồi chạy lại."
    hint_en = "Free some space and run again."


class StoreDamaged(StoreError):
    """The store is not what its catalogue says. Facts: `table`."""

    code = "store.damaged"
    status = 500
    text_vi = "Kho phiên bản của bảng {table} bị thiếu tệp hoặc hỏng."
    text_en = "The versioned table {table} lacks files or is damaged."
    hint_vi = "Khôi phục thư mục kho từ bản sao lưu, cả danh mục lẫn tệp dữ liệu."
    hint_en = "Restore the folder of the store from the backup, catalogue and data files together."


class CatalogueUnreachable(StoreError):
    """The PostgreSQL database of the catalogue does not let us in. Facts: `host`, `database`."""

    code = "store.catalogue_unreachable"
    status = 503
    transient = True
    text_vi = "Không kết nối được cơ sở dữ liệu danh mục “{database}” của kho phiên bản tại {host}."
    text_en = (
        "The database “{database}” at {host}, which holds the catalogue of the store, cannot be reached."
    )
    hint_vi = "Kiểm tra máy chủ, tên cơ sở dữ liệu, người dùng và mật khẩu trong thiết lập của kho."
    hint_en = "Check server, database, user and password in the settings of the store."


class ObjectStorageRefused(StoreError):
    """The object storage does not let us in. Facts: `bucket`."""

    code = "store.object_storage_refused"
    status = 503
    transient = True
    text_vi = "Kho đối tượng không cho truy cập vùng chứa “{bucket}”."
    text_en = "The object storage does not give access to the bucket “{bucket}”."
    hint_vi = "Kiểm tra địa chỉ, vùng chứa, mã khóa và khóa bí mật trong thiết lập của kho."
    hint_en = "Check address, bucket, key id and secret in the settings of the store."


class PlacesInvalid(StoreError):
    """What the settings say of the store cannot be. Facts: `setting`."""

    code = "store.places_invalid"
    status = 422
    text_vi = "Thiết lập {setting} của kho phiên bản không hợp lệ."
    text_en = "The setting {setting} of the versioned store is not valid."
    hint_vi = "Xem tài liệu “Lưu phiên bản ở nhiều máy”: danh mục là postgresql://…, tệp dữ liệu là s3://vùng-chứa/thư-mục."
    hint_en = "See the page on stores of several machines: a catalogue is postgresql://…, data files s3://bucket/folder."
