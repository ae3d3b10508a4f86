"""Wrong data: reported, verified, corrected with proof, made known to every consumer, closed; contested and settled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lienthong.agencies.demo import make_actor
from lienthong.agencies.models import Work
from lienthong.agencies.roles import Role
from lienthong.authority import commands
from lienthong.authority.correction_access import correction_for, corrections_visible_to
from lienthong.authority.correction_errors import (
    ColumnsNotThere,
    CorrectionTextMissing,
    CorrectionUrgedToday,
    ProofMissing,
    ProofNotEqual,
    ProofTooOld,
    ReportedInFuture,
    ResyncMissing,
    RowsReasonMissing,
    SecretNotReported,
)
from lienthong.authority.correction_events import DataCorrected
from lienthong.authority.correction_records import rows_blocked_from_sync, running_terms
from lienthong.authority.correction_rules import RowSaid, identifier_at_fault, next_level, row_to_keep
from lienthong.authority.models import CorrectionCase, CorrectionOrigin, CorrectionState, IssueLevel
from lienthong.catalogue.commands import classify_field, mark_secret, note_copy, record_version, unmark_secret
from lienthong.catalogue.demo import make_dataset
from lienthong.catalogue.models import Database, DataField, Dataset, DatasetVersion
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotAllowed, NotFound, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.events.queries import history_of
from lienthong.foundation.tracing import carries
from lienthong.law.models import Clock

from .conftest import World

REPORT = {"text": "Mã xã 00004 đã đổi tên nhưng danh mục còn tên cũ"}


@pytest.fixture
def consumer(world: World) -> Actor:
    """The officer of a department that uses the data of the local list."""
    return make_actor(world.health, Role.CONSUMER_OFFICER)


def report(world: World, actor: Actor = SYSTEM, **given: Any) -> CorrectionCase:
    values: dict[str, Any] = {"database": world.local, "reporter": world.health, **REPORT}
    return commands.report_correction(actor=actor, **(values | given))


def confirmed(world: World, **given: Any) -> CorrectionCase:
    case = report(world, **given)
    return commands.confirm_discrepancy(actor=world.owner, case=case, finding="Đúng là tên cũ")


def broadcast(world: World, case: CorrectionCase) -> CorrectionCase:
    commands.report_corrected(
        actor=world.owner, case=case, measure="Sửa tên tại nguồn", proof="Lần đồng bộ DB-2026-0001"
    )
    return commands.broadcast_correction(actor=world.owner, case=case, summary="Tên xã 00004 đã sửa")


def dataset_of(database: Database, versions: int = 1) -> tuple[Dataset, list[DatasetVersion]]:
    dataset = make_dataset(database)
    return dataset, [
        record_version(
            actor=SYSTEM, dataset=dataset, number=number, rows=3, digest=f"sha256:{number}", columns=[]
        )
        for number in range(1, versions + 1)
    ]


def acts_due(case: CorrectionCase) -> set[str]:
    return set(
        Work.objects.filter(
            subject_kind="authority.correctioncase", subject_id=str(case.pk), done_at__isnull=True
        ).values_list("act", flat=True)
    )


def terms(case: CorrectionCase) -> dict[str, Clock]:
    clocks = Clock.objects.filter(subject_kind="authority.correctioncase", subject_id=str(case.pk))
    return {clock.parameter_key: clock for clock in clocks}


@carries("QUA-01")
def test_wrong_data_go_the_whole_way(world: World, consumer: Actor) -> None:
    # given a province whose copy of the list another unit follows
    note_copy(number="CL-1", database=world.national, source=world.local, standing="synchronise")
    # when a consumer reports, the provider acknowledges, confirms, corrects and informs
    case = report(world, consumer)
    assert case.number.startswith("SL-")
    assert acts_due(case) == {"reported"}
    commands.acknowledge_correction(actor=world.owner, case=case)
    commands.confirm_discrepancy(actor=world.owner, case=case, finding="Đúng là tên cũ")
    assert acts_due(case) == {"confirmed"}
    broadcast(world, case)
    # then who reported and who follows were told, each with its moment
    told = {notice.agency: notice for notice in case.notices.all()}
    assert set(told) == {world.health, world.ministry}
    assert all(notice.told_at and notice.received_at is None for notice in told.values())
    # and each says that it received it, and the case ends
    assert commands.confirm_correction_received(actor=consumer, case=case, agency=world.health) == 1
    assert commands.confirm_correction_received(actor=consumer, case=case, agency=world.health) == 0
    commands.close_correction(actor=consumer, case=case, outcome="Đã thấy tên mới")
    assert case.state == CorrectionState.CLOSED
    assert acts_due(case) == set()
    assert not any(clock.is_running for clock in terms(case).values())
    said = set(Event.objects.filter(subject_id=str(case.pk)).values_list("name", flat=True))
    assert {
        "authority.DiscrepancyReported",
        "authority.CorrectionBroadcast",
        "authority.CorrectionClosed",
    } <= said


@carries("QUA-01")
def test_terms_follow_the_rules_of_the_day(world: World) -> None:
    case = report(world)
    # No number of days stands in law for the correction itself; the agency's own terms run beside it.
    assert set(terms(case)) == {"discrepancy.acknowledge", "discrepancy.verify"}
    commands.acknowledge_correction(actor=world.owner, case=case)
    assert not terms(case)["discrepancy.acknowledge"].is_running
    assert running_terms([case])[case.pk].parameter_key == "discrepancy.verify"


def test_what_a_report_lacks_is_named(world: World, consumer: Actor) -> None:
    with pytest.raises(CorrectionTextMissing):
        report(world, text=" ")
    with pytest.raises(ColumnsNotThere):
        report(world, table="xa", columns=["khong_co"])
    with pytest.raises(NotAllowed):
        report(world, consumer, reporter=world.ministry)


@carries("GOVF-12", "D278-12")
def test_a_reconciliation_reports_its_differences(world: World) -> None:
    key = DataField.objects.get(table__database=world.local, name="ma_xa")
    DataField.objects.filter(pk=key.pk).update(is_key=True)
    rows = [
        RowSaid("changed", {"ma_xa": "00004"}, ("ten_xa",), {"ten_xa": "Xã Mới"}, {"ten_xa": "Xã Cũ"}),
        RowSaid("missing", {"ma_xa": "00009"}, (), {"ten_xa": "Xã Chín"}, None),
    ]
    case = report(
        world,
        table="xa",
        rows=rows,
        counts={"missing": 1, "changed": 12_000},
        certificate={"equal": False, "left": {"rows": 3}},
        origin=CorrectionOrigin.RECONCILIATION,
        through="DS-0001",
    )
    assert (case.missing, case.changed, case.counted) == (1, 12_000, 12_001)
    assert case.columns == ["ten_xa"]
    assert [row.kind for row in case.rows.all()] == ["changed", "missing"]
    assert not case.is_critical


@carries("SEC-02")
def test_personal_values_are_masked_and_sealed(world: World) -> None:
    field = DataField.objects.get(table__database=world.local, name="ten_xa")
    classify_field(actor=SYSTEM, field=field, personal_data="basic")
    rows = [
        RowSaid("changed", {"ma_xa": "00004"}, ("ten_xa",), {"ten_xa": "Nguyễn Văn An"}, {"ten_xa": "Trần B"})
    ]
    case = report(world, table="xa", rows=rows)
    kept = case.rows.get()
    assert "Nguyễn" not in str(kept.shown)
    assert b"Nguy" not in bytes(kept.sealed or b"")
    # Who owns the data opens them, with a reason that is kept; nobody else does.
    with pytest.raises(RowsReasonMissing):
        commands.reveal_correction_rows(actor=world.owner, case=case, reason="")
    opened = commands.reveal_correction_rows(actor=world.owner, case=case, reason="Đối chiếu hồ sơ gốc")
    assert opened[1]["left"] == {"ten_xa": "Nguyễn Văn An"}
    assert Event.objects.filter(
        name="authority.CorrectionRowsRevealed", reason="Đối chiếu hồ sơ gốc"
    ).exists()
    with pytest.raises(NotAllowed):
        commands.reveal_correction_rows(actor=world.it_unit, case=case, reason="Đối chiếu hồ sơ gốc")


@carries("GOVF-12")
def test_a_wrong_identifier_is_critical_and_does_not_travel(world: World) -> None:
    DataField.objects.filter(table__database=world.local, name="ma_xa").update(is_key=True)
    rows = [RowSaid("changed", {"ma_xa": "00004"}, ("ma_xa",), {"ma_xa": "00005"}, {"ma_xa": "00004"})]
    case = report(world, table="xa", rows=rows)
    assert case.is_critical
    assert rows_blocked_from_sync(world.local, "xa") == []
    commands.confirm_discrepancy(actor=world.owner, case=case, finding="Sai mã")
    assert rows_blocked_from_sync(world.local, "xa") == [{"ma_xa": "00004"}]
    commands.report_corrected(actor=world.owner, case=case, measure="Sửa mã", proof="Quyết định 12/QĐ")
    assert rows_blocked_from_sync(world.local, "xa") == []


@pytest.mark.parametrize(
    ("columns", "identifiers", "threshold", "critical"),
    [
        (("ma",), {"ma"}, 100, True),
        (("ten",), {"ma"}, 100, False),
        (("ma",), {"ma"}, None, False),
        (("ma",), {"ma"}, 95, False),
        (("ma",), set(), 100, False),
    ],
)
def test_when_an_identifier_is_at_fault(
    columns: tuple[str, ...], identifiers: set[str], threshold: object, critical: bool
) -> None:
    assert identifier_at_fault(columns, (), identifiers, threshold) is critical


def test_a_row_without_personal_values_is_kept_once() -> None:
    kept = row_to_keep(RowSaid("changed", {"ma": 1}, ("ten",), {"ten": "a"}, {"ten": None}), set())
    assert kept.full is None
    assert kept.shown == {"key": {"ma": 1}, "left": {"ten": "a"}, "right": {"ten": None}}


@carries("QUA-01")
def test_a_correction_needs_a_proof(world: World) -> None:
    dataset, (first,) = dataset_of(world.local)
    case = confirmed(world, dataset=dataset, version=1)
    for given, refusal in (
        ({}, ProofMissing),
        ({"proof": "đã sửa xong"}, ProofMissing),
        ({"version": first}, ProofTooOld),
        ({"certificate": {"equal": False}}, ProofNotEqual),
    ):
        with pytest.raises(refusal):
            commands.report_corrected(actor=world.owner, case=case, measure="Sửa tên", **given)
    second = record_version(actor=SYSTEM, dataset=dataset, number=2, rows=3, digest="sha256:2", columns=[])
    commands.report_corrected(actor=world.owner, case=case, measure="Sửa tên", version=second)
    assert (case.state, case.proof_version, case.checked_rows) == (CorrectionState.CORRECTED, second, None)
    told = history_of("authority.correctioncase", case.pk)[0]
    assert (told.sentence("vi"), told.sentence("en")) == (
        "Đã đính chính dữ liệu; chứng minh: phiên bản 2",
        "The data were corrected; proof: version 2",
    )
    before = {name: value for name, value in told.payload.items() if name != "proof_en"}
    assert DataCorrected.sentence(before, "en") == "The data were corrected; proof: phiên bản 2"
    commands.reopen_correction(actor=world.owner, case=case, finding="Còn một dòng")
    assert case.state == CorrectionState.CONFIRMED


def test_an_equal_reconciliation_is_a_proof(world: World) -> None:
    case = confirmed(world)
    commands.report_corrected(actor=SYSTEM, case=case, measure="Đồng bộ lại", certificate={"equal": True})
    assert case.proof_certificate == {"equal": True}


@carries("D278-12")
def test_a_later_reconciliation_brings_the_case_up_to_date_and_proves_it(world: World) -> None:
    found = {"origin": CorrectionOrigin.RECONCILIATION, "through": "DS-0001", "table": "xa"}
    case = report(world, rows=[RowSaid("extra", {"ma_xa": "1"}), RowSaid("extra", {"ma_xa": "2"})], **found)
    commands.add_differences(
        actor=SYSTEM,
        case=case,
        rows=[RowSaid("extra", {"ma_xa": "2"})],
        counts={"extra": 1},
        certificate={"equal": False},
    )
    assert (case.counted, case.rows.count()) == (1, 1)
    given: dict[str, Any] = {
        "actor": SYSTEM,
        "database": world.local,
        "through": "DS-0001",
        "proof": "Lần chạy 8",
    }
    with pytest.raises(ProofNotEqual):
        commands.note_correction_proved(**given, certificate={"equal": False})
    # Nobody has confirmed it yet: the certificate waits as the proof at hand.
    commands.note_correction_proved(**given, certificate={"equal": True})
    case.refresh_from_db()
    assert (case.state, case.proof_certificate) == (CorrectionState.REPORTED, {"equal": True})
    commands.confirm_discrepancy(actor=world.owner, case=case, finding="Thừa dòng")
    (proved,) = commands.note_correction_proved(**given, certificate={"equal": True})
    assert (proved.state, proved.proof) == (CorrectionState.CORRECTED, "Lần chạy 8")
    assert commands.note_correction_proved(**given, certificate={"equal": True}) == []


@carries("GOVF-12")
def test_a_warning_slip_has_its_own_terms_and_ends_with_a_new_synchronisation(world: World) -> None:
    received = timezone.now()
    case = commands.record_warning_slip(
        actor=world.owner, database=world.local, slip="15/PCB-TTDLQG", text="12 mã xã không có trong danh mục",
        received_at=received,
    )  # fmt: skip
    assert case.state == CorrectionState.ACKNOWLEDGED
    assert set(terms(case)) == {"quality.incident.verify", "quality.incident.fix.total"}
    # Right or wrong cannot be decided yet: the longer term runs from the receipt.
    commands.note_unclear(actor=world.owner, case=case, finding="Chờ Sở Nội vụ đối chiếu")
    running = {key for key, clock in terms(case).items() if clock.is_running}
    assert running == {"quality.incident.complex"}
    assert terms(case)["quality.incident.complex"].value == "15"
    commands.confirm_discrepancy(actor=world.owner, case=case, finding="12 mã cũ")
    assert terms(case)["quality.incident.fix"].is_running
    broadcast(world, case)
    with pytest.raises(ResyncMissing):
        commands.close_correction(actor=world.owner, case=case, outcome="Xong")
    commands.close_correction(actor=world.owner, case=case, outcome="Xong", resync="Lần đồng bộ 7, khớp")
    assert case.state == CorrectionState.CLOSED


def test_a_slip_does_not_come_from_tomorrow(world: World) -> None:
    with pytest.raises(ReportedInFuture):
        commands.record_warning_slip(
            actor=world.owner, database=world.local, slip="15/PCB", text="sai mã",
            received_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip


@carries("GOVF-12")
def test_data_found_right_end_a_slip_at_once(world: World) -> None:
    case = commands.record_warning_slip(
        actor=world.owner, database=world.local, slip="16/PCB", text="sai tên xã"
    )
    commands.find_no_discrepancy(actor=world.owner, case=case, finding="Tên đúng theo nghị quyết")
    commands.close_correction(actor=world.owner, case=case, outcome="Đã trả lời")
    assert case.state == CorrectionState.CLOSED


@carries("DIS-02", "DIS-03", "DIS-04", "DIS-05", "D194-04")
def test_what_is_contested_goes_up_level_by_level(world: World, consumer: Actor) -> None:
    case = report(world, consumer)
    commands.find_no_discrepancy(actor=world.owner, case=case, finding="Tên đúng")
    commands.contest_finding(actor=consumer, case=case, because="Nghị quyết 12 đã đổi tên")
    assert (case.state, case.level) == (CorrectionState.DISPUTED, IssueLevel.PROVIDER)
    assert terms(case)["dispute.provider"].value == "7"
    commands.pass_issue_on(actor=consumer, case=case)
    assert case.level == IssueLevel.IT_UNIT
    assert terms(case)["dispute.it_unit"].is_running
    with pytest.raises(NotAllowed):
        commands.settle_issue(actor=world.owner, case=case, wrong=False, settlement="Tên đúng")
    commands.settle_issue(actor=world.it_unit, case=case, wrong=True, settlement="Theo nghị quyết, phải sửa")
    # The decision binds the provider: the data are to be corrected.
    assert (case.state, case.settled_at_level) == (CorrectionState.CONFIRMED, IssueLevel.IT_UNIT)
    assert acts_due(case) == {"confirmed"}


def test_the_levels_end() -> None:
    assert [next_level(one) for one in ("provider", "it_unit", "head", "last")] == [
        "it_unit",
        "head",
        "last",
        None,
    ]


@carries("QUA-01")
def test_what_is_late_is_urged_and_told_above(world: World, consumer: Actor) -> None:
    make_actor(world.province, Role.HEAD)
    case = report(world, consumer)
    commands.urge_correction(actor=consumer, case=case)
    with pytest.raises(CorrectionUrgedToday):
        commands.urge_correction(actor=consumer, case=case)
    later = timezone.now() + timedelta(days=20)
    assert commands.report_overdue_corrections(now=later) == 1
    assert commands.report_overdue_corrections(now=later) == 0
    assert "correction_overdue" in acts_due(case)
    # The next step takes it off the list of the head.
    commands.acknowledge_correction(actor=world.owner, case=case)
    assert acts_due(case) == {"acknowledged"}


@carries("SEC-01")
def test_a_secret_leaves_no_trace(world: World, consumer: Actor) -> None:
    case = report(world, consumer)
    mark_secret(actor=SYSTEM, database=world.local, reason="Bí mật nhà nước")
    commands.set_corrections_aside(database=world.local)
    assert acts_due(case) == set()
    with pytest.raises(NotFound):
        correction_for(consumer, case.number)
    with pytest.raises(SecretNotReported):
        report(world)
    with pytest.raises(NotAllowed):
        report(world, consumer)
    unmark_secret(actor=SYSTEM, database=world.local, reason="Giải mật")
    assert commands.take_corrections_up(database=world.local) == 1
    assert correction_for(consumer, case.number) == case


def test_who_sees_a_case(world: World, consumer: Actor) -> None:
    case = report(world, consumer)
    for actor in (world.owner, world.head, consumer, world.coordinator):
        assert list(corrections_visible_to(actor)) == [case]
    assert list(corrections_visible_to(world.stranger)) == []
    # Whoever is told sees it from then on.
    commands.tell_consumer_of_correction(
        actor=SYSTEM, case=case, agency=world.other_ministry, through="service"
    )
    assert list(corrections_visible_to(world.stranger)) == [case]


def test_a_step_out_of_order_is_refused(world: World) -> None:
    case = report(world)
    with pytest.raises(StepNotAllowed):
        commands.broadcast_correction(actor=world.owner, case=case, summary="Đã sửa")
    with pytest.raises(StepNotAllowed):
        commands.close_correction(actor=world.owner, case=case, outcome="Xong")
