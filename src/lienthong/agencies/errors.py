"""Refusals about agencies, codes, posts and focal officers."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class IdentifierCodeRefused(DomainError):
    """The text is no identifier code in any form that Decision 20/2020 knows (IDC-01)."""

    code = "agencies.identifier_code_refused"
    status = 422
    field = "code"
    vi = "Mã định danh điện tử “{given}” không đúng: {why}."
    en = "Identifier code “{given}” is not right: {why}."
    hint_vi = "Nhập theo dạng H41.12, 000.00.12.H41, Z99… hoặc mã số doanh nghiệp 10 chữ số."
    hint_en = "Write it as H41.12, 000.00.12.H41, Z99… or a business number of 10 digits."


class IdentifierCodeTaken(DomainError):
    code = "agencies.identifier_code_taken"
    status = 409
    field = "code"
    vi = "Mã {given} đã cấp cho {holder}."
    en = "Code {given} already belongs to {holder}."
    hint_vi = "Kiểm tra lại mã, hoặc nhập ngày hết hiệu lực của mã cũ trước."
    hint_en = "Check the code, or first enter the date on which the earlier one ended."


class CodeOutsideParent(DomainError):
    code = "agencies.code_outside_parent"
    status = 422
    field = "code"
    vi = "Mã {given} không nằm dưới mã {parent} của cơ quan cấp trên."
    en = "Code {given} does not stand below code {parent} of the agency above."
    hint_vi = "Mã của đơn vị bắt đầu bằng mã của cơ quan cấp trên, thêm dấu chấm và nhóm ký tự của đơn vị."
    hint_en = (
        "A unit's code begins with the code of the agency above it, then a dot and the unit's own group."
    )


class NameMissing(DomainError):
    code = "agencies.name_missing"
    status = 422
    field = "name"
    vi = "Chưa nhập tên cơ quan, đơn vị."
    en = "The name of the agency or unit is missing."
    hint_vi = "Nhập tên đầy đủ như trong quyết định thành lập."
    hint_en = "Enter the full name as in the decision that founded it."


class NameUnchanged(DomainError):
    code = "agencies.name_unchanged"
    status = 422
    field = "name"
    vi = "Tên mới trùng với tên đang dùng: {name}."
    en = "The new name is the same as the present one: {name}."
    hint_vi = "Nhập tên mới, hoặc quay lại nếu không đổi tên."
    hint_en = "Enter the new name, or go back if nothing changes."


class AgencyNotOpen(DomainError):
    code = "agencies.agency_not_open"
    status = 409
    vi = "{name} đã ngừng hoạt động từ ngày {closed_on}."
    en = "{name} was closed on {closed_on}."
    hint_vi = "Chọn cơ quan, đơn vị kế thừa."
    hint_en = "Choose the agency or unit that took over."


class UnitsStillOpen(DomainError):
    code = "agencies.units_still_open"
    status = 409
    vi = "{name} còn {count} đơn vị đang hoạt động, như {first}."
    en = "{name} still has {count} open unit(s), such as {first}."
    hint_vi = "Đóng hoặc chuyển từng đơn vị trước, rồi đóng cơ quan."
    hint_en = "Close or move each unit first, then close the agency."


class DatesReversed(DomainError):
    code = "agencies.dates_reversed"
    status = 422
    field = "valid_to"
    vi = "Ngày kết thúc {valid_to} trước ngày bắt đầu {valid_from}."
    en = "The end {valid_to} lies before the beginning {valid_from}."
    hint_vi = "Sửa một trong hai ngày rồi gửi lại."
    hint_en = "Correct one of the two dates and send again."


class PostAlreadyHeld(DomainError):
    code = "agencies.post_already_held"
    status = 409
    field = "role"
    vi = "{person} đang giữ vai trò “{role}” tại {agency}."
    en = "{person} already holds the role “{role}” in {agency}."
    hint_vi = "Kết thúc vai trò đang giữ trước, hoặc chọn vai trò khác."
    hint_en = "End the present post first, or choose another role."


class RoleNotAssignable(DomainError):
    code = "agencies.role_not_assignable"
    status = 422
    field = "role"
    vi = "Vai trò “{role}” không giao cho một người bằng phân công."
    en = "The role “{role}” is not given to a person by a post."
    hint_vi = (
        "Công dân không cần vai trò; hệ thống khai thác dùng tài khoản kết nối; "
        "cán bộ đầu mối được cử bằng quyết định."
    )
    hint_en = (
        "A citizen needs no post, a consumer system has a connection account, "
        "and a focal officer is appointed by decision."
    )


class PostNotHeld(DomainError):
    code = "agencies.post_not_held"
    status = 409
    vi = "Vai trò này đã kết thúc từ ngày {ended_on}."
    en = "This post ended on {ended_on}."
    hint_vi = "Tải lại trang để xem vai trò đang giữ."
    hint_en = "Reload the page to see the posts now held."


class PostNotOwn(DomainError):
    code = "agencies.post_not_own"
    status = 403
    vi = "Tài khoản này không giữ vai trò đã chọn."
    en = "This account does not hold the post that was chosen."
    hint_vi = "Chọn một vai trò trong danh sách của mình."
    hint_en = "Choose one of your own posts."


class LastAdministrator(DomainError):
    code = "agencies.last_administrator"
    status = 409
    vi = "Đây là người quản trị duy nhất của hệ thống."
    en = "This is the only administrator of the product."
    hint_vi = "Giao vai trò quản trị cho người khác trước."
    hint_en = "Give the administrator's role to another person first."


class FocalFieldMissing(DomainError):
    """A content that a nomination, decision or publication must hold is empty (FOC-02, FOC-03, FOC-05)."""

    code = "agencies.focal_field_missing"
    status = 422
    vi = "Chưa nhập {name} của cán bộ đầu mối."
    en = "The focal officer's {name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class FocalPeriodTaken(DomainError):
    """Two focal officers would serve one agency on the same date (FOC-01)."""

    code = "agencies.focal_period_taken"
    status = 409
    field = "valid_from"
    vi = "Ngày {valid_from} đã có {holder} làm cán bộ đầu mối của cơ quan."
    en = "On {valid_from} the agency already had {holder} as its focal officer."
    hint_vi = "Chọn ngày bắt đầu sau ngày {after}: mỗi ngày chỉ có một cán bộ đầu mối."
    hint_en = "Choose a beginning after {after}: there is one focal officer on any date."


class DecisionDateRefused(DomainError):
    code = "agencies.decision_date_refused"
    status = 422
    field = "decision_date"
    vi = "Ngày quyết định {decision_date} không đúng: {why}."
    en = "The decision date {decision_date} is not right: {why}."
    hint_vi = "Nhập ngày ký ghi trên quyết định; ngày bắt đầu không trước ngày ký."
    hint_en = "Enter the date of signing; the term cannot begin before it."


class NominationWaiting(DomainError):
    code = "agencies.nomination_waiting"
    status = 409
    field = "full_name"
    vi = "{name} đã được đề cử làm cán bộ đầu mối và đang chờ quyết định."
    en = "{name} was already nominated as focal officer and awaits a decision."
    hint_vi = "Trình người đứng đầu quyết định, hoặc rút đề cử này trước."
    hint_en = "Have the head decide, or withdraw that nomination first."


class ContactNotPublished(DomainError):
    code = "agencies.contact_not_published"
    status = 409
    vi = "Thông tin liên hệ của {name} không ở trạng thái công bố."
    en = "The contact of {name} is not published."
    hint_vi = "Công bố cán bộ đầu mối trước, rồi xác nhận."
    hint_en = "Publish the focal officer first, then confirm."


class NobodyToAsk(DomainError):
    code = "agencies.nobody_to_ask"
    status = 409
    vi = "{agency} chưa công bố cán bộ đầu mối nên chưa nhận câu hỏi."
    en = "{agency} has not published a focal officer, so questions cannot be sent."
    hint_vi = "Liên hệ theo địa chỉ, điện thoại của cơ quan."
    hint_en = "Use the agency's address or telephone."


class QuestionIncomplete(DomainError):
    code = "agencies.question_incomplete"
    status = 422
    vi = "Chưa nhập {name}."
    en = "The {name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class QuestionAlreadyAnswered(DomainError):
    code = "agencies.question_already_answered"
    status = 409
    field = "answer"
    vi = "Câu hỏi {number} đã được trả lời."
    en = "Question {number} was already answered."
    hint_vi = "Tải lại trang để xem nội dung trả lời."
    hint_en = "Reload the page to read the answer."


class AgencyAboveMissing(DomainError):
    """Facts: above."""

    code = "agencies.agency_above_missing"
    status = 422
    vi = "Chưa có cơ quan cấp trên “{above}”."
    en = "The agency above, “{above}”, is not on record."
    hint_vi = "Ghi nhận cơ quan cấp trên trước, hoặc thêm vào danh sách."
    hint_en = "Enter the agency above first, or add it to the list."


class CodesDisagree(DomainError):
    """Facts: given, former, read."""

    code = "agencies.codes_disagree"
    status = 422
    vi = "Hai mã không khớp: {given} và {former} (đọc là {read})."
    en = "The two codes disagree: {given} and {former} (which reads {read})."
    hint_vi = "Sửa một trong hai mã theo quyết định cấp mã."
    hint_en = "Correct one of them against the decision that gave the code."


class RowRepeated(DomainError):
    """Facts: code, number."""

    code = "agencies.row_repeated"
    status = 422
    vi = "Mã {code} đã có ở dòng {number}."
    en = "Code {code} already stands in row {number}."
    hint_vi = "Giữ một dòng cho mỗi mã."
    hint_en = "Keep one row for each code."


class MergeRefused(DomainError):
    """Facts: name, into, why, why_en."""

    code = "agencies.merge_refused"
    status = 422
    field = "into"
    vi = "Không hợp nhất được {name} vào {into}: {why}."
    en = "{name} cannot be merged into {into}: {why}."
    hint_vi = "Chọn cơ quan tiếp nhận đang hoạt động, không phải là đơn vị thuộc cơ quan được hợp nhất."
    hint_en = "Choose an agency that is open and is no unit of the one that is merged."


class CooperationIncomplete(DomainError):
    """Something that a matter cannot be without is missing. Facts: name, name_en."""

    code = "agencies.cooperation_incomplete"
    status = 422
    vi = "Chưa nhập {name}."
    en = "The {name} is missing."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class CooperationWithOneself(DomainError):
    code = "agencies.cooperation_with_oneself"
    status = 422
    field = "asked"
    vi = "Đơn vị được đề nghị là chính đơn vị đề nghị."
    en = "The unit asked is the unit that asks."
    hint_vi = "Chọn cơ quan, đơn vị khác."
    hint_en = "Choose another agency or unit."


class CooperationDuePast(DomainError):
    """Facts: given."""

    code = "agencies.cooperation_due_past"
    status = 422
    field = "due_on"
    vi = "Ngày cần trả lời {given} đã qua."
    en = "The day wanted, {given}, is past."
    hint_vi = "Chọn một ngày từ hôm nay trở đi."
    hint_en = "Choose today or a later day."


class GovernanceContentMissing(DomainError):
    """Something that a record of data governance cannot be without is missing. Facts: name, name_en."""

    code = "agencies.governance_content_missing"
    status = 422
    vi = "Chưa nhập {name}."
    en = "The {name} is missing or cannot be used."
    hint_vi = "Nhập nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Enter it and send again; everything else was kept."

    def __init__(self, *, at: str, name: str, name_en: str) -> None:
        super().__init__(name=name, name_en=name_en)
        self.field = at  # type: ignore[misc]


class GovernanceBelongsAbove(DomainError):
    """Facts: name, above."""

    code = "agencies.governance_belongs_above"
    status = 422
    vi = "{name} là đơn vị trực thuộc; quản trị dữ liệu và cửa kết nối được thiết lập ở {above}."
    en = "{name} is a unit; data governance and the door are set up at {above}."
    hint_vi = "Mở trang Quản trị dữ liệu của cơ quan cấp trên. Đơn vị trực thuộc không kết nối riêng."
    hint_en = "Open the page of the agency above. A unit does not connect by itself."


class GovernanceAlreadyBegun(DomainError):
    """Facts: name, number."""

    code = "agencies.governance_already_begun"
    status = 409
    vi = "{name} đã có hồ sơ thiết lập quản trị dữ liệu {number}."
    en = "{name} already has its governance set-up {number}."
    hint_vi = "Mở hồ sơ đang có để làm tiếp."
    hint_en = "Go on with the one that stands."


class GovernanceNotBegun(DomainError):
    """Facts: name."""

    code = "agencies.governance_not_begun"
    status = 409
    vi = "{name} chưa mở hồ sơ thiết lập quản trị dữ liệu."
    en = "{name} has not begun its governance set-up."
    hint_vi = "Mở hồ sơ trước: các thời hạn được tính từ ngày công văn hướng dẫn."
    hint_en = "Begin it first: the terms run from the date of the guiding dispatch."


class GovernanceIncomplete(DomainError):
    """A step is asked for while something that it rests on is missing. Facts: missing, missing_en, step, step_en."""

    code = "agencies.governance_incomplete"
    status = 409
    vi = "Chưa thể {step}. Còn thiếu: {missing}."
    en = "Cannot {step} yet. Missing: {missing}."
    hint_vi = "Bổ sung từng nội dung còn thiếu ở trang Quản trị dữ liệu rồi thực hiện lại."
    hint_en = "Supply each on the page of data governance, then try again."


class BodyUnitOutside(DomainError):
    """Facts: unit, agency."""

    code = "agencies.body_unit_outside"
    status = 422
    field = "unit"
    vi = "{unit} không phải đơn vị đang hoạt động của {agency}."
    en = "{unit} is no open unit of {agency}."
    hint_vi = (
        "Chọn đơn vị hiện có của cơ quan: bộ phận là vai trò, không lập tổ chức mới. "
        "Chỉ bộ phận tuân thủ có thể do Công an cấp tỉnh chủ trì."
    )
    hint_en = (
        "Choose an existing unit of the agency: a body is a role, no new office. "
        "Only the compliance body may be led by the provincial police."
    )


class StewardWithoutBody(DomainError):
    code = "agencies.steward_without_body"
    status = 409
    vi = "Chưa có bộ phận quản trị dữ liệu để nhân sự phụ trách báo cáo."
    en = "There is no data governance body to which a steward could report."
    hint_vi = "Giao bộ phận quản trị dữ liệu cho một đơn vị trước: nhân sự phụ trách báo cáo hai tuyến."
    hint_en = "Give the data governance body to a unit first: a steward has two report lines."


class CommuneExpected(DomainError):
    """Facts: unit, agency."""

    code = "agencies.commune_expected"
    status = 422
    field = "unit"
    vi = "{unit} không phải xã, phường đang hoạt động thuộc {agency}."
    en = "{unit} is no open commune of {agency}."
    hint_vi = "Nhập mã của UBND cấp xã thuộc cơ quan này."
    hint_en = "Enter the code of a Communal People's Committee of this agency."


class CommuneUnknown(DomainError):
    """Facts: given."""

    code = "agencies.commune_unknown"
    status = 422
    field = "unit"
    vi = "Không có xã, phường “{given}” đang hoạt động thuộc cơ quan này, hoặc có nhiều nơi cùng tên."
    en = "There is no open commune “{given}” of this agency, or several bear this name."
    hint_vi = "Ghi mã định danh của UBND cấp xã."
    hint_en = "Give the identifier code of the Communal People's Committee."


class GovernanceRoleEnded(DomainError):
    """Facts: name, ended_on."""

    code = "agencies.governance_role_ended"
    status = 409
    vi = "{name} đã thôi giữ từ ngày {ended_on}."
    en = "{name} ended on {ended_on}."
    hint_vi = "Tải lại trang để xem người, đơn vị đang giữ."
    hint_en = "Reload the page to see who holds it now."


class GovernanceDateRefused(DomainError):
    """Facts: given, why, why_en."""

    code = "agencies.governance_date_refused"
    status = 422
    vi = "Ngày {given} không đúng: {why}."
    en = "The date {given} is not right: {why}."
    hint_vi = "Nhập ngày đã thực hiện, không sau hôm nay và không trước bước liền trước."
    hint_en = "Enter the day on which it was done, not after today and not before the step before it."

    def __init__(self, *, at: str, **facts: str) -> None:
        super().__init__(**facts)
        self.field = at  # type: ignore[misc]


class NotTheDataOfficer(DomainError):
    """Facts: name."""

    code = "agencies.not_the_data_officer"
    status = 403
    vi = "Chỉ người chịu trách nhiệm quản trị, quản lý dữ liệu của {name} được duyệt quy tắc truy cập và ký đề nghị."
    en = "Only the chief data officer of {name} approves access rules and signs access requests."
    hint_vi = "Đăng nhập bằng tài khoản của người đó; quyết định cử phải gắn với tài khoản."
    hint_en = "Sign in with that person's account; the appointment must name the account."


class DelegationRefused(DomainError):
    """Facts: why, why_en."""

    code = "agencies.delegation_refused"
    status = 422
    vi = "Không ủy quyền được: {why}."
    en = "This cannot be delegated: {why}."
    hint_vi = "Ủy quyền một vai trò của chính mình, cho người khác, có số quyết định, phạm vi và thời hạn."
    hint_en = "Delegate a post of one's own to another person, with decision number, areas and both dates."

    def __init__(self, *, at: str, why: str, why_en: str) -> None:
        super().__init__(why=why, why_en=why_en)
        self.field = at  # type: ignore[misc]


class DelegationOver(DomainError):
    code = "agencies.delegation_over"
    status = 409
    vi = "Việc ủy quyền theo {number} đã kết thúc."
    en = "The delegation by {number} is over."
    hint_vi = "Tải lại trang để xem các ủy quyền đang có hiệu lực."
    hint_en = "Reload the page to see which delegations hold."


class SchemeRefused(DomainError):
    """What is entered is no record of a scheme of codes (IDC-01). Facts: why, why_en."""

    code = "agencies.scheme_refused"
    status = 422
    vi = "Bản ghi hệ thống mã chưa đúng: {why}."
    en = "The record of the scheme is not right: {why}."
    hint_vi = "Mã hệ thống gồm Z và 2 chữ số; nhập đủ nội dung, phần mô tả không quá 100 từ."
    hint_en = "The code is Z and 2 digits; enter every content, the description in 100 words at most."

    def __init__(self, *, at: str, why: str, why_en: str) -> None:
        super().__init__(why=why, why_en=why_en)
        self.field = at  # type: ignore[misc]
