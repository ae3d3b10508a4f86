"""What is refused around flows of synchronisation and reconciliations."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class FlowIncomplete(DomainError):
    """The flow lacks something without which it may not be put to work."""

    code = "authority.flow_incomplete"
    status = 409
    vi = "Luồng đồng bộ {number} chưa đủ điều kiện chạy. Còn thiếu: {missing}."
    en = "Flow {number} is not complete. Missing: {missing}."
    hint_vi = "Bổ sung từng nội dung trên trang của luồng rồi đưa vào chạy."
    hint_en = "Complete each part on the page of the flow, then put it to work."


class FlowSourceMissing(DomainError):
    code = "authority.flow_source_missing"
    status = 422
    field = "source"
    vi = "Chưa chọn nguồn chuẩn: {why}."
    en = "The authority was not chosen: {why}."
    hint_vi = "Chọn bộ dữ liệu, nguồn trực tiếp của CSDL chuẩn, hoặc địa chỉ luồng thay đổi của nút khác."
    hint_en = "Choose a dataset, the live source of the authority, or the changes feed of another node."


class FlowOfItself(DomainError):
    code = "authority.flow_of_itself"
    status = 422
    field = "source"
    vi = "Một CSDL không thể đồng bộ từ chính nó."
    en = "A database cannot follow itself."
    hint_vi = "Chọn nguồn ở CSDL khác."
    hint_en = "Choose a source in another database."


class FlowOfSecret(DomainError):
    code = "authority.flow_of_secret"
    status = 409
    vi = "Dữ liệu thuộc phạm vi bí mật nhà nước không được đồng bộ qua hệ thống này."
    en = "Data within the scope of state secrets are not synchronised by this system."
    hint_vi = "Thực hiện theo quy định về bảo vệ bí mật nhà nước."
    hint_en = "Follow the rules on the protection of state secrets."


class TargetNotBound(DomainError):
    code = "authority.target_not_bound"
    status = 409
    vi = "CSDL “{name}” chưa có kết nối ghi."
    en = "Database “{name}” has no connection for writing."
    hint_vi = "Khai báo kết nối ghi của CSDL rồi thử lại."
    hint_en = "Bind a connection for writing to the database, then try again."


class TargetIsReadOnlySource(DomainError):
    """The account of the looks at a source is one that may only read."""

    code = "authority.target_is_read_only_source"
    status = 422
    field = "address"
    vi = "Tài khoản này là tài khoản chỉ đọc đã khai báo cho việc khảo sát nguồn."
    en = "This is the read-only account that was bound for looking at the source."
    hint_vi = "Dùng một tài khoản riêng, chỉ có quyền ghi vào bảng được đồng bộ."
    hint_en = "Use an account of its own, which may write to the synchronised tables alone."


class TargetKindRefused(DomainError):
    code = "authority.target_kind_refused"
    status = 422
    field = "address"
    vi = "Chỉ ghi được vào PostgreSQL, MySQL/MariaDB hoặc SQLite."
    en = "Only PostgreSQL, MySQL/MariaDB and SQLite can be written to."
    hint_vi = "Nhập địa chỉ postgresql://…, mysql://… hoặc sqlite:///ĐƯỜNG-DẪN."
    hint_en = "Enter an address postgresql://…, mysql://… or sqlite:///PATH."


class PasswordInAddress(DomainError):
    """A password for writing is never kept here, only where the server finds it."""

    code = "authority.password_in_address"
    status = 422
    field = "address"
    vi = "Mật khẩu của kết nối ghi không được nhập vào đây."
    en = "The password of a connection for writing is not entered here."
    hint_vi = "Đặt mật khẩu vào biến môi trường LIENTHONG_TARGET_… hoặc tệp trong thư mục keys/targets của máy chủ, rồi ghi tham chiếu env:… hoặc file:…"
    hint_en = "Put it into the variable LIENTHONG_TARGET_… or a file in keys/targets on the server, and give the reference env:… or file:…"


class TargetTableMissing(DomainError):
    code = "authority.target_table_missing"
    status = 422
    field = "target_table"
    vi = "Kết nối ghi không có bảng “{table}”."
    en = "The connection for writing has no table “{table}”."
    hint_vi = "Chọn một trong các bảng của CSDL; các bảng được đọc lại mỗi lần thử kết nối."
    hint_en = "Choose one of the tables of the database; they are read anew whenever the connection is tried."


class MappingRefused(DomainError):
    code = "authority.mapping_refused"
    status = 422
    field = "columns"
    vi = "Ánh xạ cột chưa đúng: {why}."
    en = "The mapping of columns is not right: {why}."
    hint_vi = "Mỗi cột khóa phải có cột nguồn; mỗi cột đích chỉ lấy từ một cột nguồn."
    hint_en = "Each column of the key needs a column of the source; each target column is filled once."


class ScheduleTooSlow(DomainError):
    code = "authority.schedule_too_slow"
    status = 422
    field = "frequency"
    vi = "Tần suất chậm hơn độ trễ tối đa được phép: {limit} ({basis})."
    en = "The schedule is slower than the longest delay allowed: {limit} ({basis})."
    hint_vi = "Chọn tần suất nhanh hơn."
    hint_en = "Choose a faster schedule."


class AgreementMissing(DomainError):
    code = "authority.flow_not_agreed"
    status = 409
    vi = "Cơ quan chủ quản nguồn chưa đồng ý cho luồng {number} đọc nguồn."
    en = "The owner of the source has not agreed yet that flow {number} reads it."
    hint_vi = "Chờ cơ quan chủ quản nguồn đồng ý; việc này đang nằm trong danh sách việc của họ."
    hint_en = "Wait until the owner of the source agrees; it stands on their list of work."


class NothingToConfirm(DomainError):
    code = "authority.nothing_to_confirm"
    status = 409
    vi = "Không có lượt đồng bộ nào đang chờ xác nhận xóa."
    en = "No run waits for deletions to be confirmed."
    hint_vi = "Tải lại trang để xem trạng thái mới nhất của luồng."
    hint_en = "Reload the page to see the latest state of the flow."


class EqualityNotProved(DomainError):
    """That a copy follows its source is not taken on somebody's word."""

    code = "authority.equality_not_proved"
    status = 409
    vi = "Hồ sơ {number} chưa có minh chứng đồng bộ: cần một lượt đồng bộ và một chứng nhận đối soát bằng nhau."
    en = "Case {number} has no proof yet: a run and a certificate of equality are needed."
    hint_vi = "Lập luồng đồng bộ cho hồ sơ, chạy và đối soát; hồ sơ tự chuyển khi hai bên bằng nhau."
    hint_en = "Set up a flow for the case, run and reconcile it; the case moves on by itself once both sides are equal."


