"""Errors that people are meant to read: one code, two languages, what to do next.

DomainError
├── NotAllowed            the actor may not do this (403)
├── NotFound              nothing there, or nothing this actor may know of (404)
├── StepNotAllowed        the record is not in a state from which this step can be taken (409)
├── StepHeld              an open hold blocks the step (409)
└── ... each app's own errors.py
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal: what happened, where, and what to do, in Vietnamese and English.

    `code` is stable (`sharing.purpose_missing`); the four texts are format strings over the named facts;
    `field` names the form field at fault where there is one. Facts whose names end in `_en` replace their
    plain namesake in the English text.
    """

    code: ClassVar[str] = "foundation.error"
    status: ClassVar[int] = 400
    vi: ClassVar[str] = "Không thực hiện được."
    en: ClassVar[str] = "This could not be done."
    hint_vi: ClassVar[str] = "Kiểm tra nội dung rồi thực hiện lại."
    hint_en: ClassVar[str] = "Check the input and try again."
    field: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.text("en"))

    def text(self, locale: str = "vi") -> str:
        """The refusal in one sentence."""
        return self._filled(self.vi if locale.startswith("vi") else self.en, locale)

    def hint(self, locale: str = "vi") -> str:
        """What to do next."""
        return self._filled(self.hint_vi if locale.startswith("vi") else self.hint_en, locale)

    def _filled(self, template: str, locale: str) -> str:
        facts = dict(self.facts)
        if not locale.startswith("vi"):
            facts.update({name[:-3]: value for name, value in self.facts.items() if name.endswith("_en")})
        return template.format_map(_Facts(facts))

    def as_json(self, locale: str = "vi") -> dict[str, Any]:
        """The one JSON form of every refusal: API, gateway and command line use it alike."""
        return {
            "code": self.code,
            "message": self.text(locale),
            "hint": self.hint(locale),
            "message_vi": self.text("vi"),
            "message_en": self.text("en"),
        }


class _Facts(dict[str, Any]):
    """A fact that was not given is left out rather than breaking the refusal."""

    def __missing__(self, name: str) -> str:
        return "…"


class NotAllowed(DomainError):
    code = "foundation.not_allowed"
    status = 403
    vi = "Tài khoản chưa được phân quyền thực hiện việc này: {act}."
    en = "This account has no right to do this: {act}."
    hint_vi = "Liên hệ người phân quyền của đơn vị."
    hint_en = "Ask the person who assigns rights in your unit."


class OutsideDelegation(DomainError):
    """What is done goes beyond what was delegated."""

    code = "foundation.outside_delegation"
    status = 403
    vi = "Việc này nằm ngoài phạm vi được ủy quyền."
    en = "This goes beyond what was delegated."
    hint_vi = "Chuyển về vai trò của mình, hoặc trình người ủy quyền thực hiện."
    hint_en = "Act in a post of one's own, or leave it to the person who delegated."


class NotFound(DomainError):
    code = "foundation.not_found"
    status = 404
    vi = "Không tìm thấy {what}."
    en = "{what} was not found."
    hint_vi = "Kiểm tra lại địa chỉ hoặc tìm theo tên."
    hint_en = "Check the address, or search by name."


class StepNotAllowed(DomainError):
    code = "foundation.step_not_allowed"
    status = 409
    vi = "Không thể thực hiện bước “{step}” khi hồ sơ đang ở trạng thái “{state}”."
    en = "Step “{step}” cannot be taken while the record is “{state}”."
    hint_vi = "Tải lại trang để xem trạng thái mới nhất và bước tiếp theo."
    hint_en = "Reload the page to see the latest state and the next step."


class StepHeld(DomainError):
    code = "foundation.step_held"
    status = 409
    vi = "Chưa thể thực hiện: còn {count} nội dung phải giải quyết trước. {first}"
    en = "Not possible yet: {count} matter(s) must be settled first. {first}"
    hint_vi = "Mở từng nội dung đang giữ lại và giải quyết."
    hint_en = "Open each matter that holds this step and settle it."


class InputRefused(DomainError):
    """A value that was handed in cannot be taken as it is."""

    code = "foundation.input_refused"
    status = 422
    vi = "Nội dung “{name}” không hợp lệ: {why}."
    en = "“{name}” is not valid: {why}."
    hint_vi = "Sửa nội dung này rồi gửi lại; các nội dung khác vẫn được giữ."
    hint_en = "Correct it and send again; everything else was kept."


class TooManyAttempts(DomainError):
    code = "foundation.too_many_attempts"
    status = 429
    vi = "Đã thực hiện quá nhiều lần trong thời gian ngắn."
    en = "Too many attempts in a short time."
    hint_vi = "Chờ vài phút rồi thử lại."
    hint_en = "Wait a few minutes and try again."
