"""Refusals about data audits."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class AuditNotAsked(DomainError):
    """No rule on data audits is in force in the period."""

    code = "inventory.audit_not_asked"
    status = 409
    vi = "Trong {period} chưa có quy định về kiểm toán dữ liệu."
    en = "No rule on data audits is in force in {period_en}."
    hint_vi = "Chọn kỳ từ ngày quy định có hiệu lực; trước đó dùng đợt kiểm kê, đánh giá hằng năm."
    hint_en = "Choose a later period; before it, use the yearly inventory."


class AuditPeriodRefused(DomainError):
    code = "inventory.audit_period"
    status = 422
    field = "quarter"
    vi = "Kỳ kiểm toán phải là một quý hoặc một năm từ {first}, đã bắt đầu."
    en = "The period must be a quarter or a year from {first} on that has begun."
    hint_vi = "Chọn quý 1 đến 4, hoặc cả năm."
    hint_en = "Choose quarter 1 to 4, or the whole year."


class AuditExists(DomainError):
    code = "inventory.audit_exists"
    status = 409
    field = "quarter"
    vi = "Kỳ này đã có cuộc kiểm toán {number} cùng loại."
    en = "There is an audit of this kind for the period: {number}."
    hint_vi = "Mở cuộc kiểm toán đã có, hoặc chọn kỳ khác."
    hint_en = "Open it, or choose another period."


class AuditorNotIndependent(DomainError):
    """Who audits has a hand in what is audited."""

    code = "inventory.auditor_not_independent"
    status = 409
    field = "auditor"
    vi = "Người, đơn vị kiểm toán không độc lập: {why}."
    en = "The auditor is not independent: {why_en}."
    hint_vi = "Giao cho đơn vị, người không phụ trách các cơ sở dữ liệu được kiểm toán."
    hint_en = "Give the audit to somebody who is not in charge of these databases."


class AuditScopeMissing(DomainError):
    code = "inventory.audit_scope_missing"
    status = 422
    field = "databases"
    vi = "Chưa chọn cơ sở dữ liệu nào để kiểm toán."
    en = "No database was chosen for the audit."
    hint_vi = "Chọn ít nhất một cơ sở dữ liệu của cơ quan."
    hint_en = "Choose at least one database of the agency."


class AuditMeasuresMissing(DomainError):
    code = "inventory.audit_measures_missing"
    status = 409
    vi = "Còn chỉ số chưa đánh giá: {names}."
    en = "Some indicators were not judged yet: {names_en}."
    hint_vi = "Nhập mức và minh chứng, hoặc nêu lý do không áp dụng."
    hint_en = "Enter a level with evidence, or say why it does not apply."


class AuditAnswersMissing(DomainError):
    code = "inventory.audit_answers_missing"
    status = 409
    vi = "Còn {count} phát hiện chưa xử lý xong."
    en = "{count} finding(s) are not settled yet."
    hint_vi = "Hoàn thành mục nâng cấp, đóng phiếu cảnh báo, hoặc trả lời bằng văn bản."
    hint_en = "Finish the upgrade items, close the warnings, or answer in writing."


class AuditMeasureByMachine(DomainError):
    """An indicator that is measured from the records cannot be entered by hand."""

    code = "inventory.audit_measure_by_machine"
    status = 409
    vi = "Chỉ số này do hệ thống đo từ hồ sơ, không nhập bằng tay."
    en = "This indicator is measured from the records and cannot be entered by hand."
    hint_vi = "Sửa hồ sơ gốc rồi đo lại; ý kiến khác ghi thành phát hiện."
    hint_en = "Put the records right and measure again; note another view as a finding."
