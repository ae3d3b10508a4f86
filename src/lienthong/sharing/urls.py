"""Addresses of sharing, public and on the desk."""

from __future__ import annotations

from django.urls import path

from . import pages
from .pages import asking, copies, correcting

portal_urls = [
    path("tra-cuu-truoc-khi-yeu-cau/", asking.look_up, name="sharing-ask-again-public"),
    path("dich-vu/", pages.services, name="sharing-services"),
    path("dich-vu/<slug:code>/", pages.service, name="sharing-service"),
]

desk_urls = [
    path("tra-cuu-truoc/", asking.checks, name="sharing-ask-again"),
    path("tra-cuu-truoc/lap/", asking.begin, name="sharing-ask-again-begin"),
    path("tra-cuu-truoc/<str:number>/", asking.check, name="sharing-ask-again-check"),
    path("tra-cuu-truoc/<str:number>/muc/<int:place>/", asking.answer, name="sharing-ask-again-answer"),
    path("tra-cuu-truoc/<str:number>/phieu.<slug:form>", asking.check_file, name="sharing-ask-again-file"),
    path("chia-se/", pages.desk, name="sharing-desk"),
    path("dich-vu/lap/<slug:dataset>/", pages.prepare, name="sharing-prepare"),
    path("dich-vu/<slug:code>/", pages.record, name="sharing-record"),
    path("dich-vu/<slug:code>/buoc/tam-ngung/", pages.suspend, name="sharing-suspend"),
    path("dich-vu/<slug:code>/buoc/cham-dut/", pages.terminate, name="sharing-terminate"),
    path("dich-vu/<slug:code>/buoc/<slug:step>/", pages.step, name="sharing-step"),
    path("dich-vu/<slug:code>/bao-sai-lech/", correcting.report_wrong, name="sharing-report-wrong"),
    path("dich-vu/<slug:code>/gui-yeu-cau/", pages.ask, name="sharing-ask"),
    path("dich-vu/<slug:code>/nhap-yeu-cau/", pages.enter, name="sharing-enter"),
    path("yeu-cau/<str:number>/", pages.request_page, name="sharing-request"),
    path("yeu-cau/<str:number>/cap-tai-khoan/", pages.issue, name="sharing-issue"),
    path("yeu-cau/<str:number>/tu-choi/", pages.refuse, name="sharing-refuse"),
    path("ban-sao/", copies.copies, name="sharing-copies"),
    path("ban-sao/xuat.xlsx", copies.workbook, name="sharing-copies-workbook"),
    path("ban-sao/<str:number>/", copies.copy, name="sharing-copy"),
    path("dich-vu/<slug:code>/thoi-han-su-dung/", copies.use_term, name="sharing-use-term"),
    path("tai-khoan/<slug:code>/ban-sao/", copies.register, name="sharing-copy-register"),
    path("tai-khoan/<slug:code>/<slug:act>/", pages.account, name="sharing-account"),
]
