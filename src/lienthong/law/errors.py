"""What can be refused when the law is asked, or changed."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class NoRuleSetOn(DomainError):
    """No rule set covers this date. Facts: day."""

    code = "law.no_rule_set"
    status = 409
    vi = "Chưa có bộ quy định nào áp dụng cho ngày {day}."
    en = "No rule set covers {day}."
    hint_vi = "Bộ quy định đầu tiên có hiệu lực từ ngày 25/05/2020; kiểm tra lại ngày."
    hint_en = "The first rule set is in force from 25 May 2020; check the date."


class ParameterUnknown(DomainError):
    """No rule set has a parameter of this name. Facts: key."""

    code = "law.parameter_unknown"
    status = 404
    vi = "Không có tham số pháp luật “{key}”."
    en = "There is no parameter “{key}”."
    hint_vi = "Xem danh sách tham số tại trang Văn bản, tham số."
    hint_en = "See the list of parameters on the page Law and parameters."


class ParameterNotInForce(DomainError):
    """The parameter exists, and has no row on this date. Facts: key, label, label_en, day, rule_set."""

    code = "law.parameter_not_in_force"
    status = 409
    vi = "Ngày {day}, bộ quy định {rule_set} không có quy định về “{label}” ({key})."
    en = "On {day} the rule set {rule_set} has no rule on “{label}” ({key})."
    hint_vi = "Xem tham số này theo từng bộ quy định tại trang Văn bản, tham số."
    hint_en = "See this parameter by rule set on the page Law and parameters."


class ParameterWithoutTerm(DomainError):
    """There is a row, and it is not a number of days or a date. Facts: key, label, label_en, day."""

    code = "law.parameter_without_term"
    status = 409
    vi = "Ngày {day}, “{label}” không có số ngày hay ngày cụ thể để tính thời hạn ({key})."
    en = "On {day} “{label}” has no number of days or date to count from ({key})."
    hint_vi = "Cơ quan có thể đặt thời hạn tại trang Tham số."
    hint_en = "The agency may set a limit on the page of parameters."


class ClockAlreadyRunning(DomainError):
    """The same term already runs for the record, from another event. Facts: key, label, label_en."""

    code = "law.clock_already_running"
    status = 409
    vi = "“{label}” đang tính thời hạn cho hồ sơ này ({key})."
    en = "“{label}” is already running for this record ({key})."
    hint_vi = "Kết thúc thời hạn đang tính trước khi bắt đầu lại."
    hint_en = "Stop the running term before starting again."


class ReasonMissing(DomainError):
    code = "law.reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do thay đổi."
    en = "The reason for the change is missing."
    hint_vi = "Nêu văn bản hoặc quyết định làm căn cứ thay đổi."
    hint_en = "Name the text or the decision behind the change."


class ValueDoesNotFit(DomainError):
    """The value cannot be read in the unit. Facts: value, unit, unit_en."""

    code = "law.value_does_not_fit"
    status = 422
    field = "value"
    vi = "Trị số “{value}” không phù hợp với đơn vị “{unit}”."
    en = "The value “{value}” does not fit the unit “{unit}”."
    hint_vi = (
        "Số ngày, tháng là số nguyên dương; ngày ghi dạng 2026-12-31; đơn vị không có trị số thì để trống."
    )
    hint_en = (
        "Days and months are whole numbers, dates look like 2026-12-31; leave empty where there is none."
    )


class ProvisionMissing(DomainError):
    """A value that is said to come from a text must name the provision."""

    code = "law.provision_missing"
    status = 422
    field = "provision"
    vi = "Trị số lấy từ văn bản phải nêu điều khoản."
    en = "A value taken from a text must name its provision."
    hint_vi = "Chọn điều khoản đã đọc, hoặc ghi là quy định của cơ quan."
    hint_en = "Choose the provision that was read, or mark it as a rule of the agency."


class ProvisionUnknown(DomainError):
    """Facts: ref."""

    code = "law.provision_unknown"
    status = 404
    field = "provision"
    vi = "Không có điều khoản “{ref}”."
    en = "There is no provision “{ref}”."
    hint_vi = "Xem danh sách điều khoản tại trang Văn bản."
    hint_en = "See the provisions on the page of legal texts."


class StatutoryNumber(DomainError):
    """The number stands in a text of law, so this role may not change it. Facts: label, label_en."""

    code = "law.statutory_number"
    status = 403
    vi = "“{label}” do văn bản pháp luật quy định; đơn vị chuyên trách CNTT không thay đổi được."
    en = "“{label}” is set by a text of law; the IT unit cannot change it."
    hint_vi = "Quản trị hệ thống hoặc bộ điều phối sửa khi đối chiếu với văn bản gốc."
    hint_en = "The administrator or the coordinating ministry corrects it against the original text."


class LabelNotInForce(DomainError):
    """Facts: code_, day."""

    code = "law.label_not_in_force"
    status = 409
    vi = "Ngày {day} không có tên gọi cho “{word}”."
    en = "On {day} there is no word for “{word}”."
    hint_vi = "Kiểm tra ngày hoặc mã tên gọi."
    hint_en = "Check the date or the code of the label."


class NoAuthorityNamed(DomainError):
    """Facts: topic, day."""

    code = "law.no_authority_named"
    status = 409
    vi = "Ngày {day} chưa xác định cấp có thẩm quyền cho “{topic}”."
    en = "On {day} nobody is named as competent for “{topic}”."
    hint_vi = "Xem bảng thẩm quyền theo thời điểm tại trang Văn bản."
    hint_en = "See the table of competent bodies by date on the page of legal texts."


class CalendarEntryInvalid(DomainError):
    """Facts: why, why_en."""

    code = "law.calendar_entry_invalid"
    status = 422
    vi = "Không ghi được vào lịch làm việc: {why}."
    en = "The calendar entry cannot be made: {why}."
    hint_vi = "Sửa nội dung rồi gửi lại."
    hint_en = "Correct it and send again."


class CalendarEntryMissing(DomainError):
    """Facts: day."""

    code = "law.calendar_entry_missing"
    status = 404
    vi = "Lịch làm việc không có mục nào như vậy vào ngày {day}."
    en = "The calendar has no such entry on {day}."
    hint_vi = "Tải lại trang lịch để xem các mục hiện có."
    hint_en = "Reload the calendar to see its entries."


class TextFieldMissing(DomainError):
    """Something that a legal text cannot be without is missing. Facts: at, name, name_en."""

    code = "law.text_field_missing"
    status = 422
    vi = "Chưa nhập {name} của văn bản."
    en = "{name_en} of the text is missing."
    hint_vi = "Nhập theo bản gốc của văn bản."
    hint_en = "Enter it from the original text."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class TextNumberTaken(DomainError):
    """Facts: number."""

    code = "law.text_number_taken"
    status = 409
    field = "number"
    vi = "Văn bản số {number} đã có trên hệ thống."
    en = "The text with number {number} is already recorded."
    hint_vi = "Mở văn bản đó để sửa, hoặc kiểm tra lại số, ký hiệu."
    hint_en = "Open that text to correct it, or check the number."


class TextDatesRefused(DomainError):
    """The dates of a text contradict each other. Facts: why, why_en."""

    code = "law.text_dates_refused"
    status = 422
    field = "in_force_to"
    vi = "Ngày của văn bản không hợp lệ: {why}."
    en = "The dates of the text do not fit: {why_en}."
    hint_vi = "Đối chiếu ngày ban hành, ngày có hiệu lực, ngày hết hiệu lực với bản gốc."
    hint_en = "Check the day of issue and the days between which it holds against the original."


class PlaceRefused(DomainError):
    """A place in a text cannot be read. Facts: given."""

    code = "law.place_refused"
    status = 422
    field = "place"
    vi = "Không đọc được vị trí “{given}” trong văn bản."
    en = "“{given}” is not a place in a text."
    hint_vi = "Ghi số điều, khoản, điểm cách nhau bằng dấu chấm, ví dụ 35, 35.3 hoặc 16.2.đ."
    hint_en = "Write article, clause and point with dots between, such as 35, 35.3 or 16.2.đ."


class PlaceTaken(DomainError):
    """Facts: place."""

    code = "law.place_taken"
    status = 409
    field = "place"
    vi = "{place} đã được ghi nhận."
    en = "{place} is already recorded."
    hint_vi = "Xem danh sách điều khoản của văn bản."
    hint_en = "See the provisions of the text."


class RelationRefused(DomainError):
    """Two texts cannot stand in this relation. Facts: why, why_en."""

    code = "law.relation_refused"
    status = 422
    field = "target"
    vi = "Không ghi nhận được quan hệ giữa hai văn bản: {why}."
    en = "The relation of the two texts cannot be recorded: {why_en}."
    hint_vi = "Kiểm tra văn bản tác động, văn bản bị tác động, vị trí và ngày."
    hint_en = "Check both texts, the places in them and the day."
