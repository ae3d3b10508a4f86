"""Refusals about layouts of papers and workbooks."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class TemplateNotWord(DomainError):
    code = "papers.template_not_word"
    status = 422
    field = "upload"
    vi = "Tệp “{name}” không phải là tệp Word (.docx) đọc được."
    en = "File “{name}” is not a Word file (.docx) that can be read."
    hint_vi = "Tải mẫu đang dùng về, sửa trong Word, lưu dạng .docx rồi tải lên."
    hint_en = "Download the layout in use, edit it in Word, save it as .docx and upload it."


class TemplateTooLarge(DomainError):
    code = "papers.template_too_large"
    status = 413
    field = "upload"
    vi = "Mẫu văn bản lớn hơn giới hạn {limit_mb} MB sau khi mở nén."
    en = "The layout is larger than the limit of {limit_mb} MB when unpacked."
    hint_vi = "Bỏ bớt hình ảnh trong mẫu rồi tải lại."
    hint_en = "Take pictures out of the layout and upload it again."


class TemplateHoldsMore(DomainError):
    """A file that holds more than a text with tags: programs, pieces fetched from elsewhere, tags nobody sees."""

    code = "papers.template_holds_more"
    status = 422
    field = "upload"
    vi = "Mẫu chứa {what} (tại {where}), không dùng được."
    en = "The layout holds {what} (at {where}) and cannot be used."
    hint_vi = "Bỏ nội dung này trong Word, chấp nhận mọi thay đổi đang theo dõi, lưu dạng .docx rồi tải lại."
    hint_en = "Take it out in Word, accept all tracked changes, save as .docx and upload it again."


class TemplateBroken(DomainError):
    """A tag of the layout is written wrongly."""

    code = "papers.template_broken"
    status = 422
    field = "upload"
    vi = "Mẫu có lỗi tại {place}: “{text}”. {why}"
    en = "The layout has a fault at {place}: “{text}”. {why}"
    hint_vi = "Sửa đoạn này trong Word rồi tải lại; mẫu đang dùng vẫn được giữ."
    hint_en = "Correct this paragraph in Word and upload it again; the layout in use was kept."


class TemplateWordUnknown(DomainError):
    """A tag of the layout names something that no paper has."""

    code = "papers.template_word_unknown"
    status = 422
    field = "upload"
    vi = "Mẫu dùng trường không có: “{word}”, tại {place}: “{text}”."
    en = "The layout names a field that does not exist: “{word}”, at {place}: “{text}”."
    hint_vi = "Viết thay bằng: {known}."
    hint_en = "Write instead: {known}."


class TemplateLacks(DomainError):
    """A layout without a part that the paper must have."""

    code = "papers.template_lacks"
    status = 422
    field = "upload"
    vi = "Mẫu thiếu trường bắt buộc: {words}."
    en = "The layout lacks required fields: {words}."
    hint_vi = "Thêm trường còn thiếu vào mẫu; xem mẫu đang dùng để biết cách viết."
    hint_en = "Add what is missing; the layout in use shows how it is written."


class WorkbookUnreadable(DomainError):
    code = "papers.workbook_unreadable"
    status = 422
    field = "upload"
    vi = "Không đọc được tệp Excel này."
    en = "This workbook cannot be read."
    hint_vi = "Lưu tệp dạng .xlsx, không đặt mật khẩu, rồi tải lại."
    hint_en = "Save it as .xlsx without a password and upload it again."


class WorkbookTooLarge(DomainError):
    code = "papers.workbook_too_large"
    status = 413
    field = "upload"
    vi = "Tệp Excel lớn hơn giới hạn {limit}."
    en = "The workbook is larger than the limit of {limit}."
    hint_vi = "Chia nhỏ tệp rồi tải từng phần."
    hint_en = "Split the file and upload it in parts."