class FlowBusy(DomainError):
    code = "authority.flow_busy"
    status = 409
    vi = "Luồng {number} đang có lượt chạy chưa xong."
    en = "A run of flow {number} has not come to its end yet."
    hint_vi = "Chờ lượt này xong hoặc dừng nó rồi thử lại."
    hint_en = "Wait for its end, or stop it, then try again."


class NeverRun(DomainError):
    code = "authority.flow_never_run"
    status = 409
    vi = "Luồng {number} chưa có lượt đồng bộ nào hoàn thành nên chưa thể đối soát."
    en = "Flow {number} has no finished run yet, so there is nothing to reconcile."
    hint_vi = "Chạy đồng bộ lần đầu rồi đối soát."
    hint_en = "Run it for the first time, then reconcile."


class CredentialUnreadable(DomainError):
    code = "authority.credential_unreadable"
    status = 409
    vi = "Máy chủ không đọc được mật khẩu hoặc khóa theo tham chiếu của kết nối."
    en = "The server cannot read the password or key that the connection refers to."
    hint_vi = "Người vận hành kiểm tra biến môi trường hoặc tệp khóa mà tham chiếu nêu."
    hint_en = "Whoever runs the server checks the variable or key file that the reference names."


class FeedRefused(DomainError):
    code = "authority.feed_refused"
    status = 422
    field = "feed_url"
    vi = "Địa chỉ luồng thay đổi không dùng được: {why}."
    en = "The address of the changes feed cannot be used: {why}."
    hint_vi = "Nhập địa chỉ https:// của nút cung cấp, không kèm tài khoản hay mật khẩu."
    hint_en = "Enter the https:// address of the providing node, without user or password."
