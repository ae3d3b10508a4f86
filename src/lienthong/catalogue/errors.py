"""Refusals about databases, fields, catalogues, datasets and versions."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.foundation.errors import DomainError


class ClassMissing(DomainError):
    """Every database has one of the five classes (CAT-01)."""

    code = "catalogue.class_missing"
    status = 422
    field = "tier"
    vi = "Chưa chọn loại cơ sở dữ liệu."
    en = "The class of the database is missing."
    hint_vi = "Chọn một trong năm loại: quốc gia, ngành, bộ, địa phương, nội bộ."
    hint_en = "Choose one of the five: national, sector, ministry, local, internal."


class LocalBaseMissing(DomainError):
    """A local database states on which of the two bases it rests (CAT-04)."""

    code = "catalogue.local_base_missing"
    status = 422
    field = "local_base"
    vi = "Chưa chọn cơ sở hình thành của cơ sở dữ liệu dùng chung của địa phương."
    en = "The base of this local database is missing."
    hint_vi = "Chọn: được giao theo quy định của pháp luật, hoặc xây dựng phục vụ chính quyền điện tử."
    hint_en = "Choose: assigned by law, or built for e-government needs of local units."


class LegalBasisMissing(DomainError):
    """Data are collected only under a law or a decision (LDL-03)."""

    code = "catalogue.legal_basis_missing"
    status = 422
    field = "legal_basis"
    vi = "Chưa nhập căn cứ pháp lý. Chỉ thu thập dữ liệu khi có quy định hoặc quyết định cho phép."
    en = "The legal basis is missing. Data are collected only under a law or a decision."
    hint_vi = "Nêu số, ngày và tên văn bản, kèm điều khoản nếu có."
    hint_en = "Give number, date and name of the text, with its article where there is one."


class EntryFieldMissing(DomainError):
    """One of the statutory contents of a catalogue entry is empty (CAT-06)."""

    code = "catalogue.entry_field_missing"
    status = 422
    vi = "Chưa nhập {name}."
    en = "{name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class CodeRefused(DomainError):
    code = "catalogue.code_refused"
    status = 422
    field = "code"
    vi = "Mã cơ sở dữ liệu “{given}” không đúng dạng."
    en = "The database code “{given}” has the wrong form."
    hint_vi = "Dùng chữ in hoa không dấu, chữ số, dấu chấm hoặc gạch nối, từ 3 đến 60 ký tự, như H99.07.DB07."
    hint_en = "Use capital letters without marks, digits, dots or hyphens, 3 to 60 characters: H99.07.DB07."


class CodeTaken(DomainError):
    code = "catalogue.code_taken"
    status = 409
    field = "code"
    vi = "Mã {given} đã được dùng."
    en = "Code {given} is already in use."
    hint_vi = "Chọn mã khác; mã gợi ý: {free}."
    hint_en = "Choose another code; a free one is {free}."


class UnitOutsideOwner(DomainError):
    """The managing unit is the owner itself or a unit of it."""

    code = "catalogue.unit_outside_owner"
    status = 422
    field = "managing_unit"
    vi = "{unit} không thuộc {owner}."
    en = "{unit} does not belong to {owner}."
    hint_vi = "Chọn đơn vị quản lý là chủ quản hoặc đơn vị trực thuộc của chủ quản."
    hint_en = "The managing unit is the owner itself or one of its units."


class NothingAmended(DomainError):
    code = "catalogue.nothing_amended"
    status = 422
    vi = "Chưa có nội dung nào thay đổi."
    en = "Nothing was changed."
    hint_vi = "Sửa ít nhất một nội dung, hoặc quay lại hồ sơ."
    hint_en = "Change at least one item, or go back to the file."


class LookUnreadable(DomainError):
    """What was handed in as a look is not one."""

    code = "catalogue.look_unreadable"
    status = 422
    vi = "Kết quả khảo sát không đúng cấu trúc: {why}."
    en = "The result of the look does not have the known form: {why}."
    hint_vi = "Khảo sát lại nguồn dữ liệu."
    hint_en = "Look at the source again."


class FieldUnknown(DomainError):
    code = "catalogue.field_unknown"
    status = 404
    vi = "Cơ sở dữ liệu không có cột đã chọn."
    en = "The database has no such column."
    hint_vi = "Tải lại trang để xem danh sách cột mới nhất."
    hint_en = "Reload the page to see the latest columns."


class NothingToConfirm(DomainError):
    code = "catalogue.nothing_to_confirm"
    status = 409
    vi = "Không còn cột nào chờ xác nhận."
    en = "No column is waiting to be confirmed."
    hint_vi = "Khảo sát nguồn nếu chưa có cột nào, hoặc sửa mô tả của từng cột."
    hint_en = "Look at the source if there is no column yet, or edit a column's description."


class PersonalDataNotOpen(DomainError):
    """Personal data are not open data (SEC-02)."""

    code = "catalogue.personal_data_not_open"
    status = 422
    field = "sharing_class"
    vi = "Cột có dữ liệu cá nhân không được xếp vào nhóm dữ liệu mở."
    en = "A column with personal data cannot be classed as open."
    hint_vi = "Chọn dùng chung hoặc dùng riêng, hoặc sửa phân loại dữ liệu cá nhân nếu chưa đúng."
    hint_en = "Choose shared or private use, or correct the personal-data class if it is wrong."


class EntryIncomplete(DomainError):
    """The entry lacks what a catalogue entry must hold (CAT-02, CAT-06)."""

    code = "catalogue.entry_incomplete"
    status = 409
    vi = "Chưa thể khai báo vào danh mục, còn thiếu: {missing}."
    en = "It cannot be declared for the catalogue yet; missing: {missing}."
    hint_vi = "Bổ sung từng nội dung còn thiếu rồi khai báo lại."
    hint_en = "Supply each of these, then declare again."

    def __init__(self, *, missing: Sequence[str], missing_en: Sequence[str]) -> None:
        super().__init__(missing="; ".join(missing), missing_en="; ".join(missing_en))


class SecretLeavesWorkflow(DomainError):
    """State secrets are neither catalogued in the open nor shared nor published (SEC-01)."""

    code = "catalogue.secret_leaves_workflow"
    status = 409
    vi = "Cơ sở dữ liệu thuộc phạm vi bí mật nhà nước: không khai báo, không chia sẻ, không công bố tại đây."
    en = "The database is within the scope of state secrets: it is not declared, shared or published here."
    hint_vi = "Thực hiện theo pháp luật về bảo vệ bí mật nhà nước."
    hint_en = "Follow the law on the protection of state secrets."


class SecretMarkUnchanged(DomainError):
    code = "catalogue.secret_mark_unchanged"
    status = 409
    vi = "Dấu bí mật của cơ sở dữ liệu không thay đổi."
    en = "The secrecy mark of the database would not change."
    hint_vi = "Tải lại trang để xem trạng thái mới nhất."
    hint_en = "Reload the page to see the latest state."


class ReasonMissing(DomainError):
    code = "catalogue.reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    hint_vi = "Nêu lý do và văn bản làm căn cứ."
    hint_en = "Give the reason and the text it rests on."


class NothingToIssue(DomainError):
    code = "catalogue.nothing_to_issue"
    status = 409
    vi = "Chưa có thay đổi nào để ban hành: không có cơ sở dữ liệu nào đang chờ trong danh mục của {agency}."
    en = "There is nothing new to issue: no database waits for the catalogue of {agency}."
    hint_vi = "Khai báo ít nhất một cơ sở dữ liệu vào danh mục trước."
    hint_en = "Declare at least one database for the catalogue first."


class DecisionNumberMissing(DomainError):
    code = "catalogue.decision_number_missing"
    status = 422
    field = "decision_number"
    vi = "Chưa nhập số quyết định ban hành danh mục."
    en = "The number of the decision that issues the catalogue is missing."
    hint_vi = "Nhập số và ký hiệu ghi trên quyết định, như 15/QĐ-UBND."
    hint_en = "Enter number and sign as on the decision, such as 15/QĐ-UBND."


class DecisionNumberUsed(DomainError):
    code = "catalogue.decision_number_used"
    status = 409
    field = "decision_number"
    vi = "Quyết định số {number} đã ban hành danh mục phiên bản {version}."
    en = "Decision {number} has already issued version {version} of the catalogue."
    hint_vi = "Mở phiên bản đó để xem, hoặc nhập số của quyết định mới."
    hint_en = "Open that version, or enter the number of the new decision."


class DecisionDateRefused(DomainError):
    code = "catalogue.decision_date_refused"
    status = 422
    field = "decision_date"
    vi = "Ngày quyết định {given} sau ngày hôm nay."
    en = "The decision date {given} lies in the future."
    hint_vi = "Nhập ngày ký ghi trên quyết định."
    hint_en = "Enter the date of signing on the decision."


class DatasetNameTaken(DomainError):
    code = "catalogue.dataset_name_taken"
    status = 409
    field = "name"
    vi = "Đã có bộ dữ liệu dùng địa chỉ “{slug}”."
    en = "The address “{slug}” belongs to another dataset."
    hint_vi = "Chọn tên khác, hoặc thêm phạm vi, cơ quan vào tên."
    hint_en = "Choose another name, or add scope or agency to it."


class ColumnsUnknown(DomainError):
    code = "catalogue.columns_unknown"
    status = 422
    field = "columns"
    vi = "Bảng “{table}” không có cột: {columns}."
    en = "Table “{table}” has no column {columns}."
    hint_vi = "Chọn trong các cột đã khảo sát của bảng."
    hint_en = "Choose among the columns that were seen in the table."


class KeyRefused(DomainError):
    """A dataset names one row by its key, so that versions can be compared."""

    code = "catalogue.key_refused"
    status = 422
    field = "key"
    vi = "Khóa của bộ dữ liệu chưa đúng: {why}."
    en = "The key of the dataset is not right: {why_en}."
    hint_vi = "Chọn ít nhất một cột khóa trong các cột của bộ dữ liệu."
    hint_en = "Choose at least one key column among the columns of the dataset."


class VersionOutOfOrder(DomainError):
    code = "catalogue.version_out_of_order"
    status = 409
    vi = "Phiên bản {number} không nối tiếp phiên bản {latest}."
    en = "Version {number} does not follow version {latest}."
    hint_vi = "Đối chiếu kho phiên bản với danh sách phiên bản của bộ dữ liệu."
    hint_en = "Compare the version store with the dataset's list of versions."


class VersionDiffers(DomainError):
    """A published version never changes."""

    code = "catalogue.version_differs"
    status = 409
    vi = "Phiên bản {number} đã công bố với nội dung khác."
    en = "Version {number} was already published with other content."
    hint_vi = "Phiên bản đã công bố không thay đổi được; công bố phiên bản mới."
    hint_en = "A published version never changes; publish a new one."


class UnitUnknown(DomainError):
    """Facts: given."""

    code = "catalogue.unit_unknown"
    status = 422
    vi = "Không có đơn vị “{given}” trong phạm vi được đăng ký."
    en = "No unit “{given}” is among those you may register for."
    hint_vi = "Ghi đúng tên hoặc mã định danh của đơn vị, hoặc để trống để lấy đơn vị của mình."
    hint_en = "Write the unit's name or identifier code as on record, or leave it empty for your own unit."


class DatabaseRepeated(DomainError):
    """Facts: name, number."""

    code = "catalogue.database_repeated"
    status = 422
    vi = "“{name}” đã có ở dòng {number}."
    en = "“{name}” already stands in row {number}."
    hint_vi = "Giữ một dòng cho mỗi cơ sở dữ liệu."
    hint_en = "Keep one row for each database."
