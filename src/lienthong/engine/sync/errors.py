"""What can go wrong when a copy is kept in step, as one tree.

SyncError
├── PlanInvalid             the plan itself makes no sense
├── TargetKindUnknown       the target is no database that can be written
├── TargetUnfit             the target table cannot hold what the plan sends
├── TargetReadOnly          the account may not write there
├── TargetLost              the connection to the target broke off
├── TargetFull              no room left at the target
├── TargetBusy              another session holds the target locked
├── TargetFailed            the target fails for another reason
├── TargetRefused           a row that the target does not take, and the plan says to stop
├── TooManySetAside         more rows cannot be kept than the plan allows
├── GuardStopped            the run would delete more than the plan allows
├── SourceChanged           the source no longer has the columns, or not as they were
├── FeedUntold              a feed that has told of no row yet, and not of its columns
├── SourceKeyRepeated       several rows of the source have one key
├── MarkUnusable            where the last run stopped says nothing about this source any more
├── RungImpossible          changes cannot be noticed in the chosen way
├── AlreadyRunning          another run of the same job holds it
└── SyncStopped             stopped on request; what was applied stays, the rest is taken up again
"""

from __future__ import annotations

from lienthong.engine.errors import EngineError


class SyncError(EngineError):
    """A copy cannot be kept in step. Facts: `job`."""

    code = "sync.failed"
    text_vi = "Không đồng bộ được dữ liệu."
    text_en = "The copy could not be brought in step."


class PlanInvalid(SyncError):
    """The plan itself makes no sense. Facts: `reason_vi`, `reason_en`."""

    code = "sync.plan_invalid"
    status = 422
    text_vi = "Phương án đồng bộ không hợp lệ: {reason_vi}."
    text_en = "The plan of synchronisation is not valid: {reason_en}."
    hint_vi = "Sửa phương án rồi chạy lại; chưa có dữ liệu nào bị thay đổi."
    hint_en = "Correct the plan and run it again; no data was changed."


class TargetKindUnknown(SyncError):
    """The target is no database that can be written. Facts: `target`."""

    code = "sync.target_kind_unknown"
    status = 422
    text_vi = "Không ghi được vào {target}: bên nhận phải là PostgreSQL, MariaDB/MySQL hoặc SQLite."
    text_en = "{target} cannot be written to: a target is PostgreSQL, MariaDB/MySQL or SQLite."
    hint_vi = "Chỉ định bảng nhận trong một cơ sở dữ liệu thuộc các loại trên."
    hint_en = "Name a table in a database of one of these kinds."


class TargetUnfit(SyncError):
    """The target table cannot hold what the plan sends. Facts: `target`, `table`, `reason_vi`, `reason_en`."""

    code = "sync.target_unfit"
    status = 409
    text_vi = "Bảng nhận “{table}” không nhận được dữ liệu theo phương án: {reason_vi}."
    text_en = "The target table “{table}” cannot take what the plan sends: {reason_en}."
    hint_vi = "Sửa bảng nhận hoặc phép ghép cột, hoặc cho phép tạo bảng mới."
    hint_en = "Change the table or the mapping of columns, or let the table be created."


class TargetReadOnly(SyncError):
    """The account may not write there. Facts: `target`, `table`."""

    code = "sync.target_read_only"
    status = 403
    text_vi = "Tài khoản này không có quyền ghi vào “{table}” của {target}."
    text_en = "This account may not write to “{table}” of {target}."
    hint_vi = "Cấp quyền SELECT, INSERT, UPDATE, DELETE trên bảng nhận và quyền tạo bảng trạng thái (lienthong_sync_…)."
    hint_en = "Grant SELECT, INSERT, UPDATE and DELETE on the table, and the right to create the state tables (lienthong_sync_…)."


class TargetLost(SyncError):
    """The connection to the target broke off. Facts: `target`."""

    code = "sync.target_lost"
    status = 502
    transient = True
    text_vi = "Mất kết nối tới bên nhận {target}; phần đang ghi dở đã được hủy."
    text_en = "The connection to the target {target} broke off; what was half written was undone."
    hint_vi = "Chạy lại: việc đồng bộ tiếp tục từ bước đã ghi xong gần nhất."
    hint_en = "Run again: it goes on from the last step that was written whole."


