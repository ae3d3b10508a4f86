"""What is refused around regulations and at the gate."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class MandatoryClausesMissing(DomainError):
    """Facts: `count`, `missing` (the clauses by name), `clauses` (their field names)."""

    code = "regulations.clauses_missing"
    status = 422
    vi = "Quy chế còn thiếu {count} nội dung bắt buộc: {missing}."
    en = "The regulation lacks {count} mandatory clause(s): {missing}."
    hint_vi = "Bổ sung các nội dung này vào dự thảo, kiểm tra lại rồi ban hành."
    hint_en = "Add them to the draft, check it again, then issue it."


class TitleMissing(DomainError):
    code = "regulations.title_missing"
    status = 422
    field = "title"
    vi = "Chưa nhập tên quy chế."
    en = "The title of the regulation is missing."
    hint_vi = "Nhập tên quy chế như sẽ ghi trên văn bản."
    hint_en = "Enter the title as it will stand on the document."


class ScopeIncomplete(DomainError):
    code = "regulations.scope_incomplete"
    status = 422
    field = "databases"
    vi = "Phạm vi “{scope}” cần chọn ít nhất một CSDL."
    en = "The scope “{scope}” needs at least one database."
    hint_vi = "Chọn CSDL mà quy chế áp dụng, hoặc chọn phạm vi toàn cơ quan."
    hint_en = "Choose the databases it applies to, or the scope of the whole agency."


class TopicMissing(DomainError):
    code = "regulations.topic_missing"
    status = 422
    field = "topic"
    vi = "Chưa nêu nhóm chủ đề dữ liệu mà quy chế áp dụng."
    en = "The group of data topics is missing."
    hint_vi = "Ghi tên nhóm chủ đề, ví dụ “Hộ tịch, cư trú”."
    hint_en = "Name the group of topics, such as “Civil status, residence”."


class DatabaseOutsideAgency(DomainError):
    code = "regulations.database_outside_agency"
    status = 422
    field = "databases"
    vi = "CSDL “{database}” không thuộc {issuer}, nên quy chế này không thể áp dụng."
    en = "Database “{database}” does not belong to {issuer}, so this regulation cannot cover it."
    hint_vi = "Bỏ CSDL này khỏi phạm vi, hoặc chọn cơ quan ban hành khác."
    hint_en = "Take it out of the scope, or choose another issuing agency."


class OpinionMissing(DomainError):
    code = "regulations.opinion_missing"
    status = 422
    field = "legal_reviewer"
    vi = "Chưa ghi đơn vị, người cho ý kiến pháp chế."
    en = "Who gave the legal opinion is missing."
    hint_vi = "Ghi tên đơn vị hoặc người thẩm định và số văn bản nếu có."
    hint_en = "Name the unit or person who reviewed it, and the number of the opinion if there is one."


class NumberMissing(DomainError):
    code = "regulations.number_missing"
    status = 422
    field = "number"
    vi = "Chưa nhập số văn bản."
    en = "The document number is missing."
    hint_vi = "Nhập số, ký hiệu như trên văn bản đã ký."
    hint_en = "Enter number and symbol as on the signed document."


class DatesReversed(DomainError):
    code = "regulations.dates_reversed"
    status = 422
    field = "effective_to"
    vi = "Ngày hết hiệu lực {effective_to} trước ngày có hiệu lực {effective_from}."
    en = "The end {effective_to} lies before the beginning {effective_from}."
    hint_vi = "Sửa một trong hai ngày rồi thực hiện lại."
    hint_en = "Correct one of the two dates and try again."


class AlreadyOver(DomainError):
    code = "regulations.already_over"
    status = 409
    vi = "Quy chế đã hết hiệu lực từ ngày {effective_to} nên không công khai được."
    en = "The regulation ended on {effective_to} and cannot be published."
    hint_vi = "Soạn phiên bản mới với thời hạn hiệu lực mới."
    hint_en = "Draft a new version with a new term."


class VersionAlreadyDrafted(DomainError):
    code = "regulations.version_already_drafted"
    status = 409
    vi = "Quy chế này đã có phiên bản {version} đang xử lý."
    en = "Version {version} of this regulation is already under way."
    hint_vi = "Mở phiên bản đang xử lý để sửa tiếp."
    hint_en = "Open the version under way and go on there."


class ColumnsMissing(DomainError):
    code = "regulations.columns_missing"
    status = 409
    vi = "CSDL “{database}” chưa có cột nào được mô tả, nên chưa có cấu trúc để ghi nhận."
    en = "No column of database “{database}” is described yet, so there is no structure to record."
    hint_vi = "Khảo sát nguồn, xác nhận mô tả bảng, cột trước."
    hint_en = "Look at the source and confirm the description of its columns first."


class StepsMissing(DomainError):
    code = "regulations.steps_missing"
    status = 422
    field = "steps"
    vi = "Chưa nêu bước nào của quy trình chia sẻ."
    en = "No step of the sharing process is given."
    hint_vi = "Ghi mỗi bước trên một dòng: ai làm, làm gì, trong bao lâu."
    hint_en = "Write one step a line: who does what, and how long it may take."


class DateInFuture(DomainError):
    code = "regulations.date_in_future"
    status = 422
    field = "document_date"
    vi = "Ngày văn bản {given} sau ngày hôm nay."
    en = "The document date {given} lies in the future."
    hint_vi = "Nhập ngày ký ghi trên văn bản."
    hint_en = "Enter the date of signing that stands on the document."


class GateNotPassed(DomainError):
    """Facts: `failed`, `total`, `first`; `lines` holds every line that failed."""

    code = "regulations.gate_not_passed"
    status = 409
    vi = "Chưa đủ điều kiện đưa vào khai thác: {failed}/{total} điều kiện chưa đạt. {first}"
    en = "Not ready to go live: {failed} of {total} conditions are not met. {first}"
    hint_vi = "{hint}"
    hint_en = "{hint}"
