"""Addresses of this app: `portal_urls` stand at the root, `desk_urls` below `lam-viec/`."""

from __future__ import annotations

from django.urls import path

from .pages import (
    codes,
    cooperation,
    delegations,
    desk,
    focal_officers,
    governance,
    inbox,
    layouts,
    public,
    questions,
    rosters,
)

portal_urls = [
    path("co-quan/", public.agency_list, name="agencies-list"),
    path("can-bo-dau-moi/", public.focal_officers, name="agencies-focal-officers"),
    path("ma-dinh-danh/", codes.codes, name="agencies-codes"),
    path("quan-tri-du-lieu/", governance.public_list, name="agencies-governance-list-public"),
    path("quan-tri-du-lieu/<str:code>/", governance.public_page, name="agencies-governance-public"),
    path("can-bo-dau-moi/hoi-dap/<str:token>/", questions.asked, name="agencies-question-asked"),
    path("can-bo-dau-moi/<str:code>/hoi/", questions.ask, name="agencies-ask"),
]

desk_urls = [
    path("", inbox.inbox, name="agencies-inbox"),
    path("vai-tro/", inbox.roles, name="agencies-roles"),
    path("ma-dinh-danh/them/", codes.register, name="agencies-scheme-register"),
    path("ma-dinh-danh/<str:code>/sua/", codes.correct, name="agencies-scheme-correct"),
    path("ma-dinh-danh/<str:code>/ket-thuc/", codes.end, name="agencies-scheme-end"),
    path("uy-quyen/", delegations.delegations, name="agencies-delegations"),
    path("uy-quyen/vai-tro/<int:post_id>/", delegations.delegate, name="agencies-delegate"),
    path("uy-quyen/<int:delegation_id>/ket-thuc/", delegations.end, name="agencies-delegation-end"),
    path("hoi-dap/<str:number>/", questions.question, name="agencies-question"),
    path("phoi-hop/de-nghi/", cooperation.ask, name="agencies-cooperation-ask"),
    path("phoi-hop/<str:number>/", cooperation.matter, name="agencies-cooperation"),
    path("phoi-hop/<str:number>/tra-loi/", cooperation.answer, name="agencies-cooperation-answer"),
    path("phoi-hop/<str:number>/hoi-tiep/", cooperation.further, name="agencies-cooperation-further"),
    path("phoi-hop/<str:number>/ket-thuc/", cooperation.close, name="agencies-cooperation-close"),
    path("phoi-hop/<str:number>/rut/", cooperation.withdraw, name="agencies-cooperation-withdraw"),
    path("phoi-hop/<str:number>/tep/<int:file_id>/", cooperation.file, name="agencies-cooperation-file"),
    path("mau-giay-to/", layouts.layouts, name="agencies-layouts"),
    path("mau-giay-to/<str:kind>/", layouts.layout, name="agencies-layout"),
    path("mau-giay-to/<str:kind>/<str:which>/", layouts.layout_file, name="agencies-layout-file"),
    path("co-quan/", desk.agency_list, name="agencies-desk"),
    path("co-quan/them/", desk.found, name="agencies-found"),
    path("co-quan/nhap-danh-sach/", rosters.hand_in, name="agencies-roster"),
    path("co-quan/nhap-danh-sach/<int:file_id>/", rosters.look_through, name="agencies-roster-file"),
    path("co-quan/<str:code>/", desk.agency_file, name="agencies-file"),
    path("co-quan/<str:code>/doi-ten/", desk.rename, name="agencies-rename"),
    path("co-quan/<str:code>/lien-he/", desk.contact, name="agencies-contact"),
    path("co-quan/<str:code>/ma-dinh-danh/", desk.add_code, name="agencies-add-code"),
    path("co-quan/<str:code>/hop-nhat/", desk.merge, name="agencies-merge"),
    path("co-quan/<str:code>/dong/", desk.close, name="agencies-close"),
    path("co-quan/<str:code>/giao-vai-tro/", desk.assign_post, name="agencies-assign-post"),
    path("co-quan/<str:code>/vai-tro/<int:post_id>/ket-thuc/", desk.end_post, name="agencies-end-post"),
    path("co-quan/<str:code>/quan-tri/", governance.governed, name="agencies-governance"),
    path("co-quan/<str:code>/quan-tri/mo/", governance.begin, name="agencies-governance-begin"),
    path("co-quan/<str:code>/quan-tri/ra-soat/", governance.review, name="agencies-governance-review"),
    path(
        "co-quan/<str:code>/quan-tri/nguoi-chiu-trach-nhiem/",
        governance.officer,
        name="agencies-governance-officer",
    ),
    path("co-quan/<str:code>/quan-tri/nhan-su/", governance.steward, name="agencies-governance-steward"),
    path("co-quan/<str:code>/quan-tri/dau-moi-xa/", governance.contact, name="agencies-governance-contact"),
    path(
        "co-quan/<str:code>/quan-tri/dau-moi-xa/nhap-danh-sach/",
        rosters.hand_in_contacts,
        name="agencies-governance-contacts",
    ),
    path(
        "co-quan/<str:code>/quan-tri/dau-moi-xa/nhap-danh-sach/<int:file_id>/",
        rosters.look_through_contacts,
        name="agencies-governance-contacts-file",
    ),
    path("co-quan/<str:code>/quan-tri/bo-phan/", governance.body, name="agencies-governance-body"),
    path("co-quan/<str:code>/quan-tri/hoan-tat/", governance.complete, name="agencies-governance-complete"),
    path("co-quan/<str:code>/quan-tri/don-doc/", governance.urge, name="agencies-governance-urge"),
    path(
        "co-quan/<str:code>/quan-tri/ban-chi-dao/", governance.committee, name="agencies-governance-committee"
    ),
    path("co-quan/<str:code>/quan-tri/cua-ket-noi/", governance.door, name="agencies-governance-door"),
    path("co-quan/<str:code>/quan-tri/van-ban/", governance.paper, name="agencies-governance-paper"),
    path("co-quan/<str:code>/quan-tri/ky/", governance.sign, name="agencies-governance-sign"),
    path("co-quan/<str:code>/quan-tri/gui-danh-sach/", governance.send, name="agencies-governance-list"),
    path("co-quan/<str:code>/quan-tri/tap-huan/", governance.training, name="agencies-governance-training"),
    path("co-quan/<str:code>/quan-tri/hang-nam/", governance.yearly, name="agencies-governance-yearly"),
    path(
        "co-quan/<str:code>/quan-tri/nhan-su/<int:role_id>/ket-thuc/",
        governance.end_role,
        name="agencies-governance-end-role",
    ),
    path(
        "co-quan/<str:code>/quan-tri/bo-phan/<int:body_id>/ket-thuc/",
        governance.end_body,
        name="agencies-governance-end-body",
    ),
    path(
        "co-quan/<str:code>/quan-tri/danh-sach/<int:version>.<str:form>",
        governance.list_paper,
        name="agencies-governance-list-paper",
    ),
    path("co-quan/<str:code>/dau-moi/", focal_officers.focal_officer, name="agencies-focal-officer"),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/quyet-dinh.<str:form>",
        focal_officers.decision,
        name="agencies-focal-decision",
    ),
    path("co-quan/<str:code>/dau-moi/de-cu/", focal_officers.nominate, name="agencies-nominate"),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/cu/", focal_officers.appoint, name="agencies-appoint"
    ),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/cong-bo/",
        focal_officers.publish,
        name="agencies-publish",
    ),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/xac-nhan/",
        focal_officers.confirm,
        name="agencies-confirm",
    ),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/ket-thuc/", focal_officers.end, name="agencies-end"
    ),
    path(
        "co-quan/<str:code>/dau-moi/<int:appointment_id>/rut/",
        focal_officers.withdraw,
        name="agencies-withdraw",
    ),
]
