"""What did not work is said in words, with the right status, and tells nothing that it should not."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from lienthong.foundation.pagekit import refusals


@pytest.mark.parametrize(
    ("path", "status", "texts"),
    [
        ("/khong-co/", 404, ("Không tìm thấy trang", "Kiểm tra lại địa chỉ", 'action="/tim-kiem/"')),
        ("/loi/404/", 404, ("Không tìm thấy trang",)),
        ("/loi/403/", 403, ("Chưa được phân quyền", "Liên hệ người phân quyền")),
        ("/loi/quyen/", 403, ("Tài khoản chưa được phân quyền thực hiện việc này: ký.",)),
        ("/loi/410/", 410, ("Đã thu hồi", "Bộ dữ liệu này đã thu hồi.", "Xem phiên bản thay thế.")),
        (
            "/loi/422/",
            422,
            ("Chưa nhập mục đích sử dụng.", "Nêu nhiệm vụ cần dữ liệu.", "Chưa có thay đổi nào được lưu."),
        ),
        ("/loi/500/", 500, ("Hệ thống gặp sự cố", "Chưa có thay đổi nào được lưu.", "Mã sự cố:")),
    ],
)
def test_a_refusal_says_what_happened_and_what_to_do(visitor, path, status, texts):
    response = visitor.get(path)
    assert response.status_code == status
    html = response.content.decode()
    assert [text for text in texts if text not in html] == []
    assert "hunter2" not in html


@pytest.mark.parametrize("path", ["/loi/403/", "/loi/404/", "/loi/410/", "/loi/422/", "/loi/500/"])
def test_a_refusal_is_english_on_request(visitor, path):
    html = visitor.get("/en" + path).content.decode()
    assert '<html lang="en">' in html
    for word in ("Chưa", "Không", "Hệ thống", "Mở lại"):
        assert word not in html


def test_a_page_that_is_missing_looks_the_same_as_one_that_must_stay_unknown(visitor):
    one = visitor.get("/loi/404/").content.decode().replace("/loi/404/", "")
    other = visitor.get("/khong-co-gi/").content.decode().replace("/khong-co-gi/", "")
    assert one == other


def test_below_the_desk_a_refusal_keeps_the_frame_of_the_desk(visitor):
    assert 'class="rail"' in visitor.get("/lam-viec/khong-co/").content.decode()
    assert 'class="rail"' not in visitor.get("/khong-co/").content.decode()


def test_a_part_of_a_page_is_answered_with_a_notice(visitor):
    response = visitor.get("/loi/422/", headers={"hx-request": "true"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "<html" not in html
    assert 'role="alert"' in html
    assert "Chưa nhập mục đích sử dụng." in html


def test_the_fault_code_is_the_id_of_the_request(visitor):
    response = visitor.get("/loi/500/")
    assert response["X-Request-Id"] in response.content.decode()


def test_a_fault_page_needs_nothing_of_the_frame(settings):
    settings.PAGEKIT = {"site": "lienthong.no_such_module.site"}
    response = refusals.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Mã sự cố:" in response.content.decode()


def test_a_fault_page_that_cannot_be_rendered_is_still_said(settings):
    settings.TEMPLATES = []
    html = refusals.server_error(RequestFactory().get("/")).content.decode()
    assert html.startswith("<!doctype html>")
    assert "Mã sự cố" in html


def test_a_form_that_is_out_of_date_says_so():
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/tai-khoan/login/", {"login": "a", "password": "b"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "Biểu mẫu đã hết hiệu lực" in html


def test_something_withdrawn_says_since_when_and_why():
    from datetime import date

    request = RequestFactory().get("/")
    request.LANGUAGE_CODE = "vi"
    html = refusals.gone(
        request, title="Trạm quan trắc", reason="số liệu trùng", since=date(2026, 11, 1)
    ).content.decode()
    assert "Đã thu hồi ngày 01/11/2026." in html
    assert "Lý do: số liệu trùng" in html
