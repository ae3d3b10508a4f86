"""Addresses of this app: `portal_urls` stand at the root, `desk_urls` below `lam-viec/`."""

from __future__ import annotations

from django.urls import path

from .pages import drafting, files, gate, lists, public, steps

portal_urls = [
    path("quy-che/", public.regulation_list, name="regulations-public-list"),
    path("quy-che/<slug:slug>/", public.regulation, name="regulations-public"),
    path("quy-che/<slug:slug>/<int:version>/van-ban/", files.document, name="regulations-document"),
]

desk_urls = [
    path("quy-che/", lists.regulation_list, name="regulations-list"),
    path("quy-che/soan/", drafting.draft, name="regulations-draft"),
    path("quy-che/<slug:slug>/<int:version>/", steps.regulation, name="regulations-file"),
    path("quy-che/<slug:slug>/<int:version>/sua/", drafting.amend, name="regulations-amend"),
    path("quy-che/<slug:slug>/<int:version>/kiem-tra/", steps.check, name="regulations-check"),
    path("quy-che/<slug:slug>/<int:version>/phap-che/", steps.legal_review, name="regulations-legal-review"),
    path("quy-che/<slug:slug>/<int:version>/ban-hanh/", steps.issue, name="regulations-issue"),
    path("quy-che/<slug:slug>/<int:version>/cong-khai/", steps.publish, name="regulations-publish"),
    path(
        "quy-che/<slug:slug>/<int:version>/phien-ban-moi/", steps.new_version, name="regulations-new-version"
    ),
    path("csdl/<database_code:code>/dieu-kien/", gate.gate, name="regulations-gate"),
    path("csdl/<database_code:code>/cau-truc-trao-doi/", gate.structure, name="regulations-structure"),
    path("csdl/<database_code:code>/quy-trinh-chia-se/", gate.process, name="regulations-process"),
]
