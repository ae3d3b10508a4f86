"""The demo's story: a national list goes the whole way, a province's copy of it stands where it overlaps and must be decided.

Every step is the act of the officer whose act it is, through the commands that the pages use; a step that was done is not
done again, so that a story that was interrupted is told on from where it stopped.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from lienthong.agencies.demo import fill_agencies, fill_governance
from lienthong.agencies.models import Agency
from lienthong.authority.commands import record_overlaps
from lienthong.authority.queries import comparable_with, last_search
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.demo import make_look, make_review
from lienthong.catalogue.models import (
    CatalogueReview,
    Database,
    DatabaseState,
    DataField,
    Dataset,
    DataTable,
    EntryState,
    IssuedCatalogue,
)
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.inventory import commands as inventory
from lienthong.inventory.commands import bind_source
from lienthong.inventory.demo import assess_now, capture_now, survey_now, write_demo_sources
from lienthong.inventory.models import Assessment, Campaign, DataAudit, InformationSystem, Source
from lienthong.inventory.queries import demo_folder
from lienthong.inventory.stocktaking import databases_to_audit
from lienthong.opendata import commands as opendata
from lienthong.opendata.jobs import publish_now
from lienthong.opendata.models import OpenDataset, OpenState
from lienthong.regulations import commands as regulations
from lienthong.regulations.models import ExchangeStructure, Regulation, SharingProcess
from lienthong.sharing import commands as sharing
from lienthong.sharing.models import ServiceState, SharingRequest, SharingService

from .words import (
    ASSESSMENT,
    AUDIT,
    AUDIT_CONCLUSION,
    AUDIT_FINDINGS,
    CATALOGUED,
    CLAUSES,
    COLUMNS,
    JUDGED,
    OTHERS,
    PROCESS,
    PROGRAMME,
    REPLACED,
    SYSTEMS,
    TABLES,
)

NATIONAL = "G99.DB01"
LOCAL = "H99.01.DB01"
COMMUNES = "danh-muc-xa-phuong"
SERVICE = "tra-cuu-xa-phuong"


@cache
def _world() -> dict[str, dict[str, Any]]:
    return fill_agencies(SYSTEM)


def officer(username: str) -> Actor:
    """The demo's officer with this user name, acting in his or her first post."""
    actor: Actor = _world()["actors"][username]
    return actor


def agency(code: str) -> Agency:
    return Agency.objects.get(code=code)


def database(code: str) -> Database:
    return Database.objects.select_related("owner", "managing_unit").get(code=code)


def enter_agencies() -> None:
    """Agencies, officers, focal officers; the province sets up its data governance."""
    _world.cache_clear()
    _world()
    fill_governance(SYSTEM)


def write_sources() -> None:
    """The two live databases, as SQLite files."""
    write_demo_sources(demo_folder())


def register_national_list() -> None:
    """The ministry registers the national list and binds its source."""
    owner = officer("chu-quan-bo")
    if not Database.objects.filter(code=NATIONAL).exists():
        catalogue.register_database(
            actor=owner,
            code=NATIONAL,
            name="Danh mục đơn vị hành chính Việt Nam",
            name_en="Administrative units of Viet Nam",
            tier="national",
            owner=agency("G99"),
            legal_basis="Quyết định ban hành bảng danh mục và mã số các đơn vị hành chính Việt Nam",
            purpose="Dùng chung một danh mục, mã số đơn vị hành chính trong cả nước.",
            scope="Đơn vị hành chính cấp tỉnh, cấp xã trước và sau ngày 01/07/2025, bảng đối chiếu cũ, mới.",
            collection="Cập nhật theo nghị quyết về sắp xếp đơn vị hành chính; nguồn là hồ sơ của Bộ.",
        )
    _bind(database(NATIONAL), owner, "danh_muc_hanh_chinh.sqlite")


def _bind(found: Database, actor: Actor, name: str) -> None:
    if not Source.objects.filter(database=found, released_at__isnull=True).exists():
        # The product itself wrote the file, so it is the product that hands it over.
        bind_source(actor=SYSTEM, database=found, address=str(demo_folder() / name))


def describe_national_list() -> None:
    """Look at the source, describe and confirm each column."""
    found, owner = database(NATIONAL), officer("chu-quan-bo")
    if not found.tables.exists():
        survey_now(found, actor=owner)
    _describe(found, owner)


