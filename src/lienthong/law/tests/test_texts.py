"""Legal texts are entered, corrected and related by those who keep them; new editions leave that alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries
from lienthong.law import errors
from lienthong.law.commands import amend_text, load_law, record_provision, record_relation, record_text
from lienthong.law.models import Instrument, Provision, ShippedFacts
from lienthong.law.queries import stale_citations

pytestmark = [pytest.mark.django_db]


def written(**changed: Any) -> dict[str, Any]:
    return {
        "kind": "decree",
        "force": "law",
        "number": "999/2026/NĐ-CP",
        "title_vi": "Quy định về dữ liệu thử",
        "issuer_vi": "Chính phủ",
        "issued_on": date(2026, 11, 1),
        "in_force_from": date(2027, 1, 1),
        "mark": "verified",
        "reason": "Công báo số 1200",
    } | changed


@carries("CFG-01")
def test_a_text_is_recorded_with_its_source_and_told(law: None, administrator: Actor) -> None:
    row = record_text(actor=administrator, read_in="Công báo điện tử", **written())
    assert (row.slug, row.title_en, row.citation()) == (
        "decree-999-2026-nd-cp",
        "Quy định về dữ liệu thử",
        "Nghị định số 999/2026/NĐ-CP",
    )
    event = Event.objects.filter(name="law.TextRecorded").latest("pk")
    assert (event.sentence("vi"), event.reason) == (
        "Ghi nhận Nghị định số 999/2026/NĐ-CP",
        "Công báo số 1200",
    )
    assert row.sources


@pytest.mark.parametrize(
    ("changed", "error", "field"),
    [
        ({"number": " "}, errors.TextFieldMissing, "number"),
        ({"kind": "song"}, errors.TextFieldMissing, "kind"),
        ({"number": "47/2020/nđ-cp"}, errors.TextNumberTaken, "number"),
        ({"in_force_from": date(2026, 10, 1)}, errors.TextDatesRefused, "in_force_to"),
        ({"in_force_to": date(2026, 12, 1)}, errors.TextDatesRefused, "in_force_to"),
        ({"reason": ""}, errors.ReasonMissing, "reason"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(
    law: None, administrator: Actor, changed: dict[str, Any], error: type[Exception], field: str
) -> None:
    before = Instrument.objects.count()
    with pytest.raises(error) as refused:
        record_text(actor=administrator, **written(**changed))
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert Instrument.objects.count() == before


def test_nobody_else_may(law: None, it_unit: Actor, head: Actor) -> None:
    row = Instrument.objects.get(slug="nd-47-2020")
    for actor in (it_unit, head):
        with pytest.raises(NotAllowed):
            record_text(actor=actor, **written())
        with pytest.raises(NotAllowed):
            amend_text(actor=actor, instrument=row, reason="x", title_vi="Khác")
        with pytest.raises(NotAllowed):
            record_provision(actor=actor, instrument=row, place="1", summary_vi="x", reason="x")
        with pytest.raises(NotAllowed):
            record_relation(
                actor=actor, kind="amends", source=row, target=row, effective_on=date(2026, 1, 1), reason="x"
            )


@carries("CFG-01")
def test_a_correction_outlives_a_new_edition(law: None, administrator: Actor) -> None:
    row = Instrument.objects.get(slug="nd-47-2020")
    amend_text(actor=administrator, instrument=row, title_vi="Tiêu đề đã đối chiếu", reason="Bản gốc")
    other = Instrument.objects.exclude(pk=row.pk).filter(edited_at__isnull=True).first()
    assert other is not None
    Instrument.objects.filter(pk=other.pk).update(title_vi="Bị ghi đè")

    ShippedFacts.objects.all().delete()
    load_law()

    row.refresh_from_db()
    other.refresh_from_db()
    assert row.title_vi == "Tiêu đề đã đối chiếu"
    assert other.title_vi != "Bị ghi đè"
    event = Event.objects.filter(name="law.TextAmended").latest("pk")
    assert event.payload["after"] == {"title_vi": "Tiêu đề đã đối chiếu"}


def test_a_correction_that_changes_nothing_writes_nothing(law: None, administrator: Actor) -> None:
    row = Instrument.objects.get(slug="nd-47-2020")
    before = Event.objects.count()
    amend_text(actor=administrator, instrument=row, title_vi=row.title_vi, reason="Rà soát")
    assert Event.objects.count() == before


@carries("CFG-01")
def test_a_place_is_recorded_once(law: None, administrator: Actor) -> None:
    row = record_text(actor=administrator, **written())
    place = record_provision(
        actor=administrator, instrument=row, place=" 5.2.Đ ", summary_vi="Nêu thời hạn", reason="Công báo"
    )
    assert place.citation() == "điểm đ khoản 2 Điều 5 Nghị định số 999/2026/NĐ-CP"
    with pytest.raises(errors.PlaceTaken):
        record_provision(
            actor=administrator, instrument=row, place="5.2.đ", summary_vi="Lại", reason="Công báo"
        )
    for bad in ("", "Điều năm", "5..2"):
        with pytest.raises(errors.PlaceRefused):
            record_provision(actor=administrator, instrument=row, place=bad, summary_vi="x", reason="x")
    assert Provision.objects.filter(instrument=row).count() == 1


@carries("CFG-01")
def test_a_text_replaced_as_a_whole_holds_until_the_day_before(law: None, administrator: Actor) -> None:
    old = Instrument.objects.filter(in_force_to__isnull=True, kind="decree", issued_on__isnull=False)[0]
    new = record_text(actor=administrator, **written())
    record_relation(
        actor=administrator,
        kind="replaces",
        source=new,
        target=old,
        effective_on=date(2027, 1, 1),
        reason="Điều khoản thi hành",
    )
    old.refresh_from_db()
    assert old.in_force_to == date(2026, 12, 31)

    told = stale_citations(f"Căn cứ Nghị định số {old.number};", date(2027, 2, 1))
    assert [(one.slug, one.ended_on, one.instead_vi) for one in told] == [
        (old.slug, date(2026, 12, 31), "Nghị định số 999/2026/NĐ-CP")
    ]
    assert stale_citations(f"Căn cứ Nghị định số {new.number}", date(2026, 12, 1))[0].status == "not_yet"
    assert stale_citations(f"Căn cứ Nghị định số {new.number}", date(2027, 2, 1)) == []


@pytest.mark.parametrize("changed", [{"kind": "hates"}, {"effective_on": date(2026, 1, 1)}, {"target": None}])
def test_relations_that_cannot_be_are_refused(
    law: None, administrator: Actor, changed: dict[str, Any]
) -> None:
    new = record_text(actor=administrator, **written())
    given = {
        "kind": "amends",
        "target": Instrument.objects.get(slug="nd-47-2020"),
        "effective_on": date(2027, 1, 1),
    }
    given |= changed
    given["target"] = given["target"] or new
    with pytest.raises(errors.RelationRefused):
        record_relation(actor=administrator, source=new, reason="x", **given)


def test_an_old_writing_is_read_with_the_law_of_its_own_day(law: None) -> None:
    writing = "Căn cứ Nghị định số 47/2020/NĐ-CP ngày 09/4/2020 của Chính phủ"
    assert stale_citations(writing, date(2021, 1, 1)) == []
    assert [one.slug for one in stale_citations(writing, date(2025, 9, 1))] == ["nd-47-2020"]
    assert stale_citations("không viện dẫn gì", date(2025, 9, 1)) == []


ADDRESS = "/lam-viec/van-ban/vb/"


def test_the_pages_enter_correct_and_refuse(law: None, client: Any, as_role: Any) -> None:
    keeper = as_role("administrator")
    given = {name: str(value) for name, value in written().items()}
    refused = keeper.post(f"{ADDRESS}ghi-nhan/", given | {"title_vi": ""})
    assert refused.status_code == 422
    assert "Chưa nhập trích yếu của văn bản." in refused.content.decode()

    done = keeper.post(f"{ADDRESS}ghi-nhan/", given, follow=True)
    page = done.content.decode()
    assert "Đã ghi nhận văn bản." in page
    assert "Thêm điều khoản" in page
    slug = Instrument.objects.get(number="999/2026/NĐ-CP").slug
    keeper.post(
        f"{ADDRESS}{slug}/dieu-khoan/",
        {"place": "3", "summary_vi": "Nội dung", "mark": "verified", "reason": "x"},
    )
    target = Instrument.objects.get(slug="nd-47-2020")
    relation = {"kind": "amends", "target": target.pk, "effective_on": "2027-01-01", "mark": "verified"}
    keeper.post(f"{ADDRESS}{slug}/quan-he/", relation | {"reason": "x"})
    shown = keeper.get(f"{ADDRESS}{slug}/").content.decode()
    assert "Điều 3" in shown
    assert "Nghị định số 47/2020/NĐ-CP" in shown
    assert "Sửa thông tin" in keeper.get(f"{ADDRESS}{slug}/sua/").content.decode()
    assert slug in keeper.get(ADDRESS, {"q": "999/2026"}).content.decode()


def test_the_pages_of_entering_are_closed_to_others(law: None, as_role: Any) -> None:
    officer = as_role("database_owner")
    assert officer.get(ADDRESS).status_code == 200
    for address in ("ghi-nhan/", "nd-47-2020/sua/", "nd-47-2020/dieu-khoan/", "nd-47-2020/quan-he/"):
        assert officer.get(f"{ADDRESS}{address}").status_code == 403
