"""What can go wrong with data work, as one tree.

    EngineError
    ├── SourceError                 a source of data cannot be opened or read
    │   ├── SourceAddressInvalid    the address itself makes no sense
    │   ├── SourceOptionInvalid     what a command was told about a source makes no sense
    │   ├── SourceKindUnknown       no reader for this kind of file or address
    │   ├── SourceNotFound          no such file, folder or database
    │   ├── SourceUnreadable        it is there, and we may not read it
    │   ├── SourceEmpty             it is there, and holds nothing to read
    │   ├── FileMalformed           the content is not what its name says
    │   ├── FileEncrypted           the content is locked by a password
    │   ├── WrongPassword           the database refused the user or the password
    │   ├── SourceUnreachable       nothing answers at that address
    │   ├── SourceTlsFailed         no encrypted connection could be agreed on
    │   ├── SourceLost              the connection broke off in the middle
    │   ├── SourceBusy              the database takes no more connections now
    │   ├── SourcePooled            a pool before it hands out its connections by the transaction
    │   ├── SourceRefused           the database answered, and refuses
    │   ├── SourceTimedOut          the database did not answer in time
    │   ├── SourceTooLarge          beyond the limits given for this look
    │   ├── TableNotFound           no such table in the source
    │   ├── TableGone               it was there when the look began, and is gone
    │   ├── TableChanged            its columns are others than when the look began
    │   ├── TableLocked             another session holds it locked
    │   ├── TableRefused            the account may not read it
    │   ├── TableNotFilled          a materialized view that was never filled
    │   ├── TableFailed             the database itself fails to read it
    │   ├── ReadCancelled           the database cancelled the reading
    │   ├── ReadingRefused          a chosen way to read a table does not hold for its rows
    │   └── DriverMissing           a library for this kind of source is not installed
    └── LookInterrupted             stopped on request before the end

Errors are raised for what stops the work; what is wrong with the data is a `Finding`. Every error has a
stable `code`, an HTTP `status`, whether a repeat may help (`transient`), and its text and hint in
Vietnamese and English, formatted with its named `facts`. A fact never holds a secret: the message of a
driver is not passed on, since drivers quote connection strings.
"""

from __future__ import annotations

from typing import Any, ClassVar


class EngineError(Exception):
    """Something stopped work on data: see `.code`, `.status`, `.facts`, `.text(locale)`, `.hint(locale)`."""

    code: ClassVar[str] = "engine.failed"
    status: ClassVar[int] = 500
    transient: ClassVar[bool] = False
    of_whole_source: ClassVar[bool] = False
    """Whether nothing else of the same source can be read either."""
    text_vi: ClassVar[str] = "Không xử lý được dữ liệu."
    text_en: ClassVar[str] = "The data could not be processed."
    hint_vi: ClassVar[str] = "Xem nhật ký hệ thống để biết chi tiết."
    hint_en: ClassVar[str] = "See the system log for details."

    def __init__(self, **facts: Any) -> None:
        self.facts: dict[str, Any] = facts
        super().__init__(f"{self.code}: {self.text('en')}")

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.facts))

    def text(self, locale: str = "vi") -> str:
        """What happened, in Vietnamese, or in English for any locale that begins with `en`."""
        return self._formatted(self.text_en if locale.startswith("en") else self.text_vi)

    def hint(self, locale: str = "vi") -> str:
        """What to do next, in Vietnamese, or in English for any locale that begins with `en`."""
        return self._formatted(self.hint_en if locale.startswith("en") else self.hint_vi)

    def _formatted(self, template: str) -> str:
        return template.format_map(_Facts(self.facts))


class _Facts(dict[str, Any]):
    """Facts for `str.format_map`: a fact that was not given is left out rather than breaking the message."""

    def __missing__(self, key: str) -> str:
        return "…"


def _rebuild(kind: type[EngineError], facts: dict[str, Any]) -> EngineError:
    return kind(**facts)


