"""What is refused around overlaps."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class SourceNotBound(DomainError):
    code = "authority.source_not_bound"
    status = 409
    vi = "CSDL “{name}” chưa có kết nối nguồn nên chưa thể tìm chồng lấn."
    en = "Database “{name}” has no source bound to it, so overlaps cannot be searched yet."
    hint_vi = "Khai báo kết nối nguồn chỉ đọc của CSDL, khảo sát nguồn rồi tìm lại."
    hint_en = "Bind a read-only source to the database, look at it, then search again."


class SecretNotSearched(DomainError):
    code = "authority.secret_not_searched"
    status = 409
    vi = "CSDL thuộc phạm vi bí mật nhà nước không được đưa vào tìm chồng lấn."
    en = "A database within the scope of state secrets is not searched for overlaps."
    hint_vi = "Đối chiếu trong phạm vi những người có trách nhiệm giữ bí mật."
    hint_en = "Compare it among the keepers of the secret only."


class ReasonMissing(DomainError):
    code = "authority.reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do kết luận."
    en = "The reason for the decision is missing."
    hint_vi = "Nêu ngắn gọn căn cứ thực tế dẫn tới kết luận này."
    hint_en = "Say briefly which facts lead to this decision."


class MechanismMissing(DomainError):
    code = "authority.mechanism_missing"
    status = 422
    field = "method"
    vi = "Đồng bộ phải nêu nguồn, phương thức, tần suất, đơn vị chịu trách nhiệm. Còn thiếu: {missing}."
    en = "Synchronising needs its source, method, frequency and responsible unit. Missing: {missing}."
    hint_vi = "Bổ sung các nội dung còn thiếu rồi kết luận lại."
    hint_en = "Fill in what is missing and decide again."


class GroundMissing(DomainError):
    code = "authority.ground_missing"
    status = 422
    field = "legal_ground"
    vi = "Ngoại lệ phải nêu căn cứ pháp lý."
    en = "An exception needs its legal ground."
    hint_vi = "Ghi văn bản, điều, khoản cho phép thu thập riêng."
    hint_en = "Name the instrument, article and clause that allow a separate collection."


class ReviewDateMissing(DomainError):
    code = "authority.review_date_missing"
    status = 422
    field = "review_date"
    vi = "Ngoại lệ phải có ngày xem xét lại, sau ngày hôm nay."
    en = "An exception needs a review date later than today."
    hint_vi = "Chọn ngày cơ quan sẽ xem xét lại ngoại lệ này."
    hint_en = "Choose the date on which the agency will review this exception."


class ReviewDatePassed(DomainError):
    code = "authority.review_date_passed"
    status = 409
    vi = "Ngày xem xét lại của ngoại lệ ({review_date}) đã đến trong khi chờ ký."
    en = "The review date of the exception ({review_date}) came while it waited for the signature."
    hint_vi = "Trả lại để đề nghị ngoại lệ với ngày xem xét lại mới."
    hint_en = "Return it, so that the exception is asked for with a new review date."


class OutcomeUnknown(DomainError):
    code = "authority.outcome_unknown"
    status = 422
    field = "outcome"
    vi = "Chưa chọn kết luận."
    en = "No decision was chosen."
    hint_vi = "Chọn một trong các kết luận: đồng bộ, ngừng thu thập, không chồng lấn, ngoại lệ."
    hint_en = "Choose one: synchronise, stop collecting, no overlap, exception."


class AuthorityNotNamed(DomainError):
    code = "authority.not_named"
    status = 409
    vi = "Hai CSDL ngang cấp: phải xác định nguồn chuẩn trước khi kết luận đồng bộ hoặc ngừng thu thập."
    en = "The two databases are of equal class: name the authority before deciding on synchronisation."
    hint_vi = "Cơ quan cấp trên chung gần nhất hoặc bộ điều phối xác định nguồn chuẩn."
    hint_en = "The nearest common superior or the coordinating ministry names the authority."


class NotOneOfTheTwo(DomainError):
    code = "authority.not_one_of_the_two"
    status = 422
    field = "authority"
    vi = "Nguồn chuẩn phải là một trong hai CSDL của hồ sơ."
    en = "The authority must be one of the two databases of the case."
    hint_vi = "Chọn một trong hai CSDL nêu trong hồ sơ."
    hint_en = "Choose one of the two databases of the case."


class NothingToUrge(DomainError):
    code = "authority.nothing_to_urge"
    status = 409
    vi = "Hồ sơ {number} không còn việc nào phải đôn đốc."
    en = "Nothing is due on case {number}, so there is nothing to urge."
    hint_vi = "Tải lại trang để xem trạng thái mới nhất của hồ sơ."
    hint_en = "Reload the page to see the latest state of the case."


class UrgedToday(DomainError):
    code = "authority.urged_today"
    status = 409
    vi = "Hồ sơ {number} đã được đôn đốc hôm nay."
    en = "Case {number} was urged today already."
    hint_vi = "Đôn đốc lại vào ngày khác, hoặc đề nghị người đứng đầu chỉ đạo."
    hint_en = "Urge it again on another day, or ask the head of agency to direct it."


class DirectionMissing(DomainError):
    code = "authority.direction_missing"
    status = 422
    field = "direction"
    vi = "Chưa nêu nội dung chỉ đạo."
    en = "The direction is missing."
    hint_vi = "Ghi đơn vị nào làm gì, xong trước ngày nào."
    hint_en = "Say which unit is to do what, and by when."


class DirectionDayRefused(DomainError):
    code = "authority.direction_day_refused"
    status = 422
    field = "until"
    vi = "Ngày phải xong ở trong quá khứ."
    en = "The day by which it is to be done lies in the past."
    hint_vi = "Chọn ngày từ hôm nay trở đi."
    hint_en = "Choose today or a later day."


class StoredElsewhere(DomainError):
    """Two stores of one agency: the one that gives way reads the other, it keeps no copy (D224-05)."""

    code = "authority.stored_elsewhere"
    status = 422
    field = "method"
    vi = "Hai CSDL của cùng một cơ quan: dữ liệu chỉ lưu ở một hệ thống, bên còn lại đọc trực tuyến."
    en = "Both databases belong to one agency: the data are stored in one system, the other reads them on-line."
    hint_vi = "Chọn phương thức truy vấn trực tuyến, hoặc kết luận ngừng thu thập."
    hint_en = "Choose to query the authority's service, or decide to stop collecting."


class LevelUnknown(DomainError):
    code = "authority.level_unknown"
    status = 422
    field = "level"
    vi = "Chưa chọn mức của tệp phác thảo."
    en = "The level of the sketch file was not chosen."
    hint_vi = "Chọn mức 0, 1 hoặc 2."
    hint_en = "Choose level 0, 1 or 2."


class KeyUnknown(DomainError):
    code = "authority.key_unknown"
    status = 422
    field = "period"
    vi = "Máy chủ không có khóa của kỳ đối chiếu “{period}”."
    en = "The server holds no key of the matching period “{period}”."
    hint_vi = (
        "Người vận hành đặt tệp khóa mang tên kỳ vào thư mục keys/matching của dữ liệu, hoặc chọn mức 0, 1."
    )
    hint_en = "Whoever runs the server puts the key file, named after the period, into keys/matching; or choose level 0 or 1."


class KeyHeldHere(DomainError):
    code = "authority.key_held_here"
    status = 409
    field = "upload"
    vi = "Máy chủ này giữ khóa mà tệp phác thảo được băm, nên không được so sánh tại đây."
    en = "This server holds the key under which the sketch was hashed, so it may not be compared here."
    hint_vi = "Nộp tệp ở nơi không giữ khóa, hoặc hủy khóa của kỳ trước khi so sánh."
    hint_en = "Hand it in where the key is not held, or destroy the key of the period first."
