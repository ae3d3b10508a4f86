"""What is refused around corrections."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class CorrectionTextMissing(DomainError):
    code = "authority.correction_text_missing"
    status = 422
    vi = "Chưa nhập nội dung: {part}."
    en = "Missing: {part_en}."
    hint_vi = "Nêu ngắn gọn, đủ để bên kia kiểm tra được."
    hint_en = "Say briefly what the other side needs to check it."

    def __init__(self, *, at: str, part: str, part_en: str) -> None:
        super().__init__(part=part, part_en=part_en)
        self.field = at  # type: ignore[misc]


class ColumnsNotThere(DomainError):
    code = "authority.columns_not_there"
    status = 422
    field = "columns"
    vi = "Không có cột: {columns}."
    en = "There are no such columns: {columns}."
    hint_vi = "Chọn trong các cột của bộ dữ liệu, hoặc để trống."
    hint_en = "Choose among the columns of the dataset, or name none."


class ReportedInFuture(DomainError):
    code = "authority.reported_in_future"
    status = 422
    field = "received_at"
    vi = "Thời điểm nhận phiếu ở sau hiện tại."
    en = "The moment of receipt is later than now."
    hint_vi = "Nhập ngày đến ghi trên phiếu."
    hint_en = "Enter the day of receipt written on the slip."


class ProofMissing(DomainError):
    code = "authority.proof_missing"
    status = 422
    field = "version"
    vi = "Báo đã đính chính phải kèm chứng minh: phiên bản mới của bộ dữ liệu, hoặc lần đồng bộ."
    en = "A correction needs its proof: a newer version of the dataset, or the run that mended it."
    hint_vi = "Công bố phiên bản mới từ nguồn đã sửa rồi chọn phiên bản đó."
    hint_en = "Publish a version from the mended source, then choose it."


class ProofTooOld(DomainError):
    code = "authority.proof_too_old"
    status = 422
    field = "version"
    vi = "Phiên bản {version} có trước khi sai lệch được báo, không chứng minh được việc đính chính."
    en = "Version {version} is older than the report and proves no correction."
    hint_vi = "Chọn phiên bản công bố sau khi đã sửa."
    hint_en = "Choose a version that was published after the data were mended."


class ProofOfOtherData(DomainError):
    code = "authority.proof_of_other_data"
    status = 422
    field = "version"
    vi = "Phiên bản này không thuộc bộ dữ liệu bị báo sai."
    en = "This version belongs to another dataset."
    hint_vi = "Chọn phiên bản của đúng bộ dữ liệu."
    hint_en = "Choose a version of the dataset in question."


class ProofNotEqual(DomainError):
    code = "authority.proof_not_equal"
    status = 409
    field = "certificate"
    vi = "Chứng nhận đối soát cho thấy hai bên vẫn còn khác nhau."
    en = "The certificate of reconciliation shows that both sides still differ."
    hint_vi = "Đồng bộ, đối soát lại cho đến khi khớp rồi báo."
    hint_en = "Synchronise and reconcile again until both are equal."


class RowsUnchanged(DomainError):
    code = "authority.rows_unchanged"
    status = 409
    field = "version"
    vi = "Trong phiên bản {version}, cả {named} dòng bị báo sai vẫn như cũ."
    en = "In version {version}, all {named} rows that were reported are as they were."
    hint_vi = (
        "Sửa các dòng đó ở nguồn và công bố phiên bản mới; nếu dữ liệu vốn đúng, kết luận không sai lệch."
    )
    hint_en = "Mend them at the source and publish again; if the data were right, say that they were."


class ResyncMissing(DomainError):
    code = "authority.resync_missing"
    status = 422
    field = "resync"
    vi = "Phiếu cảnh báo chỉ kết thúc khi có chứng minh đã đồng bộ lại."
    en = "A warning slip ends only with proof of the new synchronisation."
    hint_vi = "Ghi số lần đồng bộ, ngày, mã chứng nhận đối soát."
    hint_en = "Give the number of the run, its day, the digest of the certificate."


class NoHigherLevel(DomainError):
    code = "authority.no_higher_level"
    status = 409
    vi = "Vướng mắc đã ở cấp giải quyết sau cùng."
    en = "The issue is already at its last level."
    hint_vi = "Ghi kết luận của cấp sau cùng."
    hint_en = "Record what the last level decides."


class NothingToUrgeCorrection(DomainError):
    code = "authority.nothing_to_urge_correction"
    status = 409
    vi = "Hồ sơ {number} không có việc nào đang chờ bên cung cấp."
    en = "Nothing is due from the provider on case {number}."
    hint_vi = "Xem diễn biến của hồ sơ."
    hint_en = "See what has happened on the case."


class CorrectionUrgedToday(DomainError):
    code = "authority.correction_urged_today"
    status = 409
    vi = "Hôm nay đã đôn đốc hồ sơ {number}."
    en = "Case {number} was urged today already."
    hint_vi = "Đôn đốc mỗi ngày một lần."
    hint_en = "A case is urged once a day."


class SecretNotReported(DomainError):
    code = "authority.secret_not_reported"
    status = 409
    vi = "Dữ liệu thuộc phạm vi bí mật nhà nước không được báo sai lệch tại đây."
    en = "Data within the scope of state secrets are not reported on here."
    hint_vi = "Trao đổi qua người có trách nhiệm giữ bí mật."
    hint_en = "Turn to the keepers of the secret."


class RowsReasonMissing(DomainError):
    code = "authority.rows_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do xem giá trị dữ liệu cá nhân."
    en = "The reason for seeing personal values is missing."
    hint_vi = "Nêu việc cần xem; lý do được lưu trong lịch sử."
    hint_en = "Say what they are needed for; the reason is kept in the history."