class SourceError(EngineError):
    """A source of data cannot be opened or read. Facts: `source` (display text, no secret)."""

    code = "source.failed"
    status = 422
    text_vi = "Không đọc được nguồn dữ liệu {source}."
    text_en = "The data source {source} could not be read."
    hint_vi = "Kiểm tra lại địa chỉ và quyền đọc của nguồn."
    hint_en = "Check the address of the source and the right to read it."


class SourceAddressInvalid(SourceError):
    """The address itself makes no sense. Facts: `source`, `reason_vi`, `reason_en`."""

    code = "source.address_invalid"
    text_vi = "Địa chỉ nguồn dữ liệu không hợp lệ: {reason_vi}."
    text_en = "The address of the data source is not valid: {reason_en}."
    hint_vi = (
        "Dùng một đường dẫn tới tệp hoặc thư mục, hoặc sqlite:///TỆP, "
        "postgresql://người-dùng@máy-chủ/cơ-sở-dữ-liệu; thay postgresql bằng mysql, oracle hoặc mssql tùy loại."
    )
    hint_en = (
        "Use a path to a file or folder, or sqlite:///FILE, postgresql://user@host/database, and mysql, oracle or "
        "mssql instead of postgresql as the case may be."
    )


class SourceOptionInvalid(SourceError):
    """What a command was told about a source makes no sense. Facts: `option`, `reason_vi`, `reason_en`."""

    code = "source.option_invalid"
    text_vi = "Tùy chọn {option} không dùng được: {reason_vi}."
    text_en = "The option {option} cannot be used: {reason_en}."
    hint_vi = "Viết {option} NGUỒN=GIÁ-TRỊ, với NGUỒN đúng như đã viết trong lệnh, mỗi nguồn một giá trị."
    hint_en = "Write {option} SOURCE=VALUE, with SOURCE as it stands in the command and one value for each."


class SourceKindUnknown(SourceError):
    """No reader for this kind of file or address. Facts: `source`, `kind`."""

    code = "source.kind_unknown"
    text_vi = "Chưa đọc được loại nguồn dữ liệu “{kind}”."
    text_en = "Data sources of the kind “{kind}” cannot be read."
    hint_vi = (
        "Các loại đọc được: CSV, TSV, Parquet, XLSX, XLS, ODS, JSON, GeoJSON, SQLite, thư mục tệp, "
        "PostgreSQL, MySQL/MariaDB, Oracle, SQL Server."
    )
    hint_en = (
        "Readable: CSV, TSV, Parquet, XLSX, XLS, ODS, JSON, GeoJSON, SQLite, a folder of files, "
        "PostgreSQL, MySQL/MariaDB, Oracle, SQL Server."
    )


class SourceNotFound(SourceError):
    """No such file, folder or database. Facts: `source`."""

    code = "source.not_found"
    text_vi = "Không tìm thấy nguồn dữ liệu {source}."
    text_en = "The data source {source} was not found."
    hint_vi = "Kiểm tra lại tên tệp, thư mục hoặc tên cơ sở dữ liệu."
    hint_en = "Check the name of the file, folder or database."


class SourceUnreadable(SourceError):
    """It is there, and we may not read it. Facts: `source`."""

    code = "source.unreadable"
    text_vi = "Không có quyền đọc {source}."
    text_en = "There is no permission to read {source}."
    hint_vi = "Cấp quyền đọc cho tài khoản đang chạy phần mềm."
    hint_en = "Give the account that runs this software the right to read it."


class SourceEmpty(SourceError):
    """It is there, and holds nothing to read. Facts: `source`."""

    code = "source.empty"
    text_vi = "{source} không có dữ liệu để đọc."
    text_en = "{source} holds no data to read."
    hint_vi = "Kiểm tra lại: tệp trống, thư mục không có tệp dữ liệu, hoặc cơ sở dữ liệu chưa có bảng nào."
    hint_en = "Check it: the file is empty, the folder has no data file, or the database has no table."


