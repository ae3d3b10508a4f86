"""Fill an empty installation with the demo: each step by the officer whose act it is, through the same commands as the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lienthong.foundation.jobs.context import JobContext
from lienthong.foundation.jobs.registry import job

from . import asking, copies, corrections, governing, overlaps, proposals, shared_lists, story

STEPS: tuple[tuple[Callable[[], Any], str, str], ...] = (
    (story.enter_agencies, "Ghi nhận cơ quan, cán bộ", "Entering agencies and officers"),
    (story.write_sources, "Lập nguồn dữ liệu mẫu", "Writing the sample sources"),
    (story.register_national_list, "Đăng ký danh mục quốc gia", "Registering the national list"),
    (
        story.describe_national_list,
        "Khảo sát, mô tả danh mục quốc gia",
        "Looking at and describing the national list",
    ),
    (story.assess_national_list, "Đánh giá danh mục quốc gia", "Assessing the national list"),
    (story.regulate_national_list, "Ban hành quy chế, danh mục", "Issuing regulation and catalogue"),
    (story.put_national_list_to_use, "Đưa vào khai thác", "Going live"),
    (story.capture_communes, "Lấy phiên bản danh mục xã", "Capturing the list of communes"),
    (story.share_communes, "Công bố dịch vụ chia sẻ", "Publishing the sharing service"),
    (story.open_communes, "Công bố dữ liệu mở", "Publishing open data"),
    (story.register_provincial_copy, "Đăng ký CSDL của tỉnh", "Registering the province's copy"),
    (story.ask_for_communes, "Gửi yêu cầu chia sẻ", "Sending a sharing request"),
    (asking.check_a_form, "Tra cứu trước khi yêu cầu", "Checking a form before it asks"),
    (story.register_other_databases, "Đăng ký các CSDL khác", "Registering other databases"),
    (shared_lists.issue_code_lists, "Ban hành danh mục dùng chung", "Issuing shared code lists"),
    (shared_lists.record_master_data, "Ghi nhận dữ liệu chủ quốc gia", "Recording national master data"),
    (governing.govern_databases, "Quản trị dữ liệu của CSDL", "Governance of databases"),
    (
        governing.register_on_the_portal,
        "Đăng ký trên Cổng dữ liệu quốc gia",
        "Registering on the national portal",
    ),
    (governing.delegate_a_post, "Ủy quyền vai trò", "Delegating a post"),
    (governing.register_a_scheme, "Ghi nhận hệ thống mã", "Registering a scheme of codes"),
    (story.enter_systems, "Ghi nhận hệ thống thông tin", "Registering information systems"),
    (story.take_stock, "Mở đợt kiểm kê năm nay", "Opening this year's inventory"),
    (story.audit_data, "Kiểm toán dữ liệu quý này", "Auditing this quarter's data"),
    (story.issue_last_years_catalogue, "Ban hành danh mục năm trước", "Issuing last year's catalogue"),
    (story.review_the_catalogue, "Rà soát danh mục năm nay", "Reviewing this year's catalogue"),
    (
        proposals.propose_national_databases,
        "Đề xuất cơ sở dữ liệu quốc gia",
        "Proposing national databases",
    ),
    (overlaps.find_overlaps, "Tìm, kết luận chồng lấn", "Finding and deciding overlaps"),
    (copies.follow_communes, "Đồng bộ, đối soát danh mục xã", "Keeping the list of communes in step"),
    (corrections.keep_a_copy, "Đăng ký bản sao dữ liệu", "Registering a stored copy"),
    (corrections.correct_a_point, "Báo, đính chính dữ liệu sai", "Reporting and correcting a wrong value"),
    (corrections.hear_a_reader, "Người dùng báo dữ liệu mở sai lệch", "A reader reports wrong open data"),
)


@job
def fill(context: JobContext) -> dict[str, Any]:
    """Tell the demo's story step by step; a step that was done is not done again."""
    done = int(context.checkpoint.get("done", 0))
    for number, (step, vi, en) in enumerate(STEPS):
        context.progress(number, len(STEPS), vi, en)
        if number >= done:
            step()
            context.save_checkpoint({"done": number + 1})
    return {"steps": len(STEPS)}
