"""Addresses of sources, assessments and versions, on the desk."""

from __future__ import annotations

from django.urls import path

from .pages import columns, sources

desk_urls = [
    path("csdl/<database_code:code>/nguon/", sources.source, name="inventory-source"),
    path("csdl/<database_code:code>/bang/<int:table_id>/", columns.table, name="inventory-table"),
    path("csdl/<database_code:code>/cot/<int:field_id>/du-lieu/", columns.column, name="inventory-column"),
    path("csdl/<database_code:code>/danh-gia/", sources.assessment, name="inventory-assessment"),
    path("csdl/<database_code:code>/bo-du-lieu/", sources.datasets, name="inventory-datasets"),
]
