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


class DossierOpen(DomainError):
    """One database has one dossier under way at a time."""

    code = "catalogue.dossier_open"
    status = 409
    vi = "Cơ sở dữ liệu này đang có hồ sơ {number} chưa xử lý xong."
    en = "Dossier {number} about this database is still under way."
    hint_vi = "Mở hồ sơ đang có để tiếp tục; chỉ lập hồ sơ mới sau khi hồ sơ đó có kết quả."
    hint_en = "Go on with that dossier; a new one can be begun once it is settled."


class DossierKindRefused(DomainError):
    """What is not in the list cannot be edited or withdrawn, what is in it cannot be added (NDB-04)."""

    code = "catalogue.dossier_kind_refused"
    status = 422
    field = "kind"
    vi = "Không lập được hồ sơ này: cơ sở dữ liệu {why}."
    en = "This dossier cannot be begun: the database {why}."
    hint_vi = "Chọn “Bổ sung” cho cơ sở dữ liệu chưa có trong danh mục; “Sửa đổi” hoặc “Rút” cho cơ sở dữ liệu đã có."
    hint_en = "Choose “Add” for what is not in the list; “Edit” or “Withdraw” for what is."


class DossierDayRefused(DomainError):
    code = "catalogue.dossier_day_refused"
    status = 422
    field = "proposed_on"
    vi = "Ngày {given} không nhận được: {why}."
    en = "Day {given} cannot be taken: {why}."
    hint_vi = "Nhập ngày ghi trên văn bản, không sau hôm nay."
    hint_en = "Enter the day on the paper, not after today."


class DossierReasonMissing(DomainError):
    """A change or a withdrawal has its reasons (NDB-04)."""

    code = "catalogue.dossier_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do đề xuất."
    en = "The reasons for the proposal are missing."
    hint_vi = "Nêu lý do và căn cứ của việc bổ sung, sửa đổi hoặc rút."
    hint_en = "Say why the database is to be added, edited or withdrawn."


class DossierNotWritable(DomainError):
    code = "catalogue.dossier_not_writable"
    status = 409
    vi = "Hồ sơ {number} đang ở trạng thái “{state}”, nội dung không sửa được."
    en = "Dossier {number} is “{state}”; its contents cannot be changed."
    hint_vi = "Muốn sửa, đề nghị cơ quan tiếp nhận trả lại hồ sơ để bổ sung."
    hint_en = "Ask the receiving agency to return it, then change it."


class CriterionUnknown(DomainError):
    code = "catalogue.criterion_unknown"
    status = 422
    vi = "Quy định áp dụng ngày {day} không có mục này."
    en = "The rules of {day} have no such item."
    hint_vi = "Tải lại trang để xem các mục theo ngày đề xuất."
    hint_en = "Reload the page to see the items of the day of the proposal."


class EvidenceMissing(DomainError):
    """A criterion that is said to be met is shown to be (NDB-02)."""

    code = "catalogue.evidence_missing"
    status = 422
    field = "evidence"
    vi = "Chưa có minh chứng cho tiêu chí “{criterion}”."
    en = "Criterion “{criterion}” has no evidence."
    hint_vi = "Nêu văn bản, số liệu chứng minh hoặc đính kèm tệp, rồi đánh dấu đạt."
    hint_en = "Name texts or figures, or attach a file, then mark it as met."


class CriteriaNotMet(DomainError):
    """All criteria must be met before a database can be proposed (NDB-02)."""

    code = "catalogue.criteria_not_met"
    status = 409
    vi = "Chưa đủ điều kiện đề xuất, tiêu chí chưa đạt: {criteria}."
    en = "Not eligible; criteria not met: {criteria}."
    hint_vi = "Bổ sung minh chứng cho từng tiêu chí rồi đối chiếu lại."
    hint_en = "Give evidence for each criterion and check again."