class FileMalformed(SourceError):
    """The content is not what its name says. Facts: `source`, `kind`, optionally `line`."""

    code = "source.file_malformed"
    text_vi = "{source} không phải là tệp {kind} đọc được, hoặc tệp đã hỏng."
    text_en = "{source} is not a readable {kind} file, or it is damaged."
    hint_vi = "Mở tệp bằng phần mềm đã tạo ra nó, lưu lại và thử lại."
    hint_en = "Open the file with the program that made it, save it again and retry."


class FileEncrypted(SourceError):
    """The content is locked by a password. Facts: `source`."""

    code = "source.file_encrypted"
    text_vi = "{source} được khóa bằng mật khẩu hoặc mã hóa."
    text_en = "{source} is locked by a password or encrypted."
    hint_vi = "Lưu một bản không đặt mật khẩu rồi thử lại."
    hint_en = "Save a copy without a password and try again."


class WrongPassword(SourceError):
    """The database refused the user or the password. Facts: `source`, `user`."""

    code = "source.wrong_password"
    of_whole_source = True
    text_vi = "{source} từ chối đăng nhập: sai người dùng hoặc mật khẩu."
    text_en = "{source} refused the login: wrong user or password."
    hint_vi = "Kiểm tra tên người dùng và mật khẩu của tài khoản chỉ đọc."
    hint_en = "Check the user name and the password of the read-only account."


class SourceUnreachable(SourceError):
    """Nothing answers at that address. Facts: `source`."""

    code = "source.unreachable"
    status = 502
    transient = True
    of_whole_source = True
    text_vi = "Không kết nối được tới {source}."
    text_en = "No connection to {source}."
    hint_vi = "Kiểm tra tên máy chủ, cổng, tường lửa và máy chủ có đang chạy không."
    hint_en = "Check the host name, the port, the firewall, and whether the server is running."


class SourceTlsFailed(SourceError):
    """No encrypted connection could be agreed on. Facts: `source`."""

    code = "source.tls_failed"
    of_whole_source = True
    text_vi = "Không thiết lập được kết nối mã hóa (TLS) tới {source}."
    text_en = "No encrypted connection (TLS) to {source} could be established."
    hint_vi = "Kiểm tra chế độ SSL (sslmode, ssl_mode), chứng thư của máy chủ và nơi cấp chứng thư."
    hint_en = "Check the SSL mode (sslmode, ssl_mode), the certificate of the server and who issued it."


class SourceLost(SourceError):
    """The connection broke off in the middle of reading. Facts: `source`, optionally `table`."""

    code = "source.lost"
    status = 502
    transient = True
    of_whole_source = True
    text_vi = "Mất kết nối tới {source} khi đang đọc."
    text_en = "The connection to {source} broke off while reading."
    hint_vi = "Kiểm tra máy chủ và đường truyền rồi khảo sát lại; các bảng đã đọc được giữ."
    hint_en = "Check the server and the line, then look again; the tables that were read are kept."


class SourceBusy(SourceError):
    """The database takes no more connections now. Facts: `source`."""

    code = "source.busy"
    status = 503
    transient = True
    of_whole_source = True
    text_vi = "{source} đang hết chỗ kết nối."
    text_en = "{source} takes no more connections now."
    hint_vi = "Thử lại ngoài giờ cao điểm, hoặc dành cho tài khoản chỉ đọc hai kết nối."
    hint_en = "Try again at a quiet hour, or reserve two connections for the read-only account."


class SourcePooled(SourceError):
    """A pool before the database hands out its connections by the transaction. Facts: `source`."""

    code = "source.pooled"
    status = 422
    of_whole_source = True
    text_vi = (
        "{source} đi qua bộ gộp kết nối chia kết nối theo từng giao dịch, nên các câu lệnh của một phiên có thể chạy trên "
        "những kết nối khác nhau."
    )
    text_en = (
        "{source} goes through a pool that hands out connections by the transaction, so that statements of one session may be "
        "carried out on different ones."
    )
    hint_vi = (
        "Nối thẳng tới máy chủ PostgreSQL, hoặc qua bộ gộp chia theo phiên (pgbouncer: pool_mode = session)."
    )
    hint_en = "Connect to the PostgreSQL server itself, or through a pool that hands out by the session (pgbouncer: pool_mode = session)."


