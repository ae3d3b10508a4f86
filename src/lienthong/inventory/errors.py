"""Refusals about sources, looks, assessments and captured versions."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class SourceMissing(DomainError):
    code = "inventory.source_missing"
    status = 422
    field = "address"
    vi = "Chưa nhập địa chỉ nguồn dữ liệu, cũng chưa chọn tệp."
    en = "Neither an address of a source nor a file was given."
    hint_vi = "Nhập một chuỗi kết nối, hoặc chọn một tệp CSV, XLSX hay SQLite."
    hint_en = "Give a connection, or choose a CSV, XLSX or SQLite file."


class SourceGivenTwice(DomainError):
    code = "inventory.source_given_twice"
    status = 422
    field = "upload"
    vi = "Đã nhập cả địa chỉ và tệp; mỗi cơ sở dữ liệu có một nguồn."
    en = "Both an address and a file were given; a database has one source."
    hint_vi = "Giữ một trong hai: địa chỉ hoặc tệp."
    hint_en = "Keep one of the two: the address or the file."


class FolderNotAllowed(DomainError):
    """A path typed in a form lies outside the folders that the installation opens for sources."""

    code = "inventory.folder_not_allowed"
    status = 422
    field = "address"
    vi = "Đường dẫn này không thuộc thư mục được phép đọc nguồn dữ liệu."
    en = "This path lies outside the folders from which sources may be read."
    hint_vi = "Tải tệp lên, hoặc đề nghị quản trị hệ thống mở thư mục chứa nguồn."
    hint_en = "Upload the file, or ask the administrator to open the folder for sources."


class OptionNotAllowed(DomainError):
    """An option of a connection that would make this machine read files of its own."""

    code = "inventory.option_not_allowed"
    status = 422
    field = "address"
    vi = "Chuỗi kết nối có tham số không được dùng tại đây: {names}."
    en = "The connection has an option that is not allowed here: {names}."
    hint_vi = "Bỏ tham số này; chứng thư và khóa do quản trị hệ thống cài đặt."
    hint_en = "Leave it out; certificates and keys are set up by the administrator."


class FileKindRefused(DomainError):
    code = "inventory.file_kind_refused"
    status = 422
    field = "upload"
    vi = "Chưa đọc được tệp “{name}”: chỉ nhận {kinds}."
    en = "File “{name}” cannot be read: only {kinds} are taken."
    hint_vi = "Lưu dữ liệu thành một trong các dạng này rồi tải lại."
    hint_en = "Save the data in one of these forms and upload it again."


class SecretReferenceRefused(DomainError):
    """A reference that would hand out what is not meant as a password of a source."""

    code = "inventory.secret_reference_refused"
    status = 422
    field = "secret_ref"
    vi = "Tham chiếu mật khẩu không dùng được: {why}."
    en = "The reference to the password cannot be used: {why_en}."
    hint_vi = "Dùng env:LIENTHONG_SOURCE_TÊN, hoặc file: trỏ tới tệp trong keys/sources của thư mục dữ liệu."
    hint_en = "Use env:LIENTHONG_SOURCE_NAME, or file: with a file in keys/sources of the data directory."


class SecretUnreadable(DomainError):
    """The password that a source refers to is not there any more."""

    code = "inventory.secret_unreadable"
    status = 409
    vi = "Không lấy được mật khẩu của nguồn dữ liệu. Chưa có dữ liệu nào được đọc."
    en = "The password of the source could not be had. Nothing was read."
    hint_vi = "Kết nối lại nguồn và nhập mật khẩu, hoặc kiểm tra biến môi trường, tệp khóa."
    hint_en = "Bind the source again with its password, or check the environment variable or key file."


class SourceNotBound(DomainError):
    code = "inventory.source_not_bound"
    status = 409
    vi = "Cơ sở dữ liệu chưa kết nối nguồn dữ liệu nào."
    en = "No source is bound to this database."
    hint_vi = "Kết nối nguồn trước, rồi khảo sát."
    hint_en = "Bind a source first, then look at it."


class SourceFileGone(DomainError):
    code = "inventory.source_file_gone"
    status = 409
    vi = "Tệp nguồn “{name}” không còn trong kho tệp."
    en = "The source file “{name}” is no longer in the file store."
    hint_vi = "Tải tệp lên lại."
    hint_en = "Upload the file again."


class SecretSourceFailed(DomainError):
    """The source of a secret database could not be read: neither address nor tables are repeated (SEC-01)."""

    code = "inventory.secret_source_failed"
    status = 422
    vi = "Không đọc được nguồn dữ liệu (mã lỗi {cause})."
    en = "The source could not be read (code {cause})."
    hint_vi = "Người giữ bí mật kiểm tra nguồn rồi khảo sát lại."
    hint_en = "The keeper of secrets checks the source and looks again."

    def __init__(self, *, cause: str, transient: bool = False) -> None:
        super().__init__(cause=cause)
        self.transient = transient


class SurveyMissing(DomainError):
    code = "inventory.survey_missing"
    status = 409
    vi = "Chưa có lần khảo sát nào hoàn thành."
    en = "No look has been completed."
    hint_vi = "Khảo sát nguồn dữ liệu trước."
    hint_en = "Look at the source first."


class ConclusionMissing(DomainError):
    """An assessment states accuracy, integrity and anomalies, and concludes (INV-02)."""

    code = "inventory.conclusion_missing"
    status = 422
    vi = "Chưa nhập {name}."
    en = "{name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class ProposedActionMissing(DomainError):
    """Data not fit to be shared need a proposed action before the assessment is concluded (UPG-01)."""

    code = "inventory.proposed_action_missing"
    status = 422
    field = "proposed_actions"
    vi = "Dữ liệu chưa dùng chung được nhưng chưa đề xuất việc hoàn thiện, nâng cấp."
    en = "The data are not fit to be shared, and no action to improve them is proposed."
    hint_vi = "Nêu ít nhất một việc cần làm để dữ liệu dùng chung được."
    hint_en = "Propose at least one action that would make the data fit to be shared."


class SecretNotCaptured(DomainError):
    """No version is captured of a state secret (SEC-01)."""

    code = "inventory.secret_not_captured"
    status = 409
    vi = "Cơ sở dữ liệu thuộc phạm vi bí mật nhà nước: không lập phiên bản để chia sẻ, công bố."
    en = "The database is within the scope of state secrets: no version is made to be shared or published."
    hint_vi = "Thực hiện theo pháp luật về bảo vệ bí mật nhà nước."
    hint_en = "Follow the law on the protection of state secrets."


class ColumnsGone(DomainError):
    code = "inventory.columns_gone"
    status = 409
    vi = "Bảng {table} của nguồn không còn cột: {columns}."
    en = "Table {table} of the source no longer has {columns}."
    hint_vi = "Khảo sát lại nguồn, rồi lập bộ dữ liệu theo các cột hiện có."
    hint_en = "Look at the source again, then define the dataset from the columns it has."


class ReadingNotForServer(DomainError):
    """Only files are read by guess and choice; a database says itself what it holds."""

    code = "inventory.reading_not_for_server"
    status = 409
    vi = "Cách đọc chỉ chọn được với nguồn là tệp."
    en = "The reading can be chosen for files only."
    hint_vi = "Cơ sở dữ liệu tự khai báo bảng, cột; không cần chọn cách đọc."
    hint_en = "A database declares its tables and columns itself."


class ReadingRefused(DomainError):
    """A choice of how to read a file that cannot hold, with the place that stands against it."""

    code = "inventory.reading_refused"
    status = 422
    vi = "Không đọc được theo cách đã chọn: {why}."
    en = "The file cannot be read in the chosen way: {why_en}."
    hint_vi = "Sửa lựa chọn rồi lưu lại; các lựa chọn khác vẫn được giữ, lần đọc trước không thay đổi."
    hint_en = "Correct the choice and save again; the other choices were kept and the last reading stands."

    def __init__(self, *, at: str, why: str, why_en: str) -> None:
        super().__init__(why=why, why_en=why_en)
        self.field = at  # type: ignore[misc]


class RevealReasonMissing(DomainError):
    """Who looks at masked values says why; it is kept in the audit (SEC-02)."""

    code = "inventory.reveal_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do xem giá trị đã che."
    en = "The reason for looking at masked values is missing."
    hint_vi = "Nêu công việc cần xem giá trị; lý do được ghi vào nhật ký."
    hint_en = "Name the task that needs the values; the reason is kept in the audit."


class SecretUndecided(DomainError):
    """A column was passed on to the keeper of secrets, who has not decided yet (SEC-01)."""

    code = "inventory.secret_undecided"
    status = 409
    vi = "Có cột đang chờ người giữ bí mật nhà nước kết luận; chưa lập phiên bản để chia sẻ, công bố."
    en = "A column waits for the keeper of secrets; no version is made to be shared or published before."
    hint_vi = "Đề nghị người giữ bí mật nhà nước của đơn vị kết luận trước."
    hint_en = "Ask the unit's keeper of secrets to decide first."


class MeaningUnknown(DomainError):
    code = "inventory.meaning_unknown"
    status = 422
    field = "meaning"
    vi = "Không có loại dữ liệu “{given}” trong danh sách."
    en = "There is no meaning “{given}” in the list."
    hint_vi = "Chọn một loại trong danh sách, hoặc để trống."
    hint_en = "Choose one from the list, or leave it empty."


class IssueIncomplete(DomainError):
    """A step of a quality warning that needs words: the cause, what was done, why it is closed (GOVF-12)."""

    code = "inventory.issue_incomplete"
    status = 422
    vi = "Chưa nhập {name}."
    en = "{name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class FindingGone(DomainError):
    """The finding for which a warning is to be opened is not in the newest look."""

    code = "inventory.finding_gone"
    status = 409
    vi = "Lần khảo sát gần nhất không còn phát hiện này."
    en = "The newest look does not show this finding any more."
    hint_vi = "Tải lại trang; nếu vẫn cần theo dõi, mở phiếu bằng tay."
    hint_en = "Reload the page; if it must be followed up all the same, open a warning by hand."


class StillFound(DomainError):
    """A warning is not closed while the newest look shows its finding (GOVF-12)."""

    code = "inventory.still_found"
    status = 409
    vi = "Chưa đóng được phiếu {number}: lần khảo sát {at} vẫn có phát hiện này."
    en = "Warning {number} cannot be closed: the look of {at} still shows its finding."
    hint_vi = "Sửa dữ liệu nguồn rồi khảo sát lại; nếu không phải lỗi, đóng phiếu kèm lý do."
    hint_en = "Mend the source and look again; if it is no error, close it with the reason."


class LookNeeded(DomainError):
    """A recheck needs a look that is newer than the mending."""

    code = "inventory.look_needed"
    status = 409
    vi = "Chưa có lần khảo sát nào sau khi sửa dữ liệu."
    en = "No look was completed since the data were mended."
    hint_vi = "Khảo sát lại nguồn rồi kiểm tra lại phiếu."
    hint_en = "Look at the source again, then recheck."


class CampaignYearRefused(DomainError):
    code = "inventory.campaign_year_refused"
    status = 422
    field = "year"
    vi = "Không lập được đợt kiểm kê cho năm {year}."
    en = "No campaign can be planned for {year}."
    hint_vi = "Chọn năm {this} hoặc {next}."
    hint_en = "Choose {this} or {next}."


class CampaignExists(DomainError):
    code = "inventory.campaign_exists"
    status = 409
    field = "year"
    vi = "Năm {year} đã có đợt kiểm kê {number}."
    en = "Campaign {number} exists for {year}."
    hint_vi = "Mở đợt kiểm kê đó; mỗi năm có một đợt."
    hint_en = "Open that campaign; there is one a year."


class ProgrammeMissing(DomainError):
    code = "inventory.programme_missing"
    status = 422
    vi = "Chương trình kiểm kê chưa có {name}."
    en = "The programme is incomplete. {name} is missing."
    hint_vi = "Bổ sung rồi lưu lại; các nội dung khác vẫn được giữ."
    hint_en = "Add it and save again; everything else was kept."

    def __init__(self, *, at: str = "scope", **facts: object) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class DecisionMissing(DomainError):
    """An approval without number and day of its decision."""

    code = "inventory.decision_missing"
    status = 422
    field = "number"
    vi = "Chưa nhập số hoặc ngày của quyết định phê duyệt."
    en = "The number or the day of the approving decision is missing."
    hint_vi = "Nhập số và ngày quyết định phê duyệt chương trình kiểm kê."
    hint_en = "Enter number and day of the decision that approves the programme."


class PartIncomplete(DomainError):
    """A unit's result that is not ready to be sent."""

    code = "inventory.part_incomplete"
    status = 422
    vi = "Chưa gửi được kết quả kiểm kê: {what}."
    en = "The result cannot be sent yet: {what}."
    hint_vi = "{hint_to}"
    hint_en = "{hint_to}"

    def __init__(self, *, at: str = "conclusion", **facts: object) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class PaperDateRefused(DomainError):
    """A record or report dated to come, or before its campaign was decided."""

    code = "inventory.paper_date_refused"
    status = 422
    vi = "Ngày {day} không hợp lệ: văn bản lập từ ngày {first} đến hôm nay."
    en = "{day} cannot be its date: the paper is drawn up between {first} and today."
    hint_vi = "Nhập ngày thực tế lập văn bản."
    hint_en = "Enter the day on which it is drawn up."

    def __init__(self, *, at: str = "day", **facts: object) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class ReturnReasonMissing(DomainError):
    code = "inventory.return_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do trả lại."
    en = "No reason was given for sending it back."
    hint_vi = "Nêu nội dung đơn vị cần bổ sung, sửa."
    hint_en = "Say what the unit must add or correct."


