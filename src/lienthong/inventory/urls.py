"""Addresses of sources, assessments and versions, on the desk."""

from __future__ import annotations

from django.urls import path

from .pages import columns, issues, readings, sources

desk_urls = [
    path("csdl/<database_code:code>/nguon/", sources.source, name="inventory-source"),
    path("csdl/<database_code:code>/nguon/cach-doc/", readings.reading, name="inventory-reading"),
    path("csdl/<database_code:code>/bang/<int:table_id>/", columns.table, name="inventory-table"),
    path("csdl/<database_code:code>/cot/<int:field_id>/du-lieu/", columns.column, name="inventory-column"),
    path("csdl/<database_code:code>/canh-bao/", issues.new_issue, name="inventory-issue-new"),
    path("chat-luong/", issues.issues, name="inventory-issues"),
    path("chat-luong/xuat.xlsx", issues.workbook, name="inventory-issues-workbook"),
    path("chat-luong/<slug:number>/", issues.issue, name="inventory-issue"),
    path("csdl/<database_code:code>/danh-gia/", sources.assessment, name="inventory-assessment"),
    path("csdl/<database_code:code>/bo-du-lieu/", sources.datasets, name="inventory-datasets"),
]