class SourceRefused(SourceError):
    """The database answered, and refuses. Facts: `source`, optionally `sqlstate`."""

    code = "source.refused"
    text_vi = "{source} đã trả lời nhưng từ chối yêu cầu."
    text_en = "{source} answered but refused the request."
    hint_vi = "Cấp cho tài khoản quyền kết nối và quyền chỉ đọc trên các bảng cần xem."
    hint_en = "Give the account the right to connect and to read the tables in question."


class SourceTimedOut(SourceError):
    """The database did not answer in time. Facts: `source`, `seconds`."""

    code = "source.timed_out"
    status = 504
    transient = True
    text_vi = "{source} không trả lời trong {seconds} giây."
    text_en = "{source} did not answer within {seconds} seconds."
    hint_vi = "Thử lại ngoài giờ cao điểm, hoặc tăng thời gian chờ."
    hint_en = "Try again at a quiet hour, or allow more time."


class SourceTooLarge(SourceError):
    """Beyond the limits given for this look. Facts: `source`, `limit`, `limit_en`."""

    code = "source.too_large"
    status = 413
    text_vi = "{source} vượt giới hạn cho phép ({limit})."
    text_en = "{source} is beyond the limit allowed ({limit_en})."
    hint_vi = "Chia nhỏ dữ liệu hoặc nâng giới hạn."
    hint_en = "Split the data or raise the limit."

    @classmethod
    def beyond(cls, source: str, most: int, vi: str, en: str) -> SourceTooLarge:
        """More than `most` of these things, named in Vietnamese and in English."""
        written = f"{most:,}"
        return cls(source=source, limit=f"{written.replace(',', '.')} {vi}", limit_en=f"{written} {en}")


class TableNotFound(SourceError):
    """No such table in the source. Facts: `source`, `table`."""

    code = "source.table_not_found"
    status = 404
    text_vi = "{source} không có bảng “{table}”."
    text_en = "{source} has no table “{table}”."
    hint_vi = "Xem lại danh sách bảng của nguồn."
    hint_en = "See the list of tables of the source."


class TableGone(SourceError):
    """It was there when the look began, and is gone. Facts: `source`, `table`."""

    code = "source.table_gone"
    status = 409
    text_vi = "Bảng “{table}” không còn khi đọc đến: đã bị xóa hoặc đổi tên trong lúc khảo sát {source}."
    text_en = (
        "Table “{table}” was gone when its turn came: it was dropped or renamed while {source} was looked at."
    )
    hint_vi = "Hỏi người quản trị cơ sở dữ liệu, rồi khảo sát lại để có danh sách bảng mới."
    hint_en = "Ask the administrator of the database, then look again for the new list of tables."


class TableChanged(SourceError):
    """Its columns are others than when the look began. Facts: `source`, `table`."""

    code = "source.table_changed"
    status = 409
    text_vi = "Bảng “{table}” của {source} đổi cấu trúc trong lúc khảo sát."
    text_en = "Table “{table}” of {source} changed its columns while it was looked at."
    hint_vi = "Khảo sát lại khi việc nâng cấp cơ sở dữ liệu đã xong."
    hint_en = "Look again when the upgrade of the database is done."


class TableLocked(SourceError):
    """Another session holds it locked. Facts: `source`, `table`, `seconds`."""

    code = "source.table_locked"
    status = 423
    transient = True
    text_vi = "Bảng “{table}” của {source} đang bị phiên khác khóa; đã chờ {seconds} giây."
    text_en = "Table “{table}” of {source} is locked by another session; waited for {seconds} seconds."
    hint_vi = "Khảo sát lại khi phiên đang giữ khóa (cập nhật lớn, bảo trì) kết thúc."
    hint_en = "Look again when the session that holds the lock (a large update, maintenance) has ended."


