"""What open data refuses, and what to do then."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class NotClassifiedOpen(DomainError):
    code = "opendata.not_classified_open"
    status = 409
    vi = "“{dataset}” chưa được phân loại là dữ liệu mở."
    en = "“{dataset}” is not classified as open data."
    hint_vi = "Phân loại bộ dữ liệu trước khi công bố."
    hint_en = "Classify the dataset before publishing it."


class ReasonMissing(DomainError):
    code = "opendata.reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    hint_vi = "Nêu lý do bằng một câu; lý do được ghi vào lịch sử."
    hint_en = "Give the reason in one sentence; it goes into the history."


class RiskNotSettled(DomainError):
    code = "opendata.risk_not_settled"
    status = 409
    vi = "Chưa đánh giá xong rủi ro trước khi công bố: {open}."
    en = "The risk check before publication is not settled: {open}."
    hint_vi = "Trả lời từng câu hỏi; câu trả lời “có rủi ro” phải được xử lý trước."
    hint_en = "Answer each question; a risk that was found must be removed first."


class RiskCheckOutdated(DomainError):
    code = "opendata.risk_check_outdated"
    status = 409
    vi = "Cột công bố đã thay đổi sau lần ký đánh giá rủi ro."
    en = "The columns to open changed after the risk check was signed."
    hint_vi = "Đánh giá, ký lại rủi ro cho các cột sẽ công bố."
    hint_en = "Check and sign the risk anew for the columns that go out."


class StillPublished(DomainError):
    code = "opendata.still_published"
    status = 409
    field = "classification"
    vi = "“{dataset}” đang công bố là dữ liệu mở."
    en = "“{dataset}” is published as open data."
    hint_vi = "Thu hồi bộ dữ liệu, nêu lý do, rồi mới đổi phân loại."
    hint_en = "Withdraw the dataset with a reason first, then change its classification."


class PersonalDataFound(DomainError):
    code = "opendata.personal_data_found"
    status = 409
    vi = "Dừng công bố: cột {columns} là dữ liệu cá nhân."
    en = "Publication stopped: {columns} hold personal data."
    hint_vi = "Bỏ cột hoặc thay bằng mã trước khi công bố."
    hint_en = "Leave the column out, or replace it by a code."


class KeyNotOpened(DomainError):
    code = "opendata.key_not_opened"
    status = 422
    field = "columns"
    vi = "Phải công bố cả cột khóa: {columns}."
    en = "The key columns must be opened too: {columns}."
    hint_vi = "Chọn thêm cột khóa; nếu khóa là dữ liệu cá nhân thì lập bộ dữ liệu khác có khóa là mã."
    hint_en = "Choose the key as well; where the key is personal, define another dataset keyed by a code."


class SecretNeverOpen(DomainError):
    code = "opendata.secret_never_open"
    status = 404
    vi = "Không tìm thấy bộ dữ liệu."
    en = "The dataset was not found."
    hint_vi = "Kiểm tra lại địa chỉ hoặc tìm theo tên."
    hint_en = "Check the address, or search by name."


class DatabaseNotInOperation(DomainError):
    code = "opendata.database_not_in_operation"
    status = 409
    vi = "Cơ sở dữ liệu “{database}” chưa đưa vào khai thác nên chưa thể công bố dữ liệu mở từ đó."
    en = "Database “{database}” is not in operation, so no open data can be published from it."
    hint_vi = "Hoàn thành các điều kiện đưa vào khai thác trước."
    hint_en = "Pass the go-live gate first."


class NoVersion(DomainError):
    code = "opendata.no_version"
    status = 409
    vi = "Bộ dữ liệu “{dataset}” chưa có phiên bản nào để công bố."
    en = "Dataset “{dataset}” has no version to publish."
    hint_vi = "Lấy dữ liệu từ nguồn để tạo phiên bản đầu tiên."
    hint_en = "Capture a first version from the source."


class AlreadyPublished(DomainError):
    code = "opendata.already_published"
    status = 409
    vi = "Phiên bản {version} đã được công bố."
    en = "Version {version} is already published."
    hint_vi = "Tạo phiên bản mới, hoặc xác nhận “không thay đổi”."
    hint_en = "Capture a new version, or confirm “no change”."


class DatasetUnknown(DomainError):
    code = "opendata.dataset_unknown"
    status = 404
    vi = "Không tìm thấy bộ dữ liệu mở “{slug}”."
    en = "There is no open dataset “{slug}”."
    hint_vi = "Tìm theo tên trên cổng dữ liệu."
    hint_en = "Search by name on the portal."


class Withdrawn(DomainError):
    code = "opendata.withdrawn"
    status = 410
    vi = "“{dataset}” đã thu hồi ngày {day}. Lý do: {reason}"
    en = "“{dataset}” was withdrawn on {day}. Reason: {reason}"
    hint_vi = "Liên hệ cơ quan công bố nếu cần thêm thông tin."
    hint_en = "Ask the publishing agency for more."


class ColumnsOpenedAnew(DomainError):
    code = "opendata.columns_opened_anew"
    status = 410
    vi = "Từ sau phiên bản {version}, các cột được công bố đã thay đổi nên không theo dõi thay đổi tiếp được."
    en = "Other columns have been opened since version {version}, so changes cannot be followed from it."
    hint_vi = "Tải lại toàn bộ phiên bản mới nhất, rồi theo dõi từ phiên bản đó."
    hint_en = "Load the newest version in full, then follow from there."


class PublicationUnknown(DomainError):
    code = "opendata.publication_unknown"
    status = 404
    vi = "Bộ dữ liệu không có phiên bản {version}; phiên bản mới nhất là {latest}."
    en = "The dataset has no version {version}; the newest is {latest}."
    hint_vi = "Xem các phiên bản trên trang của bộ dữ liệu."
    hint_en = "See the versions on the page of the dataset."


class ColumnsNotOpened(DomainError):
    code = "opendata.columns_not_opened"
    status = 422
    field = "columns"
    vi = "Bộ dữ liệu mở không có cột: {columns}."
    en = "The open dataset has no such columns: {columns}."
    hint_vi = "Chọn trong các cột được công bố, hoặc để trống."
    hint_en = "Choose among the columns that are published, or name none."


class NotPublished(DomainError):
    code = "opendata.not_published"
    status = 409
    vi = "“{dataset}” không công bố là dữ liệu mở nên không nhận báo sai lệch tại đây."
    en = "“{dataset}” is not published as open data, so nothing is reported on it here."
    hint_vi = "Gửi câu hỏi đến cán bộ đầu mối của cơ quan."
    hint_en = "Send a question to the focal officer of the agency."


class ReportTooShort(DomainError):
    code = "opendata.report_too_short"
    status = 422
    field = "text"
    vi = "Nội dung sai chưa đủ rõ để kiểm tra: cần ít nhất {least} ký tự."
    en = "Too little was said to check it: at least {least} characters are needed."
    hint_vi = "Nêu dữ liệu sai ở đâu, thế nào; giá trị đúng căn cứ văn bản, nguồn nào."
    hint_en = "Say where the data are wrong and how, and by which paper or source the right value is known."


class ReportUnknown(DomainError):
    code = "opendata.report_unknown"
    status = 404
    field = "code"
    vi = "Không có báo dữ liệu sai nào mang mã này."
    en = "There is no report of wrong data with this code."
    hint_vi = "Kiểm tra lại mã gồm 12 chữ và số đã được cấp khi gửi."
    hint_en = "Check the code of 12 letters and digits that was given when the report was sent."