def _describe(found: Database, actor: Actor) -> None:
    for table in DataTable.objects.filter(database=found):
        title, description = TABLES.get(table.name, (table.name, ""))
        catalogue.describe_table(actor=actor, table=table, title=title, description=description)
    for field in DataField.objects.filter(table__database=found, confirmed_at__isnull=True).select_related(
        "table"
    ):
        title, description, unit = COLUMNS.get(field.name, (field.title or field.name, "", ""))
        catalogue.describe_field(
            actor=actor,
            field=field,
            title=title,
            description=description,
            unit=unit,
            sharing_class="open" if field.table.name in {"xa", "tinh"} else "shared",
        )


def assess_national_list() -> None:
    """The yearly assessment, concluded as fit to be shared; then the search for overlaps."""
    found, owner = database(NATIONAL), officer("chu-quan-bo")
    if not Assessment.objects.filter(database=found, concluded_at__isnull=False).exists():
        assess_now(found, actor=owner, shareable=True, **ASSESSMENT)
    _nothing_to_compare_with(found)


def _nothing_to_compare_with(found: Database) -> None:
    """The first database has no other beside it: searched, nothing found. Later ones are searched by the reaction."""
    if last_search(found) is None and not comparable_with(found).exists():
        record_overlaps(actor=SYSTEM, database=found, job=None, comparisons=())


def regulate_national_list() -> None:
    """Use regulation, exchange structure, sharing process, issued catalogue."""
    found, owner, head = database(NATIONAL), officer("chu-quan-bo"), officer("nguoi-dung-dau-bo")
    today = timezone.localdate()
    regulation = Regulation.objects.filter(databases=found).order_by("-pk").first()
    if regulation is None:
        regulation = regulations.draft_regulation(
            actor=owner,
            title="Quy chế khai thác, sử dụng danh mục đơn vị hành chính Việt Nam",
            issuer=agency("G99"),
            scope="database",
            databases=[found],
            **CLAUSES,
        )
    if regulation.state == "draft":
        regulations.check_consistency(actor=owner, regulation=regulation)
    if regulation.state == "consistency_checked":
        regulations.record_legal_review(
            actor=owner, regulation=regulation, reviewer="Vụ Pháp chế (trình diễn)", document="45/PC"
        )
    if regulation.state == "legal_reviewed":
        regulations.issue_regulation(
            actor=head,
            regulation=regulation,
            number="12/QĐ-BNV-TD",
            issued_on=today - timedelta(days=20),
            effective_from=today - timedelta(days=10),
        )
    if regulation.state == "issued":
        regulations.publish_regulation(actor=owner, regulation=regulation)
    _documents(found, owner)
    if found.entry_state == EntryState.NOT_DECLARED:
        catalogue.declare_entry(actor=owner, database=found)
    if not IssuedCatalogue.objects.filter(agency=found.owner).exists():
        catalogue.issue_catalogue(
            actor=head,
            agency=found.owner,
            decision_number="15/QĐ-BNV-TD",
            decision_date=today - timedelta(days=5),
        )


def _documents(found: Database, actor: Actor) -> None:
    today = timezone.localdate()
    if not ExchangeStructure.objects.filter(database=found).exists():
        regulations.record_exchange_structure(
            actor=actor,
            database=found,
            title=f"Cấu trúc dữ liệu trao đổi: {found.name}",
            document_number="13/QĐ-BNV-TD",
            document_date=today - timedelta(days=15),
        )
    if not SharingProcess.objects.filter(database=found).exists():
        regulations.record_sharing_process(
            actor=actor,
            database=found,
            title="Quy trình chia sẻ dữ liệu danh mục đơn vị hành chính",
            document_number="14/QĐ-BNV-TD",
            document_date=today - timedelta(days=15),
            steps=PROCESS,
        )


def put_national_list_to_use() -> None:
    """The gate passes: the database goes live."""
    found = database(NATIONAL)
    if found.state != DatabaseState.IN_OPERATION:
        regulations.request_go_live(actor=officer("chu-quan-bo"), database=found)


