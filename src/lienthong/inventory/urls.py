"""Addresses of sources, assessments and versions, on the desk."""

from __future__ import annotations

from django.urls import path

from . import pages

desk_urls = [
    path("csdl/<database_code:code>/nguon/", pages.source, name="inventory-source"),
    path("csdl/<database_code:code>/danh-gia/", pages.assessment, name="inventory-assessment"),
    path("csdl/<database_code:code>/bo-du-lieu/", pages.datasets, name="inventory-datasets"),
]