class TargetFull(SyncError):
    """No room left at the target. Facts: `target`."""

    code = "sync.target_full"
    status = 507
    text_vi = "Bên nhận {target} hết chỗ lưu trữ; phần đang ghi dở đã được hủy."
    text_en = "There is no room left at the target {target}; what was half written was undone."
    hint_vi = "Giải phóng chỗ trên ổ đĩa của bên nhận rồi chạy lại."
    hint_en = "Make room on the target's disk and run again."


class TargetBusy(SyncError):
    """Another session holds the target locked. Facts: `target`, `table`."""

    code = "sync.target_busy"
    status = 423
    transient = True
    text_vi = "Bảng nhận “{table}” của {target} đang bị phiên khác khóa."
    text_en = "The target table “{table}” of {target} is locked by another session."
    hint_vi = "Chạy lại khi phiên đang giữ khóa kết thúc."
    hint_en = "Run again when the session that holds the lock has ended."


class TargetFailed(SyncError):
    """The target fails for another reason. Facts: `target`, `table`, `state` (its code for the fault)."""

    code = "sync.target_failed"
    status = 502
    text_vi = "Bên nhận {target} báo lỗi khi ghi “{table}” (mã {state}); phần đang ghi dở đã được hủy."
    text_en = "The target {target} fails to write “{table}” (code {state}); what was half written was undone."
    hint_vi = "Xem nhật ký của máy chủ bên nhận theo mã lỗi này, sửa rồi chạy lại."
    hint_en = "See the log of the target's server for this code, mend the fault and run again."


class TargetRefused(SyncError):
    """A row that the target does not take, and the plan says to stop. Facts: `table`, `key` (masked), `reason`, `column`."""

    code = "sync.target_refused"
    status = 409
    text_vi = "Bảng nhận “{table}” không nhận dòng có khóa {key} ({reason}, cột {column}); chưa ghi dòng nào của đợt này."
    text_en = "The target table “{table}” does not take the row with key {key} ({reason}, column {column}); no row of this batch was written."
    hint_vi = "Sửa dòng đó tại nguồn, nới ràng buộc của bảng nhận, hoặc cho phép để riêng dòng lỗi."
    hint_en = "Correct the row at the source, loosen the target's constraint, or let such rows be set aside."


class TooManySetAside(SyncError):
    """More rows cannot be kept than the plan allows. Facts: `table`, `count`, `limit`, `reason`."""

    code = "sync.too_many_set_aside"
    status = 409
    text_vi = "Có {count} dòng không ghi được vào “{table}”, quá mức cho phép ({limit}); lý do thường gặp nhất: {reason}."
    text_en = "{count} rows cannot be kept in “{table}”, more than the limit ({limit}); the most frequent reason: {reason}."
    hint_vi = "Kiểm tra phép ghép cột và phép đổi mã; sửa rồi chạy lại."
    hint_en = "Check the mapping of columns and the conversion of codes, mend them and run again."


class GuardStopped(SyncError):
    """The run would delete more than the plan allows. Facts: `table`, `deletes`, `rows`, `share`, `allowed`."""

    code = "sync.guard_stopped"
    status = 409
    text_vi = (
        "Lần đồng bộ này sẽ xóa {deletes} trong {rows} dòng của “{table}” ({share} %), quá mức cho phép ({allowed} %); "
        "chưa xóa dòng nào."
    )
    text_en = (
        "This run would delete {deletes} of {rows} rows of “{table}” ({share} %), more than is allowed ({allowed} %); "
        "nothing was deleted."
    )
    hint_vi = "Kiểm tra nguồn có mất dữ liệu không; nếu việc xóa là đúng, xác nhận một lần số dòng này rồi chạy lại."
    hint_en = "See whether the source has lost data; if the deletion is right, confirm this number once and run again."


