"""Addresses of databases and their catalogue, on the desk and on the portal."""

from __future__ import annotations

from django.urls import path

from .pages import (
    bulk,
    code_lists,
    declarations,
    governing,
    issued,
    master_data,
    national,
    national_lists,
    reviews,
)
from .pages import databases as pages

desk_urls = [
    path("csdl/", pages.databases, name="catalogue-databases"),
    path("csdl/dang-ky/", pages.register, name="catalogue-register"),
    path("csdl/dang-ky/giong-ten/", bulk.similar, name="catalogue-similar"),
    path("csdl/sua-hang-loat/", bulk.databases, name="catalogue-databases-bulk"),
    path("csdl/<database_code:code>/cot/sua-hang-loat/", bulk.fields, name="catalogue-fields-bulk"),
    path("csdl/nhap-danh-sach/", pages.hand_in_list, name="catalogue-list"),
    path("csdl/nhap-danh-sach/<int:file_id>/", pages.look_through_list, name="catalogue-list-file"),
    path("csdl/<database_code:code>/sua/", pages.amend, name="catalogue-amend"),
    path("csdl/<database_code:code>/quan-tri/", governing.governance, name="catalogue-governing"),
    path("csdl/<database_code:code>/danh-gia-rui-ro/", governing.assess_risk, name="catalogue-risk"),
    path("csdl/<database_code:code>/cot/", pages.fields, name="catalogue-fields"),
    path("csdl/<database_code:code>/cot/<int:field_id>/", pages.field, name="catalogue-field"),
    path("csdl/<database_code:code>/khai-bao/", pages.declare, name="catalogue-declare"),
    path("csdl/<database_code:code>/bi-mat/", pages.secret, name="catalogue-secret"),
    path(
        "csdl/<database_code:code>/bo-du-lieu/lap/<int:table_id>/",
        pages.dataset,
        name="catalogue-dataset-define",
    ),
    path("danh-muc/", pages.issue, name="catalogue-issue"),
    path("ra-soat-danh-muc/", reviews.reviews, name="catalogue-reviews"),
    path("ra-soat-danh-muc/mo/", reviews.open_review, name="catalogue-review-open"),
    path("ra-soat-danh-muc/<str:number>/", reviews.review, name="catalogue-review"),
    path(
        "ra-soat-danh-muc/<str:number>/don-vi/<str:code>/",
        declarations.declaration,
        name="catalogue-declaration",
    ),
    path("ra-soat-danh-muc/<str:number>/trinh/", reviews.submit, name="catalogue-review-submit"),
    path("ra-soat-danh-muc/<str:number>/ban-hanh/", reviews.issue, name="catalogue-review-issue"),
    path("ra-soat-danh-muc/<str:number>/tra-lai/", reviews.give_back, name="catalogue-review-return"),
    path("ra-soat-danh-muc/<str:number>/sua-doi/", reviews.amend, name="catalogue-review-amend"),
    path("ra-soat-danh-muc/<str:number>/van-ban/<slug:form>/", reviews.paper, name="catalogue-review-paper"),
    path(
        "csdl/<database_code:code>/nguon-tin-cay/",
        master_data.trusted_source,
        name="catalogue-trusted-source",
    ),
    path("danh-muc-dung-chung/", code_lists.listed, name="catalogue-code-lists"),
    path(
        "danh-muc-dung-chung/cot-chua-theo/",
        master_data.columns_following_none,
        name="catalogue-columns-following-none",
    ),
    path("danh-muc-dung-chung/lap-danh-muc/", code_lists.register, name="catalogue-code-list-register"),
    path("danh-muc-dung-chung/<slug:code>/", code_lists.one, name="catalogue-code-list"),
    path(
        "danh-muc-dung-chung/<slug:code>/<int:number>/",
        code_lists.version,
        name="catalogue-code-list-version",
    ),
    path(
        "danh-muc-dung-chung/<slug:code>/<int:number>/gia-tri/",
        code_lists.hand_in_values,
        name="catalogue-code-values",
    ),
    path(
        "danh-muc-dung-chung/<slug:code>/<int:number>/gia-tri/<int:file_id>/",
        code_lists.look_through_values,
        name="catalogue-code-values-file",
    ),
    path(
        "danh-muc-dung-chung/<slug:code>/<int:number>/anh-xa/",
        code_lists.hand_in_mapping,
        name="catalogue-code-mapping",
    ),
    path(
        "danh-muc-dung-chung/<slug:code>/<int:number>/anh-xa/<int:file_id>/",
        code_lists.look_through_mapping,
        name="catalogue-code-mapping-file",
    ),
    path("du-lieu-chu/", master_data.items, name="catalogue-master-data"),
    path("du-lieu-chu/nhap/", master_data.hand_in, name="catalogue-master-data-hand-in"),
    path("du-lieu-chu/nhap/<int:file_id>/", master_data.look_through, name="catalogue-master-data-file"),
    path("csdl/<database_code:code>/de-xuat-quoc-gia/", national.begin, name="catalogue-dossier-begin"),
    path("csdl-quoc-gia/", national.dossiers, name="catalogue-dossiers"),
    path("csdl-quoc-gia/danh-muc-da-ban-hanh/", national.earlier, name="catalogue-earlier-list"),
    path("csdl-quoc-gia/du-thao/<str:number>/", national.draft, name="catalogue-list-draft"),
    path("csdl-quoc-gia/du-thao/<str:number>/trinh/", national.submit, name="catalogue-list-submit"),
    path("csdl-quoc-gia/du-thao/<str:number>/phe-duyet/", national.approve, name="catalogue-list-approve"),
    path(
        "csdl-quoc-gia/du-thao/<str:number>/khong-phe-duyet/",
        national.turn_down,
        name="catalogue-list-turn-down",
    ),
    path(
        "csdl-quoc-gia/du-thao/<str:number>/van-ban/<slug:form>/",
        national.draft_paper,
        name="catalogue-list-paper",
    ),
    path("csdl-quoc-gia/<str:number>/", national.dossier, name="catalogue-dossier"),
    path(
        "csdl-quoc-gia/<str:number>/tieu-chi/<slug:key>/",
        national.criterion,
        name="catalogue-dossier-criterion",
    ),
    path("csdl-quoc-gia/<str:number>/thuyet-minh/", national.parts, name="catalogue-dossier-parts"),
    path("csdl-quoc-gia/<str:number>/can-cu/", national.basis, name="catalogue-dossier-basis"),
    path("csdl-quoc-gia/<str:number>/gui/", national.send, name="catalogue-dossier-send"),
    path("csdl-quoc-gia/<str:number>/tra-lai/", national.give_back, name="catalogue-dossier-return"),
    path("csdl-quoc-gia/<str:number>/thong-nhat/", national.agreement, name="catalogue-dossier-agreement"),
    path(
        "csdl-quoc-gia/<str:number>/han-ket-noi/",
        national.connection_day,
        name="catalogue-dossier-connection",
    ),
    path("csdl-quoc-gia/<str:number>/tep/<int:file_id>/", national.kept_file, name="catalogue-dossier-file"),
    path(
        "csdl-quoc-gia/<str:number>/van-ban/<slug:kind>/<slug:form>/",
        national.paper,
        name="catalogue-dossier-paper",
    ),
]

portal_urls = [
    path("danh-muc-quoc-gia/", national_lists.versions, name="catalogue-national-lists"),
    path("danh-muc-quoc-gia/so-sanh/", national_lists.compare, name="catalogue-national-compare"),
    path("danh-muc-quoc-gia/<int:number>/", national_lists.version, name="catalogue-national-list"),
    path("danh-muc/", issued.issued_list, name="catalogue-issued-list"),
    path("danh-muc/<str:agency_code>/so-sanh/", issued.compare, name="catalogue-compare"),
    path("danh-muc/<str:agency_code>/<int:version>/", issued.issued_version, name="catalogue-issued-version"),
    path(
        "danh-muc/<str:agency_code>/<int:version>/van-ban/<slug:form>/",
        issued.issued_paper,
        name="catalogue-issued-paper",
    ),
    path("danh-muc-dung-chung/", code_lists.public_list, name="catalogue-code-lists-public"),
    path("danh-muc-dung-chung/<slug:code>/", code_lists.public_one, name="catalogue-code-list-public"),
]
