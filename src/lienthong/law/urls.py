"""Addresses of this app: `portal_urls` stand at the root, `desk_urls` below `lam-viec/`."""

from __future__ import annotations

from django.urls import path

from .pages import desk, public, texts

portal_urls = [
    path("van-ban/", public.instruments, name="law-instruments"),
    path("van-ban/tham-so/", public.parameters, name="law-parameters"),
    path("van-ban/tham-so/<str:key>/", public.parameter, name="law-parameter"),
    path("van-ban/<slug:slug>/", public.instrument, name="law-instrument"),
]

desk_urls = [
    path("van-ban/", desk.parameters, name="law-desk"),
    path("van-ban/vb/", texts.texts, name="law-texts"),
    path("van-ban/vb/ghi-nhan/", texts.record, name="law-text-record"),
    path("van-ban/vb/<slug:slug>/", texts.text, name="law-text"),
    path("van-ban/vb/<slug:slug>/sua/", texts.amend, name="law-text-amend"),
    path("van-ban/vb/<slug:slug>/dieu-khoan/", texts.provision, name="law-text-provision"),
    path("van-ban/vb/<slug:slug>/quan-he/", texts.relation, name="law-text-relation"),
    path("van-ban/lich/", desk.calendar, name="law-calendar"),
    path("van-ban/lich/du-kien/", desk.seed, name="law-calendar-seed"),
    path("van-ban/lich/<int:entry_id>/bo/", desk.remove_day, name="law-calendar-remove"),
    path("van-ban/tham-so/<int:parameter_id>/sua/", desk.change, name="law-change"),
    path("van-ban/tham-so/<str:key>/", desk.parameter, name="law-desk-parameter"),
]