def capture_communes() -> None:
    """The list of communes becomes a dataset with its first version."""
    found, owner = database(NATIONAL), officer("chu-quan-bo")
    dataset = Dataset.objects.filter(slug=COMMUNES).first()
    if dataset is None:
        dataset = catalogue.define_dataset(
            actor=owner,
            database=found,
            table=found.tables.get(name="xa"),
            name="Danh mục xã, phường, đặc khu",
            name_en="Communes, wards and special zones",
            slug_text=COMMUNES,
            key=["ma_xa"],
            description="Dữ liệu xã, phường, đặc khu của cả nước từ ngày 01/07/2025: mã, tên, loại, tỉnh, diện tích, tọa độ.",
            description_en="All communes, wards and special zones since 1 July 2025: code, name, kind, province, area, position.",
            update_rhythm="khi có nghị quyết sắp xếp",
        )
    if dataset.latest is None or dataset.latest.replica_at is None:
        capture_now(dataset, actor=owner, note="Phiên bản đầu tiên")


def share_communes() -> None:
    """A sharing service on the list of communes, published."""
    owner = officer("chu-quan-bo")
    dataset = Dataset.objects.select_related("database__owner").get(slug=COMMUNES)
    service = SharingService.objects.filter(code=SERVICE).first()
    if service is None:
        service = sharing.prepare_service(
            actor=owner,
            dataset=dataset,
            code=SERVICE,
            name="Tra cứu danh mục xã, phường, đặc khu",
            name_en="Look up communes, wards and special zones",
            description="Tra cứu mã, tên, loại, tỉnh và diện tích của đơn vị hành chính cấp xã theo phiên bản mới nhất.",
            columns=["ma_xa", "ten_xa", "loai", "ma_tinh", "dien_tich_km2", "hieu_luc_tu"],
            conditions="Dùng cho thủ tục hành chính, nghiệp vụ của cơ quan nhà nước.",
            guide="Gọi theo mã xã để lấy một bản ghi, hoặc lọc theo ma_tinh để lấy cả tỉnh.",
            contact="Trung tâm Công nghệ thông tin, Bộ Nội vụ (trình diễn)",
        )
    if service.state == ServiceState.DRAFT:
        sharing.make_service_ready(actor=owner, service=service)
    if service.state == ServiceState.READY:
        sharing.publish_service(actor=owner, service=service)


def open_communes() -> None:
    """The same list as open data, on the portal."""
    owner = officer("chu-quan-bo")
    dataset = Dataset.objects.select_related("database__owner", "database__managing_unit", "table").get(
        slug=COMMUNES
    )
    found = OpenDataset.objects.filter(dataset=dataset).first()
    if found is None:
        found = opendata.classify_dataset(
            actor=owner,
            dataset=dataset,
            classification="open",
            topic="Địa giới, hành chính",
            method_note="Mã và tên theo danh mục hiện hành; tọa độ là điểm đại diện, không phải ranh giới.",
            feedback_contact="gop-y@noivu.example",
        )
    if found.state == OpenState.CLASSIFIED:
        opendata.sign_off_risk(
            actor=owner,
            open_dataset=found,
            personal="Đã xem tám cột: không có cột nào về cá nhân.",
            combination="Đơn vị hành chính không gắn với người; kết hợp không nhận ra cá nhân.",
            security="Danh mục đã công khai; không có dữ liệu về quốc phòng, an ninh.",
        )
    if found.state == OpenState.RISK_CHECKED:
        opendata.list_in_open_catalogue(
            actor=owner,
            open_dataset=found,
            decision_number="16/QĐ-BNV-TD",
            decision_date=timezone.localdate(),
        )
    if found.state == OpenState.LISTED:
        publish_now(found, actor=owner, note="Công bố lần đầu")


def register_provincial_copy() -> None:
    """The province registers its copy, looks at it, assesses it; the overlap is found and waits for a decision."""
    owner = officer("chu-quan")
    if not Database.objects.filter(code=LOCAL).exists():
        catalogue.register_database(
            actor=owner,
            code=LOCAL,
            name="CSDL danh mục dùng chung của tỉnh An Lộc",
            name_en="Shared code lists of An Loc province",
            tier="local",
            local_base="built_for_egovernment",
            owner=agency("H99"),
            managing_unit=agency("H99.01"),
            legal_basis="Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026 của UBND tỉnh An Lộc",
            purpose="Cấp danh mục đơn vị hành chính cho phần mềm một cửa và các sở.",
            scope="Đơn vị hành chính cấp tỉnh, cấp xã dùng trong các hệ thống của tỉnh.",
            collection="Sao từ danh mục quốc gia năm 2021, cập nhật tay năm 2025.",
        )
    found = database(LOCAL)
    _bind(found, owner, "dm_dvhc_tinh.sqlite")
    if not found.tables.exists():
        survey_now(found, actor=owner)
    if not Assessment.objects.filter(database=found).exists():
        # That it was recorded starts the search for overlaps.
        assess_now(found, actor=owner)