class PartsNotVerified(DomainError):
    """A campaign that cannot be consolidated yet."""

    code = "inventory.parts_not_verified"
    status = 409
    vi = "Chưa tổng hợp được: {count} đơn vị chưa được xác nhận kết quả ({names})."
    en = "It cannot be consolidated yet: {count} unit(s) are not verified ({names})."
    hint_vi = "Đôn đốc đơn vị chưa gửi; xác nhận hoặc trả lại kết quả đã gửi."
    hint_en = "Urge units that have not sent; verify or send back what was sent."


class NobodyToUrge(DomainError):
    code = "inventory.nobody_to_urge"
    status = 409
    vi = "Không có đơn vị nào còn phải gửi kết quả."
    en = "No unit has still to send its result."
    hint_vi = "Xác nhận kết quả các đơn vị đã gửi."
    hint_en = "Verify what the units have sent."


class UpgradeMissing(DomainError):
    """Something judged not fit that stands in no upgrade plan (UPG-01)."""

    code = "inventory.upgrade_missing"
    status = 409
    vi = "Chưa đóng được đợt kiểm kê: {count} mục chưa đạt chưa có trong kế hoạch nâng cấp ({names})."
    en = (
        "The campaign cannot be closed: {count} item(s) judged not fit are not in the upgrade plan ({names})."
    )
    hint_vi = "Mở kế hoạch nâng cấp, đưa từng mục đã đề xuất vào kế hoạch."
    hint_en = "Open the upgrade plan and take each proposed item into it."


