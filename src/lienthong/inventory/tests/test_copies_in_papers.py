"""The papers of the yearly inventory say how a database stands to others that hold the same data."""

from __future__ import annotations

from django.utils import timezone

from lienthong.agencies.demo import make_agency
from lienthong.catalogue.commands import note_copy
from lienthong.catalogue.demo import make_database
from lienthong.foundation.accounts.actor import SYSTEM as PRODUCT
from lienthong.foundation.tracing import carries
from lienthong.inventory import commands, written_records
from lienthong.inventory.demo import assess_now, make_source
from lienthong.inventory.written_facts import without_database

from .conftest import write_sqlite
from .test_yearly_inventory import PROGRAMME


@carries("OVL-02", "OVL-04", "SEC-01")
def test_they_say_how_a_copy_follows_its_source_until_that_becomes_secret(world, tmp_path):
    today = timezone.localdate()
    make_source(world.database, write_sqlite(tmp_path / "a.sqlite"))
    assess_now(world.database, shareable=True)
    ministry = make_agency("G97", "Bộ Y tế (trình diễn)", kind="ministry")
    source = make_database(ministry, code="G97.DB01", tier="national")
    note_copy(
        number="CL-2026-0001",
        database=world.database,
        source=source,
        standing="synchronise",
        method="synchronise",
        frequency="daily",
        responsible_unit=world.justice,
    )
    campaign = commands.plan_campaign(
        actor=PRODUCT, agency=world.province, year=today.year, units=[world.justice], **PROGRAMME
    )
    commands.approve_campaign(actor=PRODUCT, campaign=campaign, number="15/QĐ-UBND", day=today)
    commands.open_campaign(actor=PRODUCT, campaign=campaign)
    part = campaign.parts.get()
    commands.write_part(actor=PRODUCT, part=part, conclusion="Đạt.", record_number="05/BB", record_date=today)
    part = commands.submit_part(actor=PRODUCT, part=part)

    told = str(written_records.record_paper(part.facts).blocks)
    for said in ("CL-2026-0001", source.name, "hằng ngày", f"{world.justice.name} chịu trách nhiệm"):
        assert said in told
    assert "Chồng lấn" in [sheet.name for sheet in written_records.record_sheets(part.facts)]
    left = without_database(part.facts, source.pk)
    assert "CL-2026-0001" not in str(left)
    assert world.database.code in str(left)
