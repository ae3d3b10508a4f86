"""Addresses of databases and their catalogue, on the desk and on the portal."""

from __future__ import annotations

from django.urls import path

from . import pages

desk_urls = [
    path("csdl/", pages.databases, name="catalogue-databases"),
    path("csdl/dang-ky/", pages.register, name="catalogue-register"),
    path("csdl/nhap-danh-sach/", pages.hand_in_list, name="catalogue-list"),
    path("csdl/nhap-danh-sach/<int:file_id>/", pages.look_through_list, name="catalogue-list-file"),
    path("csdl/<database_code:code>/sua/", pages.amend, name="catalogue-amend"),
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
]

portal_urls = [
    path("danh-muc/", pages.issued_list, name="catalogue-issued-list"),
    path("danh-muc/<str:agency_code>/so-sanh/", pages.compare, name="catalogue-compare"),
    path("danh-muc/<str:agency_code>/<int:version>/", pages.issued_version, name="catalogue-issued-version"),
]