class NothingToSurvey(DomainError):
    code = "inventory.nothing_to_survey"
    status = 409
    vi = "Không còn cơ sở dữ liệu nào có nguồn chưa khảo sát trong đợt này."
    en = "No database with a source is left to be looked at in this campaign."
    hint_vi = "Kết nối nguồn cho các cơ sở dữ liệu còn thiếu, hoặc chọn khảo sát lại tất cả."
    hint_en = "Bind sources to the databases that lack one, or look at all of them again."


class SystemFactMissing(DomainError):
    code = "inventory.system_fact_missing"
    status = 422
    vi = "Chưa có {name}."
    en = "{name} is missing."
    hint_vi = "Bổ sung rồi lưu lại; các nội dung khác vẫn được giữ."
    hint_en = "Add it and save again; everything else was kept."

    def __init__(self, *, at: str = "name", **facts: object) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class SystemExists(DomainError):
    code = "inventory.system_exists"
    status = 409
    field = "code"
    vi = "Mã {code} đã dùng cho một hệ thống thông tin khác."
    en = "Code {code} is used by another information system."
    hint_vi = "Dùng mã khác, hoặc sửa hệ thống đã có."
    hint_en = "Use another code, or amend the system on record."


class SystemsFileRefused(DomainError):
    """A workbook of systems with faults; nothing of it was taken."""

    code = "inventory.systems_file_refused"
    status = 422
    field = "upload"
    vi = "Chưa nhập hệ thống nào: {faults}"
    en = "No system was entered: {faults}"
    hint_vi = "Sửa các dòng này trong tệp rồi tải lại; tải tệp xuất ra để có đúng các cột."
    hint_en = "Correct these rows and upload the file again; the exported file has the right columns."


