"""Refusals about the review of a catalogue of databases."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class ReviewRunning(DomainError):
    code = "catalogue.review_running"
    status = 409
    vi = "Đợt rà soát danh mục {number} của {agency} đang tiến hành."
    en = "Catalogue review {number} of {agency} is under way."
    hint_vi = "Tiếp tục trong đợt rà soát đó; mỗi cơ quan chỉ có một đợt đang tiến hành."
    hint_en = "Go on in that review; an agency has one review at a time."


class ReviewPaperMissing(DomainError):
    """A review is opened by a paper with number, date and guidance, and names its units (CAT-03)."""

    code = "catalogue.review_paper_missing"
    status = 422
    vi = "Chưa nhập {name}."
    en = "{name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class ReviewDayRefused(DomainError):
    code = "catalogue.review_day_refused"
    status = 422
    vi = "Ngày {day} không hợp lệ: {why}."
    en = "Day {day} is not valid: {why}."
    hint_vi = "Nhập ngày ghi trên văn bản đã ký."
    hint_en = "Enter the day on the signed paper."

    def __init__(self, *, at: str, day: str, why: str, why_en: str) -> None:
        super().__init__(day=day, why=why, why_en=why_en)
        self.field = at  # type: ignore[misc]


class DatabasesUnanswered(DomainError):
    """A unit declares when it has spoken of each of its databases (CAT-03)."""

    code = "catalogue.databases_unanswered"
    status = 409
    vi = "Còn {count} cơ sở dữ liệu chưa xác nhận: {names}."
    en = "{count} database(s) are not confirmed yet: {names}."
    hint_vi = "Với từng cơ sở dữ liệu, chọn “Đúng như đang ghi” hoặc “Không còn sử dụng”; sửa thông tin trước nếu đã thay đổi."
    hint_en = "Say of each whether it stands as recorded or is no longer in use; amend its record first if it changed."


class HoldsNoneNotSaid(DomainError):
    """That a unit holds no database is a declaration as well, made on purpose (CAT-03)."""

    code = "catalogue.holds_none_not_said"
    status = 422
    field = "holds_none"
    vi = "Đơn vị chưa có cơ sở dữ liệu nào trong hệ thống."
    en = "No database of the unit is on record."
    hint_vi = (
        "Đăng ký cơ sở dữ liệu còn thiếu, hoặc đánh dấu “Đơn vị không quản lý cơ sở dữ liệu nào” rồi gửi."
    )
    hint_en = "Register what is missing, or mark that the unit holds no database, and send."


class EndedReasonMissing(DomainError):
    code = "catalogue.ended_reason_missing"
    status = 422
    vi = "Chưa nêu lý do không còn sử dụng: {names}."
    en = "The reason why it is no longer in use is missing: {names}."
    hint_vi = "Nêu căn cứ: văn bản cho dừng, hệ thống thay thế, nơi lưu dữ liệu cũ."
    hint_en = "Name the paper that ended it, what took its place, where the old data are kept."


class DeclarationReasonMissing(DomainError):
    code = "catalogue.declaration_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    hint_vi = "Nêu rõ nội dung cần bổ sung hoặc lý do thay đổi."
    hint_en = "Say what must be added, or why."


class NobodyToUrgeToDeclare(DomainError):
    code = "catalogue.nobody_to_urge"
    status = 409
    vi = "Không còn đơn vị nào phải đôn đốc khai báo."
    en = "No unit is left to be urged."
    hint_vi = "Tải lại trang để xem tiến độ mới nhất."
    hint_en = "Reload the page to see how far the units are."


class CatalogueNotReady(DomainError):
    """The draft is drawn up and issued when every unit has declared, no overlap is open and each entry is complete (C2)."""

    code = "catalogue.not_ready"
    status = 409
    vi = "Chưa lập, ban hành được danh mục: {count} nội dung chưa xong. {first}"
    en = "The catalogue cannot be drawn up or issued yet: {count} matter(s) are open. {first}"
    hint_vi = "Xem từng nội dung trong mục “Nội dung phải giải quyết trước”, mở liên kết để xử lý."
    hint_en = "See each under “To be settled first”, and open its link to settle it."


class DraftOutdated(DomainError):
    """What the head signs is what was submitted; a database that was placed out of sight meanwhile is left out."""

    code = "catalogue.draft_outdated"
    status = 409
    vi = "Dự thảo danh mục không còn mục nào để ban hành."
    en = "The draft catalogue holds no entry any more."
    hint_vi = "Trả lại dự thảo để đơn vị chuyên trách lập lại."
    hint_en = "Send the draft back to be drawn up anew."
