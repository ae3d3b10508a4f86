"""Addresses of the jobs: on the desk, and of those that everybody may watch."""

from __future__ import annotations

from django.urls import path

from . import pages

desk_urls = [
    path("tien-trinh/<int:job_id>/", pages.progress, name="job"),
    path("tien-trinh/<int:job_id>/dung/", pages.stop, name="job-stop"),
]

portal_urls = [
    path("tien-trinh/<int:job_id>/", pages.open_progress, name="open-job"),
]