class FundingMissing(DomainError):
    code = "inventory.funding_missing"
    status = 422
    field = "funding"
    vi = "Chưa nêu nguồn kinh phí."
    en = "The source of funds is missing."
    hint_vi = "Nêu nguồn kinh phí; nếu không cần kinh phí thì ghi rõ."
    hint_en = "Name the source of funds; if none are needed, say so."


class ContinuityMissing(DomainError):
    """An upgrade without a word on existing connections or on compliance (UPG-03)."""

    code = "inventory.continuity_missing"
    status = 422
    vi = "Chưa nêu {name}."
    en = "{name} is missing."
    hint_vi = "Nêu rõ; nếu không có kết nối nào đang hoạt động thì ghi như vậy."
    hint_en = "Say it; if no connection is alive, say so."

    def __init__(self, *, at: str = "continuity", **facts: object) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class DeclineReasonMissing(DomainError):
    code = "inventory.decline_reason_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do không đưa vào kế hoạch."
    en = "No reason was given for not taking it up."
    hint_vi = "Nêu lý do; mục đề xuất và lý do được lưu lại."
    hint_en = "Give the reason; the proposal is kept with it."


class DeclineNotAllowed(DomainError):
    """What the law wants in the plan cannot be declined (UPG-01)."""

    code = "inventory.decline_not_allowed"
    status = 409
    vi = "Dữ liệu, hệ thống chưa đạt phải có trong kế hoạch nâng cấp; không bỏ qua được mục {number}."
    en = "What was judged not fit must be in the upgrade plan; item {number} cannot be declined."
    hint_vi = "Đưa vào kế hoạch với mức ưu tiên phù hợp, hoặc đánh giá lại."
    hint_en = "Take it into the plan with a fitting priority, or assess again."


