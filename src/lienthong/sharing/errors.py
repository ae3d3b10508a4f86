"""What sharing refuses, and what to do then."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class PurposeMissing(DomainError):
    code = "sharing.purpose_missing"
    status = 422
    field = "purpose"
    vi = "Chưa nhập mục đích sử dụng."
    en = "The purpose of use is missing."
    hint_vi = "Nêu thủ tục hoặc nhiệm vụ cần dữ liệu."
    hint_en = "Name the procedure or task that needs the data."


class RequestIncomplete(DomainError):
    code = "sharing.request_incomplete"
    status = 422
    vi = "Yêu cầu chia sẻ còn thiếu: {missing}."
    en = "The sharing request lacks: {missing}."
    hint_vi = "Bổ sung đủ bảy nội dung rồi gửi lại; nội dung đã nhập vẫn còn."
    hint_en = "Fill in all seven parts and send again; what was typed is kept."


class ItemsNotOffered(DomainError):
    code = "sharing.items_not_offered"
    status = 422
    field = "items"
    vi = "Dịch vụ không cung cấp mục dữ liệu: {items}."
    en = "The service does not offer these items: {items}."
    hint_vi = "Chọn trong các mục dữ liệu của dịch vụ."
    hint_en = "Choose among the items of the service."


class ReceivedInFuture(DomainError):
    code = "sharing.received_in_future"
    status = 422
    field = "received_on"
    vi = "Ngày nhận {day} ở sau hôm nay."
    en = "The day of receipt {day} is later than today."
    hint_vi = "Nhập ngày đến ghi trên văn bản giấy."
    hint_en = "Enter the day of receipt written on the paper request."


class DatabaseNotInOperation(DomainError):
    code = "sharing.database_not_in_operation"
    status = 409
    vi = "Cơ sở dữ liệu “{database}” chưa đưa vào khai thác nên chưa thể mở dịch vụ chia sẻ."
    en = "Database “{database}” is not in operation, so no sharing service can be opened on it."
    hint_vi = "Hoàn thành các điều kiện đưa vào khai thác trước."
    hint_en = "Pass the go-live gate first."


class NoVersion(DomainError):
    code = "sharing.no_version"
    status = 409
    vi = "Bộ dữ liệu “{dataset}” chưa có phiên bản nào."
    en = "Dataset “{dataset}” has no version yet."
    hint_vi = "Lấy dữ liệu từ nguồn để tạo phiên bản đầu tiên."
    hint_en = "Capture a first version from the source."


class ServiceNotPublished(DomainError):
    code = "sharing.service_not_published"
    status = 409
    vi = "Dịch vụ “{service}” chưa công bố hoặc đã chấm dứt."
    en = "Service “{service}” is not published, or has ended."
    hint_vi = "Xem danh sách dịch vụ đang cung cấp."
    hint_en = "See the list of services on offer."


class CodeTaken(DomainError):
    code = "sharing.code_taken"
    status = 409
    field = "code"
    vi = "Mã dịch vụ “{taken}” đã được dùng hoặc không hợp lệ."
    en = "Service code “{taken}” is in use or not valid."
    hint_vi = "Chọn mã khác gồm chữ thường không dấu, chữ số và dấu gạch nối."
    hint_en = "Choose another code of small unmarked letters, digits and hyphens."


class RefusalIncomplete(DomainError):
    code = "sharing.refusal_incomplete"
    status = 422
    field = "ground"
    vi = "Từ chối phải có số văn bản, lý do và quy định pháp luật hạn chế chia sẻ. Còn thiếu: {missing}."
    en = "A refusal needs a document number, a reason and the law that limits sharing. Missing: {missing}."
    hint_vi = "Nêu điều, khoản của văn bản đang có hiệu lực."
    hint_en = "Name article and clause of an instrument in force."


class GroundNotInForce(DomainError):
    code = "sharing.ground_not_in_force"
    status = 422
    field = "ground"
    vi = "Văn bản nêu làm căn cứ từ chối không còn hiệu lực: {instrument}."
    en = "The instrument named as the ground of refusal is not in force: {instrument}."
    hint_vi = "Chọn văn bản đang có hiệu lực tại ngày từ chối."
    hint_en = "Choose an instrument in force on the day of refusal."


class AccountMissing(DomainError):
    code = "sharing.account_missing"
    status = 401
    vi = "Chưa có khóa kết nối, hoặc khóa không đúng."
    en = "No connection key was given, or the key is wrong."
    hint_vi = "Gửi khóa trong đầu mục “Authorization: Bearer …”. Chưa có khóa thì gửi yêu cầu chia sẻ."
    hint_en = "Send the key in the header “Authorization: Bearer …”. Without a key, send a sharing request."


class AccountSuspended(DomainError):
    code = "sharing.account_suspended"
    status = 403
    vi = "Tài khoản kết nối đang tạm ngừng: {because}."
    en = "The connection account is suspended: {because}."
    hint_vi = "Liên hệ cơ quan cung cấp để biết điều kiện khôi phục."
    hint_en = "Ask the provider what restores it."


class AccountEnded(DomainError):
    code = "sharing.account_ended"
    status = 403
    vi = "Tài khoản kết nối đã chấm dứt."
    en = "The connection account has ended."
    hint_vi = "Gửi yêu cầu chia sẻ mới nếu còn nhu cầu."
    hint_en = "Send a new sharing request if the need remains."


class AccountForOtherService(DomainError):
    code = "sharing.account_for_other_service"
    status = 403
    vi = "Khóa kết nối này không dùng cho dịch vụ “{service}”."
    en = "This connection key is not for service “{service}”."
    hint_vi = "Dùng khóa được cấp cho đúng dịch vụ."
    hint_en = "Use the key that was issued for this service."


class ServiceSuspended(DomainError):
    code = "sharing.service_suspended"
    status = 503
    vi = "Dịch vụ đang tạm ngừng: {because}. Dự kiến khôi phục: {until}."
    en = "The service is suspended: {because}. Expected return: {until}."
    hint_vi = "Thử lại sau thời điểm dự kiến khôi phục."
    hint_en = "Try again after the expected return."


class QuotaReached(DomainError):
    code = "sharing.quota_reached"
    status = 429
    vi = "Đã dùng hết {quota} lượt gọi của hôm nay."
    en = "Today's {quota} calls are used up."
    hint_vi = "Gọi lại từ 00:00 ngày mai hoặc đề nghị tăng số lượt."
    hint_en = "Call again from midnight, or ask for a higher quota."


class AddressRefused(DomainError):
    code = "sharing.address_refused"
    status = 400
    vi = "Địa chỉ gọi dịch vụ không hợp lệ."
    en = "The address of the call is not valid."
    hint_vi = "Dùng đúng địa chỉ ghi trên trang của dịch vụ."
    hint_en = "Use the address written on the service's page."


class MethodRefused(DomainError):
    code = "sharing.method_refused"
    status = 405
    vi = "Dịch vụ chỉ nhận lệnh đọc (GET, HEAD)."
    en = "The service accepts reading only (GET, HEAD)."
    hint_vi = "Gọi bằng GET."
    hint_en = "Call with GET."


class ServiceUnknown(DomainError):
    code = "sharing.service_unknown"
    status = 404
    vi = "Không có dịch vụ chia sẻ “{service}”."
    en = "There is no sharing service “{service}”."
    hint_vi = "Xem danh sách dịch vụ trên cổng."
    hint_en = "See the list of services on the portal."


class RowUnknown(DomainError):
    code = "sharing.row_unknown"
    status = 404
    vi = "Không có bản ghi nào mang khóa này."
    en = "No record has this key."
    hint_vi = "Kiểm tra khóa; mã phải giữ các chữ số 0 ở đầu."
    hint_en = "Check the key; codes keep their leading zeros."


class ParameterRefused(DomainError):
    code = "sharing.parameter_refused"
    status = 400
    vi = "Tham số “{name}” không hợp lệ: {why}."
    en = "Parameter “{name}” is not valid: {why}."
    hint_vi = "Xem các tham số trên trang của dịch vụ."
    hint_en = "See the parameters on the service's page."


class ChargeWithoutGround(DomainError):
    """State agencies share free of charge, but for what the law on fees lists (SEC-03). Facts: given."""

    code = "sharing.charge_without_ground"
    status = 422
    field = "charge_ground"
    vi = "Khoản thu {given} đồng chưa nêu căn cứ trong pháp luật về phí, lệ phí."
    en = "The charge of {given} VND names no item of the law on fees."
    hint_vi = "Nêu khoản phí, lệ phí và văn bản quy định; nếu không có thì ghi 0, chia sẻ không thu phí."
    hint_en = "Name the item and the text that sets it; without one enter 0: sharing is free of charge."


class DutiesNotAccepted(DomainError):
    """Organisations and persons who connect bear the duties of agencies (SEC-05)."""

    code = "sharing.duties_not_accepted"
    status = 422
    field = "duties_accepted"
    vi = "Bên yêu cầu không phải cơ quan nhà nước và chưa cam kết thực hiện trách nhiệm như cơ quan nhà nước."
    en = "The requester is no state agency and has not accepted the duties of one."
    hint_vi = "Đánh dấu cam kết: khai thác đúng mục đích, bảo vệ dữ liệu, báo sai lệch, chịu kiểm tra như cơ quan nhà nước."
    hint_en = (
        "Tick the pledge: use for the purpose, protect the data, report errors, be checked as an agency is."
    )


class NotAConsumer(DomainError):
    code = "sharing.not_a_consumer"
    status = 409
    vi = "Cơ quan chưa có tài khoản kết nối còn hiệu lực của dịch vụ “{service}”."
    en = "The agency has no living connection account on service “{service}”."
    hint_vi = "Chỉ cơ quan đang khai thác dịch vụ mới báo sai lệch hoặc đăng ký bản sao của dịch vụ đó."
    hint_en = "Only an agency that uses the service reports its data as wrong or keeps a copy of them."


class CopyReasonMissing(DomainError):
    code = "sharing.copy_reason_missing"
    status = 422
    vi = "Lưu bản sao dữ liệu được chia sẻ phải có lý do. Còn thiếu: {missing}."
    en = "A stored copy of shared data needs its reason. Missing: {missing}."
    hint_vi = "Chọn một trong ba trường hợp được lưu; trường hợp văn bản cho phép thì ghi điều, khoản."
    hint_en = "Choose one of the three lawful cases; where a text allows it, name article and clause."

    def __init__(self, *, at: str, missing: str, missing_en: str) -> None:
        super().__init__(missing=missing, missing_en=missing_en)
        self.field = at  # type: ignore[misc]


class ErasureUnsaid(DomainError):
    code = "sharing.erasure_unsaid"
    status = 422
    field = "how"
    vi = "Chưa nêu cách đã xóa bản sao."
    en = "How the copy was erased is not said."
    hint_vi = "Nêu đã xóa ở đâu, bằng cách nào, kể cả bản dự phòng; số biên bản nếu có."
    hint_en = "Say where and how, backups included, and the number of the minutes if there are any."


class UseTermRefused(DomainError):
    code = "sharing.use_term_refused"
    status = 422
    field = "amount"
    vi = "Thời hạn sử dụng “{given}” không hợp lệ."
    en = "The use term “{given}” is not usable."
    hint_vi = "Nhập số ngày (đến 3660) hoặc số tháng (đến 120) theo quy chế."
    hint_en = "Enter days (up to 3660) or months (up to 120) as the regulation says."


class UseTermWithoutRegulation(DomainError):
    code = "sharing.use_term_without_regulation"
    status = 409
    field = "regulation"
    vi = "Thời hạn sử dụng phải theo quy chế đang có hiệu lực, áp dụng cho CSDL của dịch vụ."
    en = "A use term rests on a regulation in force that applies to the database of the service."
    hint_vi = "Chọn quy chế đang áp dụng; nếu chưa có, ban hành quy chế trước."
    hint_en = "Choose a regulation that applies; issue one first where there is none."


class CopyInFuture(DomainError):
    code = "sharing.copy_in_future"
    status = 422
    field = "taken_at"
    vi = "Thời điểm lấy hoặc đồng bộ bản sao ở sau hiện tại, hoặc trước lần trước."
    en = "The moment at which the copy was taken or renewed lies in the future, or before the last one."
    hint_vi = "Nhập đúng thời điểm đã lấy dữ liệu."
    hint_en = "Enter when the data were really taken."
