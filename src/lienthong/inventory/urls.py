"""Addresses of sources, assessments and versions, on the desk."""

from __future__ import annotations

from django.urls import path

from .pages import (
    audits,
    campaigns,
    columns,
    issues,
    parts,
    quality,
    readings,
    sources,
    systems,
    upgrades,
    versions,
)

desk_urls = [
    path("csdl/<database_code:code>/nguon/", sources.source, name="inventory-source"),
    path("csdl/<database_code:code>/nguon/cach-doc/", readings.reading, name="inventory-reading"),
    path("csdl/<database_code:code>/bang/<int:table_id>/", columns.table, name="inventory-table"),
    path("csdl/<database_code:code>/cot/<int:field_id>/du-lieu/", columns.column, name="inventory-column"),
    path("csdl/<database_code:code>/canh-bao/", issues.new_issue, name="inventory-issue-new"),
    path("chat-luong/", issues.issues, name="inventory-issues"),
    path("chat-luong/xuat.xlsx", issues.workbook, name="inventory-issues-workbook"),
    path("chat-luong/<slug:number>/", issues.issue, name="inventory-issue"),
    path("csdl/<database_code:code>/chat-luong/", quality.quality, name="inventory-quality"),
    path("csdl/<database_code:code>/chat-luong/cot.csv", quality.columns_csv, name="inventory-quality-csv"),
    path(
        "csdl/<database_code:code>/chat-luong/xuat.xlsx",
        quality.workbook,
        name="inventory-quality-workbook",
    ),
    path(
        "csdl/<database_code:code>/chat-luong/dqv.<slug:ending>",
        quality.vocabulary,
        name="inventory-quality-dqv",
    ),
    path("csdl/<database_code:code>/danh-gia/", sources.assessment, name="inventory-assessment"),
    path("csdl/<database_code:code>/bo-du-lieu/", sources.datasets, name="inventory-datasets"),
    path("csdl/<database_code:code>/bo-du-lieu/<slug:slug>/", versions.versions, name="inventory-versions"),
    path(
        "csdl/<database_code:code>/bo-du-lieu/<slug:slug>/so-sanh/",
        versions.compare,
        name="inventory-compare",
    ),
    path(
        "csdl/<database_code:code>/bo-du-lieu/<slug:slug>/so-sanh/bang.<slug:form>",
        versions.compare_file,
        name="inventory-compare-file",
    ),
    path(
        "csdl/<database_code:code>/bo-du-lieu/<slug:slug>/<int:number>/kiem-chung/",
        versions.verify,
        name="inventory-verify-version",
    ),
    path(
        "csdl/<database_code:code>/bo-du-lieu/<slug:slug>/<int:number>/tai/<slug:form>/",
        versions.download,
        name="inventory-version-file",
    ),
    path("kiem-toan/", audits.audits, name="inventory-audits"),
    path("kiem-toan/lap/", audits.plan, name="inventory-audit-plan"),
    path("kiem-toan/<slug:number>/", audits.audit, name="inventory-audit"),
    path("kiem-toan/<slug:number>/pham-vi/", audits.scope, name="inventory-audit-scope"),
    path("kiem-toan/<slug:number>/phat-hien/", audits.finding, name="inventory-audit-finding"),
    path("kiem-toan/<slug:number>/bao-cao/", audits.report, name="inventory-audit-report"),
    path("kiem-toan/<slug:number>/ky/", audits.sign, name="inventory-audit-sign"),
    path("kiem-toan/<slug:number>/tra-lai/", audits.send_back, name="inventory-audit-return"),
    path("kiem-toan/<slug:number>/chi-so/<slug:key>/", audits.measure, name="inventory-audit-measure"),
    path("kiem-toan/<slug:number>/bao-cao.<slug:form>", audits.paper, name="inventory-audit-paper"),
    path("kiem-ke/", campaigns.campaigns, name="inventory-campaigns"),
    path("kiem-ke/lap/", campaigns.plan, name="inventory-campaign-plan"),
    path("kiem-ke/<slug:number>/", campaigns.campaign, name="inventory-campaign"),
    path("kiem-ke/<slug:number>/chuong-trinh/", campaigns.programme, name="inventory-campaign-programme"),
    path("kiem-ke/<slug:number>/phe-duyet/", campaigns.approve, name="inventory-campaign-approve"),
    path("kiem-ke/<slug:number>/tra-lai/", campaigns.send_programme_back, name="inventory-campaign-return"),
    path("kiem-ke/<slug:number>/tong-hop/", campaigns.consolidate, name="inventory-campaign-consolidate"),
    path("kiem-ke/<slug:number>/khao-sat/", campaigns.surveyed, name="inventory-campaign-survey"),
    path("kiem-ke/<slug:number>/bao-cao.<slug:form>", campaigns.report, name="inventory-report"),
    path("kiem-ke/<slug:number>/don-vi/<str:code>/", parts.part, name="inventory-part"),
    path(
        "kiem-ke/<slug:number>/don-vi/<str:code>/bien-ban.<slug:form>", parts.record, name="inventory-record"
    ),
    path("he-thong-thong-tin/", systems.systems, name="inventory-systems"),
    path("he-thong-thong-tin/ghi-nhan/", systems.register, name="inventory-system-register"),
    path("he-thong-thong-tin/nhap/", systems.enter, name="inventory-systems-enter"),
    path("he-thong-thong-tin/xuat.xlsx", systems.workbook, name="inventory-systems-workbook"),
    path("he-thong-thong-tin/<database_code:code>/", systems.system, name="inventory-system"),
    path("he-thong-thong-tin/<database_code:code>/sua/", systems.amend, name="inventory-system-amend"),
    path("he-thong-thong-tin/<database_code:code>/ngung/", systems.retire, name="inventory-system-retire"),
    path(
        "he-thong-thong-tin/<database_code:code>/nang-cap/", upgrades.propose, name="inventory-upgrade-system"
    ),
    path("nang-cap/", upgrades.board, name="inventory-upgrades"),
    path("nang-cap/xuat.xlsx", upgrades.workbook, name="inventory-upgrades-workbook"),
    path("nang-cap/<slug:number>/", upgrades.item, name="inventory-upgrade"),
    path("csdl/<database_code:code>/nang-cap/", upgrades.of_database, name="inventory-upgrades-database"),
    path("csdl/<database_code:code>/nang-cap/de-xuat/", upgrades.propose, name="inventory-upgrade-database"),
]