class NewLookMissing(DomainError):
    """A recheck with nothing newer to look at than the work itself."""

    code = "inventory.new_look_missing"
    status = 409
    vi = "Chưa có {what} nào sau khi bắt đầu thực hiện ({since}); chưa kiểm tra lại được."
    en = "There is no {what} since the work began ({since}); it cannot be rechecked."
    hint_vi = "Khảo sát, đánh giá lại dữ liệu hoặc rà soát lại hệ thống, rồi kiểm tra lại."
    hint_en = "Look at the data or go through the system again, then recheck."


class StillFails(DomainError):
    """Work that is not done: the same criterion still fails."""

    code = "inventory.still_fails"
    status = 409
    vi = "Chưa xác nhận hoàn thành được mục {number}: kiểm tra lại vẫn chưa đạt. {found}"
    en = "Item {number} is not done: the recheck still fails. {found}"
    hint_vi = "Mở lại mục này, thực hiện tiếp rồi kiểm tra lại."
    hint_en = "Reopen it, go on with the work and recheck."


class VersionsNotComparable(DomainError):
    code = "inventory.versions_not_comparable"
    status = 404
    vi = "Bộ dữ liệu không có phiên bản {number}."
    en = "The dataset has no version {number}."
    hint_vi = "Chọn hai phiên bản trong danh sách."
    hint_en = "Choose two versions of the list."


class DifferenceTooLarge(DomainError):
    code = "inventory.difference_too_large"
    status = 413
    vi = "Bảng thay đổi có hơn {most} dòng, quá lớn cho tệp XLSX."
    en = "More than {most} rows changed: too many for an XLSX file."
    hint_vi = "Tải tệp CSV, hoặc lọc theo loại thay đổi, cột, khóa."
    hint_en = "Take the CSV file, or narrow by kind, column or key."


class VersionTooLarge(DomainError):
    code = "inventory.version_too_large"
    status = 413
    vi = "Phiên bản có {rows} dòng; tệp XLSX chỉ lập ngay cho tối đa {most} dòng."
    en = "The version has {rows} rows; an XLSX file is made at once for {most} at most."
    hint_vi = "Tải CSV (Excel), Excel mở được ngay; hoặc Parquet, JSON."
    hint_en = "Take CSV (Excel), which Excel opens; or Parquet, JSON."

    def __init__(self, *, rows: int, most: int) -> None:
        said = {"rows": f"{rows:,}", "most": f"{most:,}"}
        super().__init__(
            **{name: text.replace(",", ".") for name, text in said.items()},
            **{f"{name}_en": text for name, text in said.items()},
        )


class StillToBeCompared(DomainError):
    code = "inventory.still_to_be_compared"
    status = 409
    vi = "Hai phiên bản lớn, đang được so sánh."
    en = "These versions are large and are being compared."
    hint_vi = "Hỏi lại sau ít phút."
    hint_en = "Ask again in a few minutes."
