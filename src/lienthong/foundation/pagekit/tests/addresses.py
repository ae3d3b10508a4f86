"""A site of its own for these tests: a page of each layout, each refusal, and the sign-in pages."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path
from django_cotton.compiler_regex import CottonCompiler

from lienthong.foundation.accounts.doors import open_to_all
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.pagekit import refusals
from lienthong.foundation.pagekit.layout import ActingAs, Footer, NavGroup, NavItem, Site

handler400 = refusals.bad_request
handler403 = refusals.not_allowed
handler404 = refusals.not_found
handler500 = refusals.server_error


class Withdrawn(DomainError):
    code = "tests.withdrawn"
    status = 410
    vi = "Bộ dữ liệu này đã thu hồi."
    en = "This dataset was withdrawn."
    hint_vi = "Xem phiên bản thay thế."
    hint_en = "See what replaces it."


class PurposeMissing(DomainError):
    code = "tests.purpose_missing"
    status = 422
    vi = "Chưa nhập mục đích sử dụng."
    en = "The purpose is missing."
    hint_vi = "Nêu nhiệm vụ cần dữ liệu."
    hint_en = "Name the task."


def site(request: HttpRequest) -> Site:
    footer = Footer(
        unit="Văn phòng An Lộc", responsible="Trần Văn Bình", phone="0999 123 456", email="a@anloc.example"
    )
    return Site(name="Cổng dữ liệu", unit="Tỉnh An Lộc", footer=footer)


def bar(request: HttpRequest) -> list[NavItem]:
    return [NavItem("Dữ liệu", "/du-lieu/"), NavItem("Dịch vụ", "/dich-vu/")]


def rail(request: HttpRequest) -> list[NavGroup]:
    return [
        NavGroup("", (NavItem("Việc của tôi", "/lam-viec/", "inbox", 7),)),
        NavGroup("Quản trị", (NavItem("Hệ thống", "/lam-viec/he-thong/", "system"),)),
    ]


def bottom(request: HttpRequest) -> list[NavItem]:
    return [NavItem("Việc", "/lam-viec/", "inbox")]


def acting_as(request: HttpRequest) -> ActingAs | None:
    return (
        ActingAs("Trần Văn Bình, chuyên viên", "/lam-viec/vai/")
        if request.path.find("lam-viec") >= 0
        else None
    )


def links(request: HttpRequest) -> dict[str, str]:
    return {"search_url": "/tim-kiem/", "help_url": "/tro-giup/"}


FRAME = {
    key: f"lienthong.foundation.pagekit.tests.addresses.{key}"
    for key in ("site", "bar", "rail", "bottom", "acting_as", "links")
}

PAGE = """{% extends layout_name %}{% load kit %}
{% block title %}Một trang{% endblock %}{% block heading %}Một trang{% endblock %}
{% block content %}<p>Nội dung</p>{% endblock %}"""
FULL = """{% extends "pagekit/desk.html" %}
{% block title %}Hồ sơ{% endblock %}{% block heading %}Hồ sơ{% endblock %}
{% block breadcrumb %}<c-crumb href="/lam-viec/">Việc</c-crumb>{% endblock %}
{% block state_line %}<p>Đang xử lý</p>{% endblock %}
{% block primary_action %}<c-button href="/x/">Ký</c-button>{% endblock %}
{% block basis %}<li>Điều 35</li>{% endblock %}{% block history %}<p>Đã gửi</p>{% endblock %}"""


def template(source: str):
    """A template written in a test: components are compiled here, as the loader does for files."""
    return engines["django"].from_string(CottonCompiler().process(source))


def _page(source: str, **context: str):
    @open_to_all
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(template(source).render(context, request))

    return view


def _raising(error: Exception):
    @open_to_all
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = i18n_patterns(
    path("", _page(PAGE, layout_name="pagekit/portal.html")),
    path("du-lieu/mot/", _page(PAGE, layout_name="pagekit/portal.html")),
    path("vao/", _page(PAGE, layout_name="pagekit/entrance.html")),
    path("lam-viec/", _page(PAGE, layout_name="pagekit/desk.html")),
    path("lam-viec/ho-so/", _page(FULL)),
    path("loi/404/", _raising(Http404())),
    path("loi/403/", _raising(PermissionDenied())),
    path("loi/quyen/", _raising(NotAllowed(act="ký", act_en="sign"))),
    path("loi/410/", _raising(Withdrawn())),
    path("loi/422/", _raising(PurposeMissing())),
    path("loi/500/", _raising(RuntimeError("a password is in here: hunter2"))),
    path("tai-khoan/", include("allauth.urls")),
    prefix_default_language=False,
)
