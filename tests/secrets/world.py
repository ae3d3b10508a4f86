"""A world with one database that the whole product has worked on, and that then became secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from lienthong.agencies.demo import fill_agencies
from lienthong.agencies.models import Agency
from lienthong.authority.demo import make_case, make_pair
from lienthong.catalogue import commands as catalogue
from lienthong.catalogue.demo import make_database, make_dataset, make_described_database, make_ready_dossier
from lienthong.catalogue.models import Database
from lienthong.foundation.accounts.actor import SYSTEM
from lienthong.foundation.jobs.working import run_waiting_jobs
from lienthong.inventory import commands as inventory
from lienthong.inventory.demo import assess_now, capture_now, make_source, survey_now
from lienthong.opendata.demo import make_published
from lienthong.regulations.demo import make_process, make_structure
from lienthong.regulations.demo import make_published as make_regulation
from lienthong.sharing.demo import make_account, make_request, make_service
from tests.worlds import delivered

# A word that stands in everything that is written about the database, and the code under which it is known.
WORD, CODE = "zorilla", "H99.01.DB77"
SAID = f"Nội dung {WORD}"
ROWS = f"ma_{WORD},ten_{WORD},dien_thoai\n1,{WORD} một,0912345678\n2,{WORD} hai,0987654321\n3,{WORD} ba,\n"


def build(folder: Path) -> dict[str, Any]:
    """Agencies and officers, a national database beside the local one, and a database of the ministry."""
    with delivered():
        found = fill_agencies()
        make_described_database(
            found["agencies"]["G99"], tier="national", code="G99.DB01", name="Danh mục đơn vị hành chính"
        )
        make_database(found["agencies"]["H99"], code="H99.02.DB01", managing_unit=found["agencies"]["H99.02"])
        system = inventory.register_system(
            actor=SYSTEM,
            code="H99.01.HT01",
            name="Hệ thống của Sở",
            purpose="Phục vụ công việc của Sở",
            kind="specialised",
            connection="service",
            owner=found["agencies"]["H99"],
            operator=found["agencies"]["H99.05"],
        )
        campaign = inventory.plan_campaign(
            actor=SYSTEM,
            agency=found["agencies"]["H99"],
            year=timezone.localdate().year,
            scope="Toàn bộ",
            guidance="Theo hướng dẫn",
            place="An Lộc",
            units=[found["agencies"]["H99.01"], found["agencies"]["H99.02"]],
        )
        inventory.approve_campaign(
            actor=SYSTEM, campaign=campaign, number="05/QĐ-UBND", day=timezone.localdate()
        )
        inventory.open_campaign(actor=SYSTEM, campaign=campaign)
        run_waiting_jobs()
    return found | {"system": system, "campaign": campaign, "folder": folder}


def work_on_it(found: dict[str, Any]) -> Database:
    """Everything that officers do with a database, done with this one; nothing is hidden yet."""
    agencies, folder = found["agencies"], found["folder"] / WORD
    folder.mkdir(parents=True)
    (folder / f"{WORD}.csv").write_text(ROWS, encoding="utf-8")
    with delivered():
        database = make_database(
            agencies["H99"],
            code=CODE,
            managing_unit=agencies["H99.01"],
            name=f"CSDL {WORD}",
            name_en=f"Database {WORD}",
            **dict.fromkeys(("legal_basis", "purpose", "scope", "collection"), SAID),
        )
        make_source(database, folder)
        survey_now(database)
        catalogue.confirm_fields(actor=SYSTEM, database=database)
        _share(database, agencies)
    with delivered():
        assess_now(database, shareable=True, conclusion=SAID)
    with delivered():
        inventory.open_issue(actor=SYSTEM, database=database, text=SAID, error_type="missing", light="red")
        make_case(
            database,
            Database.objects.get(code="G99.DB01"),
            make_pair(left=(WORD, f"ma_{WORD}"), right=("xa", "ma_xa")),
        )
        inventory.propose_upgrade(actor=SYSTEM, database=database, found=SAID, action=SAID)
        found["system"].databases.add(database)
        _propose(database)
        run_waiting_jobs()
    return database


def _propose(database: Database) -> None:
    dossier = make_ready_dossier(database, reason=SAID)
    for part in dossier.parts.all():
        type(part).objects.filter(pk=part.pk).update(text=SAID)
    catalogue.send_dossier(
        actor=SYSTEM,
        dossier=dossier,
        letter_number=f"1/{WORD}",
        letter_date=timezone.localdate(),
        signer="Người ký",
        place="An Lộc",
    )


def _share(database: Database, agencies: dict[str, Agency]) -> None:
    catalogue.put_into_operation(actor=SYSTEM, database=database)
    make_regulation(agencies["H99"], database, title=f"Quy chế {WORD}", number=f"7/{WORD}")
    make_structure(database, title=f"Cấu trúc {WORD}")
    make_process(database, title=f"Quy trình {WORD}")
    columns = (f"ma_{WORD}", f"ten_{WORD}")
    dataset = make_dataset(database, name=f"Danh sách {WORD}", key=[columns[0]], slug_text=WORD)
    capture_now(dataset)
    service = make_service(dataset, code=f"{WORD}-dv", columns=columns, name=f"Tra cứu {WORD}")
    make_request(service, agencies["H99.11"])
    make_account(service, agencies["H99.11"])
    make_published(dataset, columns=columns, method_note=SAID)


def make_it_secret(found: dict[str, Any], database: Database) -> None:
    """The keeper of secrets takes it out of the ordinary work."""
    with delivered():
        catalogue.mark_secret(actor=found["actors"]["giu-mat"], database=database, reason=SAID)
        run_waiting_jobs()