def issue_last_years_catalogue() -> None:
    """The province issued its catalogue a year ago, with what its departments had declared then."""
    province, head = agency("H99"), officer("nguoi-dung-dau")
    for code, unit, name, name_en, purpose, columns in CATALOGUED:
        found = Database.objects.filter(code=code).first()
        if found is None:
            found = catalogue.register_database(
                actor=SYSTEM,
                code=code,
                name=name,
                name_en=name_en,
                tier="local",
                local_base="built_for_egovernment",
                owner=province,
                managing_unit=agency(unit),
                legal_basis="Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026 của UBND tỉnh An Lộc",
                purpose=purpose,
                scope="Dữ liệu phát sinh tại các cơ quan, đơn vị của tỉnh.",
                collection="Cập nhật hằng ngày từ phần mềm nghiệp vụ của đơn vị.",
            )
            catalogue.describe_from_look(
                actor=SYSTEM, database=found, look=make_look("Hồ sơ", columns, primary_key=columns[0][:1])
            )
            catalogue.confirm_fields(actor=SYSTEM, database=found)
            record_overlaps(actor=SYSTEM, database=found, job=None, comparisons=())
        if found.entry_state == EntryState.NOT_DECLARED:
            catalogue.declare_entry(actor=SYSTEM, database=found)
    if not IssuedCatalogue.objects.filter(agency=province).exists():
        catalogue.issue_catalogue(
            actor=head,
            agency=province,
            decision_number="1890/QĐ-UBND",
            decision_date=timezone.localdate() - timedelta(days=365),
        )


def review_the_catalogue() -> None:
    """This year's review is under way: one unit has declared, one has ended a database, two are waited for."""
    province, it_unit = agency("H99"), officer("cntt")
    if CatalogueReview.objects.filter(agency=province).exists():
        return
    found = database("H99.05.DB01")
    purpose = "Quản lý văn bản, hồ sơ công việc điện tử dùng chung toàn tỉnh."
    if found.purpose != purpose:
        catalogue.amend_database(actor=it_unit, database=found, purpose=purpose)
    review = make_review(
        province,
        [agency(code) for code in ("H99.01", "H99.02", "H99.05", "H99.11")],
        actor=it_unit,
        document_number="112/KH-UBND",
        opened_on=timezone.localdate() - timedelta(days=12),
    )
    declarations = {one.unit.code: one for one in review.declarations.select_related("unit")}
    for code, answers, reasons in (
        ("H99.05", {"H99.05.DB01": "stands"}, {}),
        ("H99.02", {"H99.02.DB01": "stands", "H99.02.DB02": "ended"}, {"H99.02.DB02": REPLACED}),
    ):
        catalogue.answer_databases(
            actor=it_unit, declaration=declarations[code], answers=answers, reasons=reasons
        )
        catalogue.declare_unit(actor=it_unit, declaration=declarations[code])
    catalogue.accept_declaration(actor=it_unit, declaration=declarations["H99.05"])


def ask_for_communes() -> None:
    """The department of health asks for the service; the answer is due."""
    asker = officer("khai-thac")
    service = SharingService.objects.select_related("dataset__database__managing_unit", "provider").get(
        code=SERVICE
    )
    if not SharingRequest.objects.filter(service=service).exists():
        sharing.receive_request(
            actor=asker,
            service=service,
            requester=agency("H99.11"),
            purpose="Kiểm tra địa chỉ khi cấp giấy phép hoạt động khám bệnh, chữa bệnh.",
            solution="Phần mềm cấp phép của Sở tra mã xã khi nhập hồ sơ; không lưu bản sao.",
            items=["ma_xa", "ten_xa", "ma_tinh"],
            frequency="200 lượt/ngày",
            application="Phần mềm cấp phép hành nghề (H99.11.UD02)",
        )


