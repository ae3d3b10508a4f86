"""Refusals about the governance of databases, shared code lists and national master data."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class NotOfThisList(DomainError):
    """A class, layer, domain or source that the architecture does not name."""

    code = "catalogue.not_of_this_list"
    status = 422
    vi = "“{given}” không thuộc danh sách được chọn."
    en = "“{given}” is not one of the choices."
    hint_vi = "Chọn một giá trị trong danh sách trên biểu mẫu."
    hint_en = "Choose one of the values that the form lists."

    def __init__(self, *, at: str, given: str) -> None:
        super().__init__(given=given)
        self.field = at  # type: ignore[misc]


class StorageProcedureMissing(DomainError):
    """The storage period goes with a technical storage procedure and its link (D165-01)."""

    code = "catalogue.storage_procedure_missing"
    status = 422
    field = "storage_procedure"
    vi = "Đã nêu thời hạn lưu trữ nhưng thiếu quy trình kỹ thuật lưu trữ, hoặc tệp, liên kết của văn bản."
    en = "A storage period is given without the technical storage procedure, or without its file or a link to it."
    hint_vi = "Nhập số, ngày, tên quy trình; tải lên tệp hoặc nhập địa chỉ của văn bản."
    hint_en = (
        "Enter number, date and name of the procedure; hand in its file or enter the address of the paper."
    )


class ProcedureFileRefused(DomainError):
    code = "catalogue.procedure_file_refused"
    status = 422
    field = "upload"
    vi = "Tệp “{name}” không phải văn bản quy trình."
    en = "File “{name}” is not the paper of a procedure."
    hint_vi = "Tải lên tệp PDF, DOCX, DOC hoặc ODT."
    hint_en = "Hand in a PDF, DOCX, DOC or ODT file."


class CriticalityDecisionMissing(DomainError):
    """The owner classes data by a decision with number and date (LDL-07)."""

    code = "catalogue.criticality_decision_missing"
    status = 422
    field = "criticality_decision"
    vi = "Thiếu số hoặc ngày quyết định phân loại dữ liệu."
    en = "Number or date of the decision that classes the data is missing."
    hint_vi = "Nhập số, ngày quyết định của chủ quản; chưa có quyết định thì để trống mức độ quan trọng."
    hint_en = "Enter number and date of the owner's decision; without one leave the criticality empty."


class CatalogueDayRefused(DomainError):
    code = "catalogue.day_refused"
    status = 422
    vi = "Ngày {given} sau hôm nay."
    en = "{given} is after today."
    hint_vi = "Nhập ngày đã diễn ra, như trên văn bản."
    hint_en = "Enter a day that has come, as on the paper."

    def __init__(self, *, at: str, given: str) -> None:
        super().__init__(given=given)
        self.field = at  # type: ignore[misc]


class DueBasisMissing(DomainError):
    """A day of connection of its own rests on a text (D278-10)."""

    code = "catalogue.due_basis_missing"
    status = 422
    field = "connect_by_basis"
    vi = "Hạn kết nối riêng phải nêu văn bản quy định."
    en = "A day of connection of its own names the text that sets it."
    hint_vi = "Nhập số, tên văn bản và điều khoản; không có thì để trống hạn riêng, hạn chung được áp dụng."
    hint_en = "Enter the text with its article; or leave the day empty, then the general one holds."


class LogTooShort(DomainError):
    """The processing log of core and important data is kept long enough (D165-07)."""

    code = "catalogue.log_too_short"
    status = 422
    field = "log_months"
    vi = "Nhật ký xử lý dữ liệu cốt lõi, quan trọng giữ {given} tháng, ít hơn mức tối thiểu {least} tháng."
    en = "The processing log of core or important data is kept {given} months; at least {least} are needed."
    hint_vi = "Nhập số tháng không ít hơn mức tối thiểu."
    hint_en = "Enter that many months or more."


class SharingClassEnded(DomainError):
    """Each item is classed in the words of the law of its day (LDL-01)."""

    code = "catalogue.sharing_class_ended"
    status = 422
    field = "sharing_class"
    vi = "Quy định tại ngày {day} không có nhóm “{given}”."
    en = "The law of {day} has no class “{given}”."
    hint_vi = (
        "Chọn nhóm theo quy định của ngày phân loại; phân loại từ trước thì nhập đúng ngày trên văn bản."
    )
    hint_en = "Choose a class of the day of classing; for an earlier classing enter the day on the paper."


class UserGroupsMissing(DomainError):
    """Specific-request sharing is split by user group (CAT-06)."""

    code = "catalogue.user_groups_missing"
    status = 422
    field = "user_groups"
    vi = "Mục dữ liệu chia sẻ theo yêu cầu đặc thù phải nêu đối tượng khai thác."
    en = "An item shared on specific request names its users."
    hint_vi = "Nêu từng nhóm cơ quan, tổ chức được khai thác."
    hint_en = "Name each group of agencies that may use it."


class RiskPaperUsed(DomainError):
    code = "catalogue.risk_paper_used"
    status = 409
    field = "paper"
    vi = "Văn bản {paper} đã được ghi nhận cho cơ sở dữ liệu này."
    en = "Paper {paper} is already recorded for this database."
    hint_vi = "Mỗi văn bản đánh giá rủi ro ghi nhận một lần."
    hint_en = "Each assessment is recorded once."


class CodeListDraftOpen(DomainError):
    """One version of a list is prepared at a time."""

    code = "catalogue.code_list_draft_open"
    status = 409
    vi = "Phiên bản {number} của danh mục đang được chuẩn bị."
    en = "Version {number} of the list is still being prepared."
    hint_vi = "Ban hành hoặc bỏ phiên bản đó rồi lập phiên bản mới."
    hint_en = "Issue that version or drop it, then begin another."


class CodeListBackdated(DomainError):
    """A later version never reaches back behind an earlier one (GOVF-13)."""

    code = "catalogue.code_list_backdated"
    status = 422
    field = "valid_from"
    vi = "Ngày hiệu lực {given} không sau ngày hiệu lực {last} của phiên bản trước."
    en = "{given} is not after {last}, the day from which the version before is in force."
    hint_vi = "Không sửa lùi ngày: phiên bản mới có hiệu lực sau phiên bản trước."
    hint_en = "Nothing is changed back in time: a new version begins after the one before."


class CodeListVersionStands(DomainError):
    """What was issued never changes."""

    code = "catalogue.code_list_version_stands"
    status = 409
    vi = "Phiên bản {number} đã ban hành, giá trị không sửa được."
    en = "Version {number} was issued; its values do not change."
    hint_vi = "Lập phiên bản mới để bổ sung, sửa đổi."
    hint_en = "Begin a new version to add or change."


class CodeListEmpty(DomainError):
    code = "catalogue.code_list_empty"
    status = 409
    vi = "Phiên bản {number} chưa có giá trị nào."
    en = "Version {number} holds no value yet."
    hint_vi = "Nhập giá trị từ tệp hoặc nhập tay rồi ban hành."
    hint_en = "Take values over from a file or enter them, then issue."


class CodeValueIncomplete(DomainError):
    code = "catalogue.code_value_incomplete"
    status = 422
    field = "values"
    vi = "Dòng {number} thiếu mã hoặc tên: “{given}”."
    en = "Row {number} lacks its code or its name: “{given}”."
    hint_vi = (
        "Mỗi dòng có đủ mã (không quá 80 ký tự) và tên; khi nhập bằng tay, ngăn cách bằng dấu gạch đứng “|”."
    )
    hint_en = "Each row has a code (at most 80 characters) and a name; by hand they are parted by a vertical bar “|”."


class CodeRepeated(DomainError):
    code = "catalogue.code_repeated"
    status = 422
    vi = "Mã {given} đã có ở dòng {number}."
    en = "Code {given} already stands in row {number}."
    hint_vi = "Giữ một dòng cho mỗi mã."
    hint_en = "Keep one row for each code."


class CodeUnknown(DomainError):
    code = "catalogue.code_unknown"
    status = 422
    vi = "Không có mã {given} trong {where}."
    en = "Code {given} is not in {where_en}."
    hint_vi = "Kiểm tra mã và ngày; nhập giá trị của phiên bản trước khi nhập bảng ánh xạ."
    hint_en = "Check code and day; take the values over before the mapping."


class MasterSourceTaken(DomainError):
    """One item of national master data has one single trusted source (D278-06)."""

    code = "catalogue.master_source_taken"
    status = 409
    field = "source"
    vi = "Mục dữ liệu chủ {item} đã có nguồn tin cậy duy nhất: {source}."
    en = "Item {item} of the master data has its single trusted source already: {source}."
    hint_vi = "Mỗi mục có một nguồn; muốn đổi nguồn phải có phiên bản danh mục mới."
    hint_en = "One item, one source; another source needs a new version of the list."


class MasterItemIncomplete(DomainError):
    code = "catalogue.master_item_incomplete"
    status = 422
    vi = "Dòng thiếu mã hoặc tên mục dữ liệu chủ."
    en = "The row lacks code or name of the item."
    hint_vi = "Ghi đủ mã và tên của mục dữ liệu chủ."
    hint_en = "Give code and name of the item."


class MasterListRefused(DomainError):
    code = "catalogue.master_list_refused"
    status = 422
    field = "decision_number"
    vi = "Chưa ghi nhận được danh mục dữ liệu chủ quốc gia: {why}."
    en = "The list of national master data cannot be recorded: {why}."
    hint_vi = "Nhập số, ngày quyết định và văn bản thống nhất với chủ quản; ngày không sau hôm nay."
    hint_en = "Enter number and date of the decision and the agreement with the owners; not after today."
