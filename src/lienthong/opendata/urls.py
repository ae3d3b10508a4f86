"""Addresses of open data, public and on the desk."""

from __future__ import annotations

from django.urls import path

from . import pages

portal_urls = [
    path("du-lieu/", pages.public_list, name="opendata-list"),
    path("du-lieu/<slug:slug>/", pages.rows, name="opendata-dataset"),
    path("du-lieu/<slug:slug>/cot/", pages.columns, name="opendata-columns"),
    path("du-lieu/<slug:slug>/phien-ban/", pages.versions, name="opendata-versions"),
    path("du-lieu/<slug:slug>/api/", pages.for_programs, name="opendata-api"),
    path("du-lieu/<slug:slug>/tai/<int:number>/<slug:form>/", pages.download, name="opendata-download"),
    path("du-lieu/<slug:slug>/bao-sai/", pages.report, name="opendata-report"),
    path("bao-sai/", pages.find_report, name="opendata-reports"),
    path("bao-sai/<str:code>/", pages.reported, name="opendata-reported"),
    path("d/<int:open_id>/", pages.permanent, name="opendata-permanent"),
]

desk_urls = [
    path("du-lieu-mo/", pages.desk_list, name="opendata-desk"),
    path("du-lieu-mo/<slug:slug>/", pages.desk, name="opendata-record"),
    path("du-lieu-mo/<slug:slug>/phan-loai/", pages.classify, name="opendata-classify"),
    path("du-lieu-mo/<slug:slug>/rui-ro/", pages.risk, name="opendata-risk"),
    path("du-lieu-mo/<slug:slug>/danh-muc/", pages.decide, name="opendata-decide"),
    path("du-lieu-mo/<slug:slug>/cong-bo/", pages.publish, name="opendata-publish"),
    path("du-lieu-mo/<slug:slug>/khong-doi/", pages.no_change, name="opendata-no-change"),
    path("du-lieu-mo/<slug:slug>/thu-hoi/", pages.withdraw, name="opendata-withdraw"),
]