class DossierBasisMissing(DomainError):
    """At least one legal text or policy names the database (NDB-01)."""

    code = "catalogue.dossier_basis_missing"
    status = 409
    vi = "Chưa ghi văn bản hoặc chủ trương nào nêu cơ sở dữ liệu này."
    en = "No legal text or policy that mentions this database is recorded."
    hint_vi = "Ghi ít nhất một văn bản, nêu số, ngày và nội dung liên quan."
    hint_en = "Record at least one, with number, date and what it says."


class PartsMissing(DomainError):
    """A dossier with an empty part cannot be sent (NDB-03, LTE-03)."""

    code = "catalogue.parts_missing"
    status = 409
    vi = "Thuyết minh còn thiếu: {parts}."
    en = "The dossier still lacks: {parts}."
    hint_vi = "Viết đủ các phần rồi gửi; phần đã viết vẫn được giữ."
    hint_en = "Write these parts; what was written is kept."


class LetterRefused(DomainError):
    """A dossier is sent with a letter that has a number and a day (NDB-04)."""

    code = "catalogue.letter_refused"
    status = 422
    field = "letter_number"
    vi = "Công văn chưa hợp lệ: {why}."
    en = "The letter is not valid: {why}."
    hint_vi = "Nhập số, ngày công văn như trên bản ký; ngày không trước ngày đề xuất, không sau hôm nay."
    hint_en = "Enter number and date as signed; not before the proposal, not after today."


class NoDossierChosen(DomainError):
    code = "catalogue.no_dossier_chosen"
    status = 422
    vi = "Chưa chọn hồ sơ nào để tổng hợp."
    en = "No dossier was chosen."
    hint_vi = "Chọn ít nhất một hồ sơ đã tiếp nhận."
    hint_en = "Choose at least one dossier that was received."


class ListDraftEmpty(DomainError):
    code = "catalogue.list_draft_empty"
    status = 409
    vi = "Dự thảo {number} không còn hồ sơ nào."
    en = "Draft {number} holds no dossier."
    hint_vi = "Tổng hợp thêm hồ sơ rồi trình."
    hint_en = "Take dossiers into it, then submit."


class ListOutOfOrder(DomainError):
    """Versions of the list follow each other in time (NDB-07)."""

    code = "catalogue.list_out_of_order"
    status = 422
    field = "decision_date"
    vi = "Ngày {given} không hợp lệ: {why}."
    en = "Day {given} is not valid: {why}."
    hint_vi = "Kiểm tra ngày quyết định, ngày hiệu lực; ghi nhận các danh mục theo thứ tự thời gian."
    hint_en = "Check the dates of the decision; record the lists in the order of time."


class ListDecisionUsed(DomainError):
    code = "catalogue.list_decision_used"
    status = 409
    field = "decision_number"
    vi = "Quyết định số {number} đã ghi cho danh mục phiên bản {version}."
    en = "Decision {number} is already recorded for version {version} of the list."
    hint_vi = "Kiểm tra lại số quyết định."
    hint_en = "Check the number of the decision."


class ListEntryUnreadable(DomainError):
    code = "catalogue.list_entry_unreadable"
    status = 422
    field = "entries"
    vi = "Dòng {line} chưa đúng: {why}."
    en = "Line {line} cannot be read: {why}."
    hint_vi = "Mỗi dòng ghi một cơ sở dữ liệu: tên, dấu gạch đứng “|”, chủ quản."
    hint_en = "One database a line: name, a vertical bar “|”, owner."


class NothingAfterListing(DomainError):
    code = "catalogue.nothing_after_listing"
    status = 409
    vi = "Quy định tại ngày {day} không yêu cầu bước này sau khi vào danh mục."
    en = "The rules of {day} ask for no such step after listing."
    hint_vi = "Xem quy định áp dụng của hồ sơ."
    hint_en = "See which rules hold for the dossier."


class ConnectionDayRefused(DomainError):
    code = "catalogue.connection_day_refused"
    status = 422
    field = "connect_by"
    vi = "Hạn kết nối chưa hợp lệ: {why}."
    en = "The day of connection is not valid: {why}."
    hint_vi = "Nhập ngày theo văn bản thống nhất; không muộn hơn hạn theo quy định."
    hint_en = "Enter the day agreed, not later than the limit of the law."