def register_other_databases() -> None:
    """Databases at the beginning of their way, and one that only its keeper may know of."""
    for code, name, name_en, tier, owner, unit, base, purpose, secret in OTHERS:
        if not Database.objects.filter(code=code).exists():
            catalogue.register_database(
                actor=officer("cntt"),
                code=code,
                name=name,
                name_en=name_en,
                tier=tier,
                local_base=base,
                owner=agency(owner),
                managing_unit=agency(unit),
                legal_basis="Quyết định số 05/2026/QĐ-UBND ngày 12/01/2026 của UBND tỉnh An Lộc",
                purpose=purpose,
                scope="Dữ liệu thuộc nhiệm vụ của đơn vị.",
                collection="Nhập trong quá trình xử lý công việc.",
            )
        found = database(code)
        if secret and not found.is_secret:
            catalogue.mark_secret(
                actor=officer("giu-mat"), database=found, reason="Theo danh mục bí mật nhà nước"
            )


def enter_systems() -> None:
    """The province's information systems; one was gone through and cannot be connected yet."""
    keeper = officer("cntt")
    for code, unit, reviewed, facts in SYSTEMS:
        system = InformationSystem.objects.filter(code=code).first()
        if system is None:
            system = inventory.register_system(
                actor=keeper, code=code, owner=agency("H99"), operator=agency(unit), **facts
            )
        if reviewed and system.reviewed_at is None:
            inventory.review_system(actor=keeper, system=system)


def take_stock() -> None:
    """This year's inventory of the province is under way: one unit is verified, the others are at work."""
    keeper, head = officer("cntt"), officer("nguoi-dung-dau")
    today = timezone.localdate()
    campaign = Campaign.objects.filter(agency=agency("H99")).first()
    if campaign is None:
        campaign = inventory.plan_campaign(
            actor=keeper,
            agency=agency("H99"),
            year=today.year,
            units=[agency(code) for code in ("H99.01", "H99.02", "H99.05", "H99.11")],
            **PROGRAMME,
        )
    if campaign.state == "planned":
        inventory.approve_campaign(
            actor=head, campaign=campaign, number="05/QĐ-UBND", day=today - timedelta(days=30)
        )
    if campaign.state == "approved":
        inventory.open_campaign(actor=keeper, campaign=campaign)
    part = campaign.parts.select_related("unit", "campaign__agency").get(unit=agency("H99.05"))
    if part.state == "open":
        inventory.write_part(
            actor=keeper,
            part=part,
            standards="Nền tảng tích hợp theo khung kiến trúc số; dịch vụ mô tả bằng OpenAPI.",
            upkeep="Nhật ký kết nối lưu 24 tháng.",
            conclusion="Sở không quản lý cơ sở dữ liệu dùng chung; nền tảng tích hợp của tỉnh kết nối được.",
            record_date=today,
        )
        inventory.submit_part(actor=keeper, part=part)
    if part.state == "submitted":
        inventory.verify_part(actor=keeper, part=part)


def audit_data() -> None:
    """The province's data of this quarter were audited by a department that manages none of them; the head is to sign."""
    keeper, today = officer("cntt"), timezone.localdate()
    quarter = (today.month + 2) // 3
    audit = DataAudit.objects.filter(agency=agency("H99"), year=today.year, quarter=quarter).first()
    if audit is None:
        audit = inventory.plan_audit(
            actor=keeper,
            agency=agency("H99"),
            auditor=agency("H99.05"),
            year=today.year,
            quarter=quarter,
            **AUDIT,
        )
    if audit.state == "planned":
        scope = [one for one in databases_to_audit(audit.agency) if one.managing_unit_id != audit.auditor_id]
        inventory.scope_audit(actor=keeper, audit=audit, databases=scope)
    if audit.state == "scoped":
        inventory.measure_audit(actor=keeper, audit=audit)
    if audit.state == "measured":
        for key, (level, evidence) in JUDGED.items():
            inventory.enter_measure(actor=keeper, audit=audit, key=key, level=level, evidence=evidence)
        local = audit.databases.filter(code=LOCAL).first()
        if not audit.found.exists():
            for finding in AUDIT_FINDINGS:
                inventory.note_finding(
                    actor=keeper,
                    audit=audit,
                    database=local if finding["follow_up"] != "statement" else None,
                    **finding,
                )
        inventory.report_audit(actor=keeper, audit=audit, conclusion=AUDIT_CONCLUSION)
