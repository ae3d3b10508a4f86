"""Refusals about the yearly registration on the National Data Portal."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class PortalStepRefused(DomainError):
    """Not sent, sent, then published or sent back; what was sent back is sent again (PRT-03)."""

    code = "catalogue.portal_step_refused"
    status = 409
    vi = "{name}: không chuyển từ “{before}” sang “{after}” cho năm {year}."
    en = "{name}: no step leads from “{before}” to “{after}” for {year}."
    hint_vi = "Ghi “Đã gửi” trước, rồi ghi kết quả của Cổng; mục bị trả lại thì gửi lại."
    hint_en = "Record it as sent first, then what the portal answered; what was sent back is sent again."
    field = "state"


class PortalDayRefused(DomainError):
    code = "catalogue.portal_day_refused"
    status = 422
    field = "day"
    vi = "Ngày {given} sau hôm nay, hoặc trước ngày của trạng thái đã ghi cho {name}."
    en = "{given} is after today, or before the day of the state on record for {name}."
    hint_vi = "Nhập ngày gửi, ngày Cổng công bố hoặc trả lại."
    hint_en = "Enter the day of sending, or that of the portal's answer."


class PortalReasonMissing(DomainError):
    code = "catalogue.portal_reason_missing"
    status = 422
    field = "note"
    vi = "Chưa nêu lý do Cổng trả lại."
    en = "Why the portal sent it back is missing."
    hint_vi = "Nhập lý do Cổng đã nêu, để đơn vị sửa rồi gửi lại."
    hint_en = "Enter the reason that the portal gave, so that the unit mends it and sends it again."


class PortalNothingChosen(DomainError):
    code = "catalogue.portal_nothing_chosen"
    status = 422
    vi = "Chưa chọn mục nào của bản đăng ký năm {year}."
    en = "Nothing of the registration of {year} was chosen."
    hint_vi = "Đánh dấu cơ sở dữ liệu hoặc nhu cầu thuộc cơ quan này, rồi ghi lại."
    hint_en = "Tick databases or needs of this agency, then record again."


class ShareNoteMissing(DomainError):
    """What cannot be shared, or not yet, says why (PRT-01)."""

    code = "catalogue.share_note_missing"
    status = 422
    field = "share_ability_note"
    vi = "Chưa nêu vì sao dữ liệu chưa chia sẻ được."
    en = "Why the data cannot be shared, or not yet, is missing."
    hint_vi = "Nêu việc còn phải nâng cấp, hoặc điều khoản không cho phép chia sẻ."
    hint_en = "Say what has to be upgraded, or which provision forbids sharing."


class NeedEnded(DomainError):
    code = "catalogue.need_ended"
    status = 409
    vi = "Nhu cầu {number} đã kết thúc."
    en = "Need {number} has ended."
    hint_vi = "Ghi nhận nhu cầu mới nếu còn cần dữ liệu này."
    hint_en = "Note a new need where the data are needed still."


class NeedYearRefused(DomainError):
    code = "catalogue.need_year_refused"
    status = 422
    field = "year"
    vi = "Năm đăng ký {given} không hợp lệ."
    en = "{given} is no year of registration."
    hint_vi = "Nhập năm nay hoặc năm sau."
    hint_en = "Enter this year or the next."
