"""What a person reads when a job has failed for a reason of ours rather than of the data."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class JobBroke(DomainError):
    """An unforeseen fault: the log holds what happened, under the code."""

    code = "jobs.broke"
    status = 500
    vi = "Công việc dừng lại vì lỗi ngoài dự kiến. Mã lỗi: {fault}."
    en = "The job stopped because of an unforeseen fault. Fault code: {fault}."
    hint_vi = "Thực hiện lại; nếu vẫn lỗi, báo mã lỗi này cho người quản trị hệ thống."
    hint_en = "Try again; if it fails again, give this fault code to the system administrator."


class JobKeptBreakingOff(DomainError):
    """The worker vanished under it again and again: memory ran out, or the machine went down."""

    code = "jobs.kept_breaking_off"
    status = 500
    vi = "Công việc bị ngắt đột ngột {times} lần nên không được chạy lại nữa."
    en = "The job was cut off {times} times and is not started again."
    hint_vi = "Kiểm tra bộ nhớ, dung lượng đĩa của máy chủ rồi thực hiện lại với dữ liệu nhỏ hơn nếu cần."
    hint_en = "Check the memory and the disk of the server, then start it again, with less data if need be."


class StorageBusy(DomainError):
    """The control database stayed locked or away, attempt after attempt."""

    code = "jobs.storage_busy"
    status = 503
    vi = "Cơ sở dữ liệu của hệ thống đang bận hoặc mất kết nối. Mã lỗi: {fault}."
    en = "The database of the system is busy or cannot be reached. Fault code: {fault}."
    hint_vi = "Chờ vài phút rồi thực hiện lại."
    hint_en = "Wait a few minutes and start it again."


class JobUnknown(DomainError):
    """No function of this name is marked as a job: an older entry after an update, or an app that is not
    installed.
    """

    code = "jobs.unknown"
    status = 500
    vi = "Phiên bản này không có công việc “{name}”."
    en = "This version knows no job “{name}”."
    hint_vi = "Thực hiện lại từ trang hồ sơ; nếu vẫn lỗi, báo người quản trị hệ thống."
    hint_en = "Start it again from the page of the record; if it fails again, tell the system administrator."


class JobOver(DomainError):
    """A job that has ended cannot be stopped."""

    code = "jobs.over"
    status = 409
    vi = "Công việc “{title}” đã kết thúc nên không dừng được."
    en = "The job “{title}” is over and cannot be stopped."
    hint_vi = "Tải lại trang để xem kết quả."
    hint_en = "Reload the page to see its result."
