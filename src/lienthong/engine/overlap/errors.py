"""What can go wrong with sketches that leave, and with the files they leave in.

SketchError
├── SketchNotOurs           the file is no sketch file
├── SketchVersionUnknown    it was written by a later version of this software
├── SketchDamaged           it is cut off, or something in it was changed
├── SketchExpired           its time is over
├── SketchTooLarge          it holds more than a sketch file may
├── SketchTooSmall          nothing in the source has enough values for hashes to leave
├── SketchKeyMissing        hashes are asked for, or are to be compared with a live source, without a key
├── SketchKeyInvalid        the key cannot be read or is too short
├── SketchKeysDiffer        hashes made under different keys are to be compared
└── SketchNotWritten        the file cannot be written there
"""

from __future__ import annotations

from lienthong.engine.errors import EngineError


class SketchError(EngineError):
    """A sketch cannot be made, written or read. Facts: `file`."""

    code = "sketch.failed"
    status = 422
    text_vi = "Không lập hoặc không đọc được tệp phác thảo {file}."
    text_en = "The sketch file {file} could not be made or read."


class SketchNotOurs(SketchError):
    """The file is no sketch file. Facts: `file`."""

    code = "sketch.not_ours"
    text_vi = "{file} không phải là tệp phác thảo của Liên Thông."
    text_en = "{file} is not a sketch file of Liên Thông."
    hint_vi = "Lập tệp bằng lệnh lienthong sketch NGUỒN --key-file KHÓA --out TỆP."
    hint_en = "Make the file with lienthong sketch SOURCE --key-file KEY --out FILE."


class SketchVersionUnknown(SketchError):
    """It was written by a later version of this software. Facts: `file`, `version`."""

    code = "sketch.version_unknown"
    text_vi = "Tệp phác thảo {file} theo phiên bản {version}, phần mềm này chỉ đọc phiên bản 1."
    text_en = "The sketch file {file} has version {version}; this software reads version 1 only."
    hint_vi = "Cập nhật phần mềm, hoặc đề nghị bên gửi lập lại tệp theo phiên bản 1."
    hint_en = "Update the software, or ask the sender to make the file again in version 1."


class SketchDamaged(SketchError):
    """It is cut off, or something in it was changed. Facts: `file`, `reason_vi`, `reason_en`."""

    code = "sketch.damaged"
    text_vi = "Tệp phác thảo {file} bị cắt cụt hoặc đã bị sửa: {reason_vi}."
    text_en = "The sketch file {file} is cut off or was changed: {reason_en}."
    hint_vi = "Đề nghị bên gửi chuyển lại tệp và đối chiếu mã băm SHA-256."
    hint_en = "Ask the sender for the file again, and compare its SHA-256 digest."


class SketchExpired(SketchError):
    """Its time is over. Facts: `file`, `expires` (ISO date)."""

    code = "sketch.expired"
    status = 410
    text_vi = "Tệp phác thảo {file} đã hết hạn từ ngày {expires}, phải hủy và không được dùng để so sánh."
    text_en = "The sketch file {file} expired on {expires}; it is to be destroyed and may not be compared."
    hint_vi = "Đề nghị bên gửi lập tệp mới theo khóa của kỳ đối chiếu này."
    hint_en = "Ask the sender for a new file under the key of this matching period."


class SketchTooLarge(SketchError):
    """It holds more than a sketch file may. Facts: `file`, `limit_mb`."""

    code = "sketch.too_large"
    status = 413
    text_vi = "Tệp phác thảo {file} vượt giới hạn {limit_mb} MB."
    text_en = "The sketch file {file} is beyond the limit of {limit_mb} MB."
    hint_vi = "Chia cơ sở dữ liệu thành nhiều tệp phác thảo."
    hint_en = "Split the database into several sketch files."


class SketchTooSmall(SketchError):
    """Nothing in the source has enough values for hashes to leave. Facts: `source`, `values`, `identifiers`."""

    code = "sketch.too_small"
    text_vi = (
        "Không cột nào của {source} đủ giá trị để đưa mã băm ra ngoài: cần ít nhất {values} giá trị khác nhau, "
        "{identifiers} giá trị đối với dữ liệu cá nhân."
    )
    text_en = (
        "No column of {source} has enough values for hashes to leave: at least {values} different values are needed, "
        "{identifiers} of personal data."
    )
    hint_vi = "Dùng --level 1 (tên, kiểu và thống kê đã làm mờ) hoặc --level 0 (chỉ tên và kiểu)."
    hint_en = "Use --level 1 (names, types and a suppressed profile) or --level 0 (names and types only)."


class SketchKeyMissing(SketchError):
    """Hashes are asked for, or are to be compared with a live source, without a key. Facts: `file`."""

    code = "sketch.key_missing"
    text_vi = "Cần khóa của kỳ đối chiếu để băm giá trị cho {file}."
    text_en = "The key of the matching period is needed to hash values for {file}."
    hint_vi = "Thêm --key-file TỆP. Lập khóa mới bằng lệnh lienthong sketch-key TỆP."
    hint_en = "Add --key-file FILE. Make a new key with lienthong sketch-key FILE."


class SketchKeyInvalid(SketchError):
    """The key cannot be read or is too short. Facts: `file`, `reason_vi`, `reason_en`."""

    code = "sketch.key_invalid"
    text_vi = "Không dùng được khóa trong tệp {file}: {reason_vi}."
    text_en = "The key in the file {file} cannot be used: {reason_en}."
    hint_vi = "Lập khóa ngẫu nhiên bằng lệnh lienthong sketch-key TỆP và chuyển cho các bên qua kênh riêng."
    hint_en = (
        "Make a random key with lienthong sketch-key FILE and hand it to the parties by a channel of its own."
    )


class SketchKeysDiffer(SketchError):
    """Hashes made under different keys are to be compared. Facts: `file`, `other`."""

    code = "sketch.keys_differ"
    status = 409
    text_vi = "{file} và {other} được băm bằng hai khóa khác nhau nên không so sánh được."
    text_en = "{file} and {other} were hashed under different keys and cannot be compared."
    hint_vi = "Các bên cùng lập lại tệp bằng khóa của cùng một kỳ đối chiếu."
    hint_en = "All parties make their files again under the key of one matching period."


class SketchNotWritten(SketchError):
    """The file cannot be written there. Facts: `file`, `reason_vi`, `reason_en`."""

    code = "sketch.not_written"
    status = 409
    text_vi = "Không ghi được {file}: {reason_vi}."
    text_en = "{file} could not be written: {reason_en}."
    hint_vi = "Chọn tên tệp khác trong thư mục được phép ghi."
    hint_en = "Choose another file name in a folder that may be written to."