class SourceChanged(SyncError):
    """The source no longer has the columns, or not as they were. Facts: `source`, `table`, `columns`."""

    code = "sync.source_changed"
    status = 409
    text_vi = "Cấu trúc bảng “{table}” của {source} đã thay đổi: {columns}."
    text_en = "The columns of “{table}” of {source} have changed: {columns}."
    hint_vi = "Sửa phép ghép cột cho khớp với nguồn rồi chạy lại; bản sao vẫn ở trạng thái trước đó."
    hint_en = "Adapt the mapping of columns to the source and run again; the copy is as it was before."


class FeedUntold(SyncError):
    """A feed that has told of no row yet, and not of its columns. Facts: `source`."""

    code = "sync.feed_untold"
    status = 409
    text_vi = "Nguồn {source} chưa có dòng nào và không cho biết các cột của nó."
    text_en = "{source} has told of no row yet, and not what columns it has."
    hint_vi = "Ghép cột trong phương án (nêu tên từng cột), hoặc chạy lại khi nguồn đã có dòng."
    hint_en = "Name the columns in the plan, or run again when the source has rows."


class SourceKeyRepeated(SyncError):
    """Several rows of the source have one key. Facts: `source`, `table`, `key`, `count`, `example` (masked)."""

    code = "sync.source_key_repeated"
    status = 422
    text_vi = "Bảng “{table}” của {source} có {count} dòng trùng khóa ({key}), ví dụ {example}."
    text_en = "{count} rows of “{table}” of {source} repeat a key ({key}), for example {example}."
    hint_vi = "Chọn khóa xác định đúng một dòng, hoặc xử lý các dòng trùng tại nguồn."
    hint_en = "Choose a key that names exactly one row, or resolve the repeated rows at the source."


class MarkUnusable(SyncError):
    """Where the last run stopped says nothing about this source any more. Facts: `mark`, `reason_vi`, `reason_en`."""

    code = "sync.mark_unusable"
    status = 409
    text_vi = "Không tiếp tục được từ mốc {mark}: {reason_vi}."
    text_en = "It cannot go on from the mark {mark}: {reason_en}."
    hint_vi = "Chạy một lần bằng cách so toàn bộ (rung: full hoặc digests) để lập mốc mới."
    hint_en = "Run once by comparing everything (rung: full or digests) to set a new mark."


class RungImpossible(SyncError):
    """Changes cannot be noticed in the chosen way. Facts: `rung`, `reason_vi`, `reason_en`."""

    code = "sync.rung_impossible"
    status = 422
    text_vi = "Không dùng được cách phát hiện thay đổi “{rung}”: {reason_vi}."
    text_en = "Changes cannot be noticed by “{rung}”: {reason_en}."
    hint_vi = "Chọn cách khác, hoặc để “auto”: phần mềm chọn cách ít tốn kém nhất mà nguồn cho phép."
    hint_en = "Choose another way, or `auto`, which takes the cheapest that the source permits."


class AlreadyRunning(SyncError):
    """Another run of the same job holds it. Facts: `job`."""

    code = "sync.already_running"
    status = 409
    text_vi = "Một lần chạy khác của việc đồng bộ “{job}” chưa kết thúc."
    text_en = "Another run of the synchronisation “{job}” has not ended."
    hint_vi = "Chờ lần chạy đó kết thúc rồi chạy lại."
    hint_en = "Wait for that run to end, then run again."


class SyncStopped(SyncError):
    """Stopped on request; what was applied stays, the rest is taken up again. Facts: `job`, `chunks`."""

    code = "sync.stopped"
    status = 409
    transient = True
    text_vi = "Đã dừng theo yêu cầu; các bước đã ghi xong ({chunks}) được giữ nguyên."
    text_en = "Stopped on request; the steps that were written whole ({chunks}) stay."
    hint_vi = "Chạy lại khi sẵn sàng: việc đồng bộ tiếp tục từ bước dở dang."
    hint_en = "Run again when ready: it goes on from the step that was not finished."
