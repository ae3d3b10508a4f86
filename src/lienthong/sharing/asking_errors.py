"""Refusals of checks whether a form asks for what is held already."""

from __future__ import annotations

from lienthong.foundation.errors import DomainError


class NothingAsked(DomainError):
    code = "sharing.nothing_asked"
    status = 422
    field = "items"
    vi = "Chưa có mục thông tin nào để tra cứu."
    en = "There is no item to look up."
    hint_vi = "Nhập mỗi dòng một mục thông tin, hoặc tải lên tệp của biểu mẫu."
    hint_en = "Enter one item on a line, or hand in the file of the form."


class TooManyItems(DomainError):
    code = "sharing.too_many_items"
    status = 422
    field = "items"
    vi = "Danh sách có hơn {limit} mục thông tin."
    en = "The list holds more than {limit} items."
    hint_vi = "Chia biểu mẫu thành nhiều lần tra cứu."
    hint_en = "Split the form into several checks."


class DescriptionUnreadable(DomainError):
    code = "sharing.description_unreadable"
    status = 422
    field = "upload"
    vi = "Tệp “{name}” không phải mô tả dữ liệu đọc được."
    en = "File “{name}” is not a description that can be read."
    hint_vi = "Dùng tệp datapackage.json có resources, schema, fields; hoặc tệp XLSX, CSV có cột tên trường."
    hint_en = "Use a datapackage.json with resources, schema and fields; or an XLSX or CSV file with a column of names."


class TitleMissing(DomainError):
    code = "sharing.form_title_missing"
    status = 422
    field = "title"
    vi = "Chưa nêu tên biểu mẫu hoặc thủ tục."
    en = "The name of the form or procedure is missing."
    hint_vi = "Ghi tên biểu mẫu, thành phần hồ sơ hoặc thủ tục đang soạn."
    hint_en = "Name the form, dossier part or procedure that is being drawn up."


class AnswerMissing(DomainError):
    code = "sharing.answer_missing"
    status = 422
    field = "answer"
    vi = "Chưa chọn cách xử lý mục thông tin này."
    en = "No answer was chosen for this item."
    hint_vi = "Chọn: khai thác từ nguồn đang có, vẫn yêu cầu theo ngoại lệ, hoặc không phải cùng dữ liệu."
    hint_en = "Choose: take it from where it is held, ask for it by an exception, or not the same data."


class SourceMissing(DomainError):
    code = "sharing.source_missing"
    status = 422
    field = "source"
    vi = "Chưa chọn CSDL mà thông tin sẽ được lấy từ đó."
    en = "The database from which it is taken was not chosen."
    hint_vi = "Chọn một trong các CSDL đang giữ thông tin này."
    hint_en = "Choose one of the databases that hold it."


class ExceptionUnknown(DomainError):
    code = "sharing.exception_unknown"
    status = 422
    field = "ground"
    vi = "Chưa chọn trường hợp được phép yêu cầu lại."
    en = "The case in which it may be asked for again was not chosen."
    hint_vi = "Chọn một trong các trường hợp mà pháp luật cho phép."
    hint_en = "Choose one of the cases that the law allows."


class WhyMissing(DomainError):
    code = "sharing.why_missing"
    status = 422
    field = "reason"
    vi = "Chưa nêu lý do."
    en = "The reason is missing."
    hint_vi = "Nêu ngắn gọn lý do; lý do được lưu cùng kết quả tra cứu."
    hint_en = "Say briefly why; the reason is kept with the check."


class LawMissing(DomainError):
    code = "sharing.law_missing"
    status = 422
    field = "legal_ground"
    vi = "Chưa ghi pháp luật chuyên ngành quy định khác."
    en = "The law that provides otherwise is missing."
    hint_vi = "Ghi văn bản, điều, khoản."
    hint_en = "Name the text, article and clause."


class ItemsUnanswered(DomainError):
    code = "sharing.items_unanswered"
    status = 409
    vi = "Còn {count} mục thông tin chưa xử lý, mục đầu tiên: {first}."
    en = "{count} item(s) are not answered yet, the first: {first}."
    hint_vi = "Xử lý từng mục đã có nơi giữ rồi kết luận."
    hint_en = "Answer each item that somebody holds, then conclude."