class TableRefused(SourceError):
    """The account may not read it. Facts: `source`, `table`."""

    code = "source.table_refused"
    text_vi = "{source} không cho tài khoản này đọc bảng “{table}”."
    text_en = "{source} does not let this account read table “{table}”."
    hint_vi = "Cấp quyền SELECT trên bảng cho tài khoản chỉ đọc."
    hint_en = "Grant the read-only account SELECT on the table."


class TableNotFilled(SourceError):
    """A materialized view that was never filled. Facts: `source`, `table`."""

    code = "source.table_not_filled"
    status = 409
    text_vi = "Khung nhìn vật hóa “{table}” của {source} chưa được nạp dữ liệu."
    text_en = "The materialized view “{table}” of {source} was never filled."
    hint_vi = "Chạy REFRESH MATERIALIZED VIEW tại máy chủ, rồi khảo sát lại."
    hint_en = "Run REFRESH MATERIALIZED VIEW on the server, then look again."


class TableFailed(SourceError):
    """The database itself fails to read it. Facts: `source`, `table`, `state` (its code for the fault)."""

    code = "source.table_failed"
    text_vi = "{source} báo lỗi khi đọc “{table}” (mã {state})."
    text_en = "{source} fails to read “{table}” (code {state})."
    hint_vi = "Thử SELECT trên bảng hoặc khung nhìn này tại máy chủ và sửa lỗi ở đó."
    hint_en = "Try a SELECT on this table or view on the server, and mend the fault there."


class ReadCancelled(SourceError):
    """The database cancelled the reading: an administrator did, or a replica had to. Facts: `source`, `table`."""

    code = "source.read_cancelled"
    status = 409
    transient = True
    text_vi = "{source} đã hủy lần đọc bảng “{table}” (người quản trị hủy, hoặc bản sao phải cập nhật)."
    text_en = (
        "{source} cancelled the reading of “{table}” (an administrator did, or a replica had to update)."
    )
    hint_vi = "Thử lại ngoài giờ cao điểm; với bản sao chỉ đọc, cho nó chờ lâu hơn (hot_standby_feedback, max_standby_streaming_delay)."
    hint_en = "Try again at a quiet hour; let a replica wait longer (hot_standby_feedback, max_standby_streaming_delay)."


class ReadingRefused(SourceError):
    """A chosen way to read a table does not hold for its rows. Facts: `table`, `reason_vi`, `reason_en`, and where it
    is known `row` (from 1), `column` and `value`.
    """

    code = "source.reading_refused"
    text_vi = "Không đọc được bảng “{table}” theo cách đã chọn. {reason_vi}."
    text_en = "The table “{table}” cannot be read in the way that was chosen. {reason_en}."
    hint_vi = "Sửa lựa chọn (bảng mã, dấu phân cách, dòng tiêu đề, dòng giữ hoặc bỏ, kiểu cột) rồi đọc lại."
    hint_en = "Change the choice (encoding, delimiter, heading rows, rows kept or set aside, types), then read again."


class DriverMissing(SourceError):
    """A library for this kind of source is not installed. Facts: `source`, `package` (what to install)."""

    code = "source.driver_missing"
    status = 501
    text_vi = "Máy này chưa cài thư viện {package} để đọc loại nguồn dữ liệu này."
    text_en = "The library {package}, which reads this kind of data source, is not installed here."
    hint_vi = "Cài đặt gói {package} rồi thử lại."
    hint_en = "Install the package {package} and try again."


class LookInterrupted(EngineError):
    """Stopped on request before the end; nothing was changed, it can be started again. Facts: `source`."""

    code = "look.interrupted"
    status = 409
    transient = True
    text_vi = "Đã dừng theo yêu cầu khi đang xem {source}."
    text_en = "Stopped on request while looking at {source}."
    hint_vi = "Chạy lại khi sẵn sàng; dữ liệu nguồn không bị thay đổi."
    hint_en = "Run it again when ready; the source was not changed."
