"""Addresses of this app: `portal_urls` stand at the root, `desk_urls` below `lam-viec/`."""

from __future__ import annotations

from django.urls import path

from .pages import (
    acts,
    cases,
    correction,
    corrections,
    flow_acts,
    flows,
    items,
    mapped,
    public,
    reconciliations,
    replayed,
    searches,
    sketches,
)

portal_urls = [path("chong-lan/", public.overlap_map, name="authority-map")]

desk_urls = [
    path("dinh-chinh/", corrections.corrections, name="authority-corrections"),
    path("dinh-chinh/xuat.xlsx", corrections.workbook, name="authority-corrections-workbook"),
    path("dinh-chinh/<str:number>/", correction.correction, name="authority-correction"),
    path("dinh-chinh/<str:number>/bao-cao.<slug:form>", correction.paper, name="authority-correction-paper"),
    path("csdl/<database_code:code>/bao-sai-lech/", corrections.report, name="authority-report-wrong"),
    path("csdl/<database_code:code>/phieu-canh-bao/", corrections.slip, name="authority-slip"),
    path("chong-lan/", cases.case_list, name="authority-cases"),
    path("chong-lan/ban-do/", mapped.overlap_map, name="authority-desk-map"),
    path("chong-lan/ma-tran/", mapped.matrix, name="authority-matrix"),
    path("chong-lan/ma-tran/bang.<slug:form>", mapped.matrix_file, name="authority-matrix-file"),
    path("chong-lan/muc-du-lieu/", items.data_items, name="authority-items"),
    path("chong-lan/muc-du-lieu/bang.<slug:form>", items.items_file, name="authority-items-file"),
    path("chong-lan/do-chinh-xac/", replayed.precision, name="authority-precision"),
    path("chong-lan/<str:number>/", cases.case, name="authority-case"),
    path("chong-lan/<str:number>/cap/<int:pair_id>/", acts.review, name="authority-review-pair"),
    path("chong-lan/<str:number>/tinh-lai/", replayed.replayed, name="authority-replay"),
    path("chong-lan/<str:number>/giao/", acts.assign, name="authority-assign"),
    path("chong-lan/<str:number>/nguon-chuan/", acts.authority, name="authority-name"),
    path("chong-lan/<str:number>/don-doc/", acts.urge, name="authority-urge"),
    path("chong-lan/<str:number>/chi-dao/", acts.direct, name="authority-direct"),
    path("chong-lan/<str:number>/ky/", acts.sign, name="authority-sign"),
    path("chong-lan/<str:number>/tra-lai/", acts.send_back, name="authority-return"),
    path("chong-lan/<str:number>/dong-bo/", acts.start_sync, name="authority-start-sync"),
    path("chong-lan/<str:number>/ket-thuc/", acts.close, name="authority-close"),
    path("csdl/<database_code:code>/phac-thao/", sketches.of_database, name="authority-sketches"),
    path(
        "csdl/<database_code:code>/phac-thao/<int:passage_id>/tep/",
        sketches.sketch_file,
        name="authority-sketch-file",
    ),
    path("csdl/<database_code:code>/ket-noi-ghi/", flow_acts.target, name="authority-target"),
    path("dong-bo/", flows.flow_list, name="authority-flows"),
    path("dong-bo/moi/", flows.plan, name="authority-flow-plan"),
    path("dong-bo/xuat.xlsx", flows.flow_list_file, name="authority-flows-file"),
    path("dong-bo/<str:number>/", flows.flow, name="authority-flow"),
    path("dong-bo/<str:number>/anh-xa/", flow_acts.mapping, name="authority-flow-mapping"),
    path("dong-bo/<str:number>/lich/", flow_acts.schedule, name="authority-flow-schedule"),
    path("dong-bo/<str:number>/tam-dung/", flow_acts.pause, name="authority-flow-pause"),
    path("dong-bo/<str:number>/ket-thuc/", flow_acts.end, name="authority-flow-end"),
    path("dong-bo/<str:number>/luot/", flows.runs, name="authority-runs"),
    path("dong-bo/<str:number>/luot/<int:run_id>/", flows.run, name="authority-run"),
    path("doi-soat/<str:number>/", reconciliations.reconciliation, name="authority-reconciliation"),
    path("doi-soat/<str:number>/chung-nhan.json", reconciliations.certificate, name="authority-certificate"),
    path(
        "doi-soat/<str:number>/bien-ban.<slug:form>",
        reconciliations.paper,
        name="authority-reconciliation-paper",
    ),
    path("csdl/<database_code:code>/chong-lan/", searches.of_database, name="authority-database"),
]
