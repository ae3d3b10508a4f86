"""Agencies, codes, posts, focal officers and work, as officers change them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from lienthong.agencies import commands, demo
from lienthong.agencies.errors import (
    AgencyNotOpen,
    CodeOutsideParent,
    ContactNotPublished,
    DatesReversed,
    DecisionDateRefused,
    FocalFieldMissing,
    FocalPeriodTaken,
    IdentifierCodeRefused,
    IdentifierCodeTaken,
    LastAdministrator,
    NameMissing,
    NameUnchanged,
    NominationWaiting,
    PostAlreadyHeld,
    PostNotHeld,
    PostNotOwn,
    RoleNotAssignable,
    UnitsStillOpen,
)
from lienthong.agencies.models import Agency, AgencyKind, FocalAppointment, FocalState, Post, Work
from lienthong.agencies.queries import agency_by_code, focal_officer_of, posts_on, unit_holding, work_of
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import NotFound, StepNotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.tracing import carries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Acting = Callable[..., Actor]
TODAY = date.today()
NOMINEE = {
    "full_name": "Nguyễn Thị Thu Hà",
    "position": "Chuyên viên chính",
    "function": "Đầu mối dữ liệu",
    "phone": "0200 3800 100",
    "email": "ha@anloc.example",
    "professional_field": "Công nghệ thông tin",
    "capability": "Tham mưu quản trị dữ liệu",
}
DECISION = {
    "decision_number": "15/QĐ-UBND",
    "decision_date": date(2025, 7, 15),
    "duties": "Theo dõi chia sẻ dữ liệu",
    "powers": "Yêu cầu đơn vị cung cấp thông tin",
}


def names_of(subject: Agency) -> list[str]:
    events = Event.objects.filter(subject_kind="agencies.agency", subject_id=str(subject.pk))
    return [event.name.split(".")[1] for event in events.order_by("occurred_at")]


# Agencies and codes


@carries("IDC-01")
def test_an_agency_is_entered_under_its_code_in_any_form(province: Agency) -> None:
    department = commands.found_agency(
        actor=SYSTEM,
        code="000.00.12.h99",
        name="  Sở Tư pháp ",
        kind=AgencyKind.DEPARTMENT,
        parent=province,
    )
    assert (department.code, department.name) == ("H99.12", "Sở Tư pháp")
    assert department.path == f"/{province.pk}/{department.pk}/"
    assert [code.code for code in department.codes.all()] == ["H99.12"]
    assert names_of(department) == ["AgencyFounded"]


@carries("IDC-01")
@pytest.mark.parametrize(
    ("code", "error"),
    [("H98.01", CodeOutsideParent), ("H99", IdentifierCodeTaken), ("sai", IdentifierCodeRefused)],
)
def test_a_wrong_code_enters_nothing(province: Agency, code: str, error: type[Exception]) -> None:
    parent = province if code != "H99" else None
    with pytest.raises(error):
        commands.found_agency(actor=SYSTEM, code=code, name="Sở X", kind="department", parent=parent)
    assert Agency.objects.count() == 1


def test_an_agency_needs_a_name(db: None) -> None:
    with pytest.raises(NameMissing):
        commands.found_agency(actor=SYSTEM, code="H97", name="  ", kind="province")


def test_a_body_outside_the_tree_may_stand_below_an_agency(province: Agency) -> None:
    body = commands.found_agency(
        actor=SYSTEM, code="Z99TTDL", name="Trung tâm Dữ liệu", kind="other", parent=province
    )
    assert body.codes.get().form == "other"


def test_a_new_name_keeps_the_former_one(province: Agency) -> None:
    commands.rename_agency(actor=SYSTEM, agency=province, name="UBND thành phố An Lộc", reason="Nghị quyết 1")
    province.refresh_from_db()
    assert (province.name, province.former_names) == ("UBND thành phố An Lộc", "UBND tỉnh An Lộc")
    assert province.history.count() == 2
    event = Event.objects.get(name="agencies.AgencyRenamed")
    assert event.sentence("vi") == "Đổi tên từ “UBND tỉnh An Lộc” thành “UBND thành phố An Lộc”"
    assert event.reason == "Nghị quyết 1"
    with pytest.raises(NameUnchanged):
        commands.rename_agency(actor=SYSTEM, agency=province, name="UBND thành phố An Lộc")


@carries("IDC-01")
def test_a_new_code_ends_the_present_one_on_the_eve_and_both_find_the_agency(province: Agency) -> None:
    commands.add_identifier_code(
        actor=SYSTEM, agency=province, code="H97", valid_from=date(2026, 1, 1), make_current=True
    )
    province.refresh_from_db()
    assert province.code == "H97"
    assert province.codes.get(code="H99").valid_to == date(2025, 12, 31)
    for text in ("H97", "h99", "000.00.00.H99", "000.00.00.H97"):
        assert agency_by_code(text) == province
    with pytest.raises(NotFound):
        agency_by_code("H41")
    with pytest.raises(NotFound):
        agency_by_code("không phải mã")


@carries("IDC-01")
def test_a_code_names_one_agency_on_any_date(province: Agency, neighbour: Agency) -> None:
    with pytest.raises(IdentifierCodeTaken) as refusal:
        commands.add_identifier_code(actor=SYSTEM, agency=neighbour, code="000.00.00.H99")
    assert "UBND tỉnh An Lộc" in refusal.value.text("vi")
    commands.add_identifier_code(
        actor=SYSTEM, agency=province, code="H96", valid_from=date(2016, 1, 1), valid_to=date(2020, 9, 14)
    )
    with pytest.raises(IdentifierCodeTaken):
        commands.add_identifier_code(actor=SYSTEM, agency=neighbour, code="H96", valid_from=date(2020, 9, 14))
    added = commands.add_identifier_code(
        actor=SYSTEM, agency=neighbour, code="H96", valid_from=date(2020, 9, 15)
    )
    assert added.agency == neighbour
    assert agency_by_code("H96") == neighbour
    assert agency_by_code("H96", on=date(2018, 1, 1)) == province


def test_a_code_does_not_end_before_it_begins(province: Agency) -> None:
    with pytest.raises(DatesReversed):
        commands.add_identifier_code(
            actor=SYSTEM,
            agency=province,
            code="H96",
            valid_from=date(2020, 1, 2),
            valid_to=date(2020, 1, 1),
        )


def test_an_agency_with_open_units_is_not_closed(province: Agency, department: Agency) -> None:
    with pytest.raises(UnitsStillOpen) as refusal:
        commands.close_agency(actor=SYSTEM, agency=province)
    assert department.name in refusal.value.text("vi")


def test_closing_ends_posts_codes_and_the_focal_officer_and_keeps_the_record(
    department: Agency, acting: Acting
) -> None:
    acting(department, Role.DATABASE_OWNER)
    demo.make_focal_officer(department, person=demo.make_person("ha"))
    commands.close_agency(actor=SYSTEM, agency=department, closed_on=TODAY, reason="Sáp nhập")
    department.refresh_from_db()
    assert department.valid_to == TODAY
    assert not Post.objects.filter(agency=department, valid_to__isnull=True).exists()
    assert not department.codes.filter(valid_to__isnull=True).exists()
    assert department.focal_appointments.get().state == FocalState.ENDED
    for command, extra in (
        (commands.rename_agency, {"name": "Sở khác"}),
        (commands.add_identifier_code, {"code": "H99.77"}),
        (commands.nominate_focal_officer, NOMINEE),
    ):
        with pytest.raises(AgencyNotOpen):
            command(actor=SYSTEM, agency=department, **extra)


def test_contact_details_are_corrected(province: Agency) -> None:
    commands.correct_agency_contact(actor=SYSTEM, agency=province, phone=" 0200 1 ", address="Số 1")
    province.refresh_from_db()
    assert (province.phone, province.address) == ("0200 1", "Số 1")
    assert names_of(province)[-1] == "AgencyContactCorrected"


# Posts


def test_a_post_is_held_from_its_first_to_its_last_day(province: Agency) -> None:
    person = demo.make_person("binh", "Trần Văn Bình")
    post = commands.assign_post(
        actor=SYSTEM, person=person, agency=province, role=Role.DATABASE_OWNER, valid_from=date(2026, 1, 1)
    )
    with pytest.raises(PostAlreadyHeld):
        commands.assign_post(actor=SYSTEM, person=person, agency=province, role=Role.DATABASE_OWNER)
    commands.end_post(actor=SYSTEM, post=post, valid_to=date(2026, 3, 31))
    assert not posts_on(person.pk, date(2025, 12, 31)).exists()
    assert posts_on(person.pk, date(2026, 3, 31)).get() == post
    assert not posts_on(person.pk, date(2026, 4, 1)).exists()
    with pytest.raises(PostNotHeld):
        commands.end_post(actor=SYSTEM, post=post)
    commands.assign_post(actor=SYSTEM, person=person, agency=province, role=Role.DATABASE_OWNER)
    assert names_of(province) == ["AgencyFounded", "PostAssigned", "PostEnded", "PostAssigned"]


def test_a_post_does_not_end_before_it_begins(province: Agency) -> None:
    person = demo.make_person("binh")
    post = demo.make_post(person, province, Role.IT_UNIT, valid_from=date(2026, 1, 2))
    with pytest.raises(DatesReversed):
        commands.end_post(actor=SYSTEM, post=post, valid_to=date(2026, 1, 1))


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.CONSUMER_SYSTEM, Role.FOCAL_OFFICER, "vua"])
def test_roles_that_are_no_posts_are_not_assigned(province: Agency, role: str) -> None:
    with pytest.raises(RoleNotAssignable):
        commands.assign_post(actor=SYSTEM, person=demo.make_person("a"), agency=province, role=role)


def test_the_last_administrator_stays(province: Agency, acting: Acting) -> None:
    acting(province, Role.ADMINISTRATOR)
    first = Post.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        commands.end_post(actor=SYSTEM, post=first)
    demo.make_post(demo.make_person("hai"), province, Role.ADMINISTRATOR)
    assert commands.end_post(actor=SYSTEM, post=first).valid_to == TODAY


def test_one_acts_only_in_a_post_of_ones_own(province: Agency, acting: Acting) -> None:
    actor, other = acting(province, Role.HEAD), acting(province, Role.IT_UNIT)
    own = Post.objects.get(person_id=actor.user_id)
    session: dict[str, object] = {}
    assert commands.choose_post(actor=actor, session=session, post_id=own.pk) == own
    assert list(session.values()) == [own.pk]
    for post_id in (Post.objects.get(person_id=other.user_id).pk, "x", "²", "9" * 30, ""):
        with pytest.raises(PostNotOwn):
            commands.choose_post(actor=actor, session=session, post_id=post_id)
    with pytest.raises(PostNotOwn):
        commands.choose_post(actor=Actor(origin="web"), session=session, post_id=own.pk)


# Focal officers


@carries("FOC-01", "FOC-02", "FOC-03", "FOC-05")
def test_a_focal_officer_is_nominated_appointed_and_published(province: Agency, acting: Acting) -> None:
    it_unit, head = acting(province, Role.IT_UNIT), acting(province, Role.HEAD)
    person = demo.make_person("ha", "Nguyễn Thị Thu Hà")
    nominated = commands.nominate_focal_officer(actor=it_unit, agency=province, person=person, **NOMINEE)
    assert nominated.state == FocalState.NOMINATED
    assert focal_officer_of(province) is None
    assert [work.act for work in work_of(head)] == ["decide_focal_officer"]
    appointed = commands.appoint_focal_officer(actor=head, appointment=nominated, **DECISION)
    assert appointed.state == FocalState.APPOINTED
    assert appointed.valid_from == date(2025, 7, 15)
    assert focal_officer_of(province) == appointed
    assert posts_on(person.pk, TODAY).get().role == Role.FOCAL_OFFICER
    assert not work_of(head).filter(done_at__isnull=True).exists()
    assert [work.act for work in work_of(it_unit)] == ["publish_focal_officer"]
    published = commands.publish_focal_officer(actor=it_unit, appointment=appointed)
    assert published.state == FocalState.PUBLISHED
    assert published.published_at is not None
    assert not work_of(it_unit).filter(done_at__isnull=True).exists()
    assert names_of(province)[-4:] == [
        "FocalOfficerNominated",
        "FocalOfficerAppointed",
        "PostAssigned",
        "FocalOfficerPublished",
    ]


@carries("FOC-01")
def test_replacing_ends_the_former_on_the_eve_in_one_transaction(province: Agency) -> None:
    ha, binh = demo.make_person("ha"), demo.make_person("binh")
    former = demo.make_focal_officer(province, person=ha)
    successor = commands.nominate_focal_officer(
        actor=SYSTEM, agency=province, person=binh, **{**NOMINEE, "full_name": "Trần Văn Bình"}
    )
    commands.appoint_focal_officer(
        actor=SYSTEM, appointment=successor, **{**DECISION, "decision_date": date(2026, 3, 2)}
    )
    former.refresh_from_db()
    assert (former.state, former.valid_to) == (FocalState.ENDED, date(2026, 3, 1))
    on = {day: focal_officer_of(province, day) for day in (date(2026, 3, 1), date(2026, 3, 2))}
    assert on == {date(2026, 3, 1): former, date(2026, 3, 2): successor}
    assert [post.valid_to for post in Post.objects.filter(person=ha)] == [date(2026, 3, 1)]
    assert posts_on(binh.pk, TODAY).get().role == Role.FOCAL_OFFICER
    ended = Event.objects.get(name="agencies.FocalOfficerEnded")
    assert ended.facts["replaced"] is True


@carries("FOC-01")
def test_a_refused_successor_leaves_everything_as_it_was(province: Agency) -> None:
    former = demo.make_focal_officer(province, person=demo.make_person("ha"))
    successor = commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE)
    for change, error in (
        ({"valid_from": former.valid_from}, FocalPeriodTaken),
        ({"decision_date": TODAY + timedelta(days=1)}, DecisionDateRefused),
        ({"duties": "  "}, FocalFieldMissing),
        ({"powers": ""}, FocalFieldMissing),
    ):
        with pytest.raises(error):
            commands.appoint_focal_officer(actor=SYSTEM, appointment=successor, **{**DECISION, **change})
    former.refresh_from_db()
    successor.refresh_from_db()
    assert (former.state, former.valid_to) == (FocalState.PUBLISHED, None)
    assert successor.state == FocalState.NOMINATED
    assert not Event.objects.filter(name="agencies.FocalOfficerEnded").exists()


@carries("FOC-01")
def test_a_term_does_not_reach_back_into_one_that_ended(province: Agency) -> None:
    former = demo.make_focal_officer(province)
    commands.end_focal_officer(actor=SYSTEM, appointment=former, valid_to=date(2026, 2, 28))
    successor = commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE)
    decision = {**DECISION, "decision_date": date(2026, 2, 28)}
    with pytest.raises(FocalPeriodTaken) as refusal:
        commands.appoint_focal_officer(actor=SYSTEM, appointment=successor, **decision)
    assert "28/02/2026" in refusal.value.text("vi")
    assert "28 February 2026" in refusal.value.text("en")
    commands.appoint_focal_officer(
        actor=SYSTEM, appointment=successor, valid_from=date(2026, 3, 1), **decision
    )


@carries("FOC-02")
def test_an_appointment_without_professional_field_or_capability_is_refused(province: Agency) -> None:
    bare = {**NOMINEE, "professional_field": "", "capability": ""}
    nominated = commands.nominate_focal_officer(actor=SYSTEM, agency=province, **bare)
    with pytest.raises(FocalFieldMissing) as refusal:
        commands.appoint_focal_officer(actor=SYSTEM, appointment=nominated, **DECISION)
    assert refusal.value.field == "professional_field"
    commands.appoint_focal_officer(
        actor=SYSTEM, appointment=nominated, professional_field="CNTT", capability="Tham mưu", **DECISION
    )
    nominated.refresh_from_db()
    assert (nominated.professional_field, nominated.capability) == ("CNTT", "Tham mưu")


def test_one_nomination_waits_at_a_time_and_can_be_withdrawn(province: Agency, acting: Acting) -> None:
    first = commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE)
    with pytest.raises(NominationWaiting):
        commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE)
    commands.withdraw_focal_nomination(actor=SYSTEM, appointment=first, reason="Chuyển công tác")
    with pytest.raises(StepNotAllowed):
        commands.withdraw_focal_nomination(actor=SYSTEM, appointment=first)
    with pytest.raises(StepNotAllowed):
        commands.appoint_focal_officer(actor=SYSTEM, appointment=first, **DECISION)
    assert focal_officer_of(province) is None
    assert commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE).pk != first.pk


@carries("FOC-05")
def test_publication_refuses_while_a_public_field_is_missing_and_happens_once(province: Agency) -> None:
    appointed = demo.make_focal_officer(province, published=False)
    FocalAppointment.objects.filter(pk=appointed.pk).update(phone="")
    with pytest.raises(FocalFieldMissing):
        commands.publish_focal_officer(actor=SYSTEM, appointment=appointed)
    FocalAppointment.objects.filter(pk=appointed.pk).update(phone="0200 3800 100")
    commands.publish_focal_officer(actor=SYSTEM, appointment=appointed)
    with pytest.raises(StepNotAllowed):
        commands.publish_focal_officer(actor=SYSTEM, appointment=appointed)


@carries("FOC-05")
def test_a_contact_is_confirmed_with_what_changed(province: Agency) -> None:
    published = demo.make_focal_officer(province)
    assert not published.is_reconfirmed
    confirmed = commands.confirm_focal_contact(actor=SYSTEM, appointment=published, phone="0200 3800 999")
    assert confirmed.is_reconfirmed
    assert confirmed.phone == "0200 3800 999"
    with pytest.raises(FocalFieldMissing):
        commands.confirm_focal_contact(actor=SYSTEM, appointment=published, phone="?")
    commands.end_focal_officer(actor=SYSTEM, appointment=published)
    with pytest.raises(ContactNotPublished):
        commands.confirm_focal_contact(actor=SYSTEM, appointment=published)


@carries("FOC-01")
def test_a_vacancy_asks_the_head_to_name_a_successor(province: Agency, acting: Acting) -> None:
    head = acting(province, Role.HEAD)
    serving = demo.make_focal_officer(province)
    with pytest.raises(DatesReversed):
        commands.end_focal_officer(actor=head, appointment=serving, valid_to=date(2025, 7, 14))
    commands.end_focal_officer(actor=head, appointment=serving, reason="Nghỉ hưu")
    with pytest.raises(StepNotAllowed):
        commands.end_focal_officer(actor=head, appointment=serving)
    assert [work.act for work in work_of(head).filter(done_at__isnull=True)] == ["fill_focal_officer"]
    commands.nominate_focal_officer(actor=head, agency=province, **NOMINEE)
    assert [work.act for work in work_of(head).filter(done_at__isnull=True)] == ["decide_focal_officer"]


def test_work_for_a_unit_without_a_head_goes_to_the_head_above(
    province: Agency, department: Agency, acting: Acting
) -> None:
    head = acting(province, Role.HEAD)
    assert unit_holding(department, Role.HEAD) == province
    assert unit_holding(department, Role.IT_UNIT) == department
    commands.nominate_focal_officer(actor=SYSTEM, agency=department, **NOMINEE)
    assert work_of(head).get().about.startswith(department.name)


# Work


def open_some(unit: Agency, **more: object) -> Work:
    facts = {
        "subject": unit,
        "act": "answer_request",
        "title_vi": "trả lời yêu cầu",
        "title_en": "answer the request",
        "about": "Sở Y tế",
        "url": "/lam-viec/yeu-cau/YC-2026-0001/",
        "unit": unit,
    }
    return commands.open_work(**{**facts, **more})


def test_opening_work_again_brings_it_up_to_date(province: Agency) -> None:
    due = timezone.make_aware(datetime(2026, 11, 25, 17))
    first = open_some(province)
    again = open_some(province, due_at=due, number="YC-2026-0001")
    assert again.pk == first.pk
    assert (again.due_at, again.number) == (due, "YC-2026-0001")
    assert commands.finish_work(actor=SYSTEM, subject=province) == 1
    assert commands.finish_work(actor=SYSTEM, subject=province) == 0
    assert open_some(province).pk != first.pk


def test_finishing_one_act_leaves_the_others(province: Agency) -> None:
    open_some(province)
    open_some(province, act="sign")
    assert commands.finish_work(actor=SYSTEM, subject=province, act="sign") == 1
    assert [work.act for work in Work.objects.filter(done_at__isnull=True)] == ["answer_request"]


def test_work_is_seen_by_the_role_of_the_unit_or_the_person_it_names(
    province: Agency, neighbour: Agency, acting: Acting
) -> None:
    head, it_unit, stranger = (
        acting(province, Role.HEAD),
        acting(province, Role.IT_UNIT),
        acting(neighbour, Role.HEAD),
    )
    for_all = open_some(province)
    for_head = open_some(province, act="sign", role=Role.HEAD)
    person = demo.make_person(Post.objects.get(person_id=it_unit.user_id).person.username)
    for_person = open_some(province, act="check", person=person)
    assert set(work_of(head)) == {for_all, for_head}
    assert set(work_of(it_unit)) == {for_all, for_person}
    assert not work_of(stranger).exists()
    assert not work_of(Actor(origin="web")).exists()


# Alarms


@carries("FOC-01", "FOC-05")
def test_a_vacancy_is_asked_to_be_filled_once(province: Agency, neighbour: Agency, acting: Acting) -> None:
    acting(province, Role.HEAD)
    assert commands.raise_focal_alarms() == 1
    assert commands.raise_focal_alarms() == 0
    work = Work.objects.get(done_at__isnull=True)
    assert (work.act, work.unit, work.role) == ("fill_focal_officer", province, Role.HEAD)

    commands.nominate_focal_officer(actor=SYSTEM, agency=province, **NOMINEE)
    assert not Work.objects.filter(act="fill_focal_officer", done_at__isnull=True).exists()
    assert commands.raise_focal_alarms() == 0
    assert not Work.objects.filter(unit=neighbour).exists()


@carries("FOC-05")
def test_a_contact_that_nobody_confirmed_is_asked_for(province: Agency, acting: Acting) -> None:
    acting(province, Role.HEAD)
    officer = demo.make_focal_officer(province)
    assert commands.raise_focal_alarms() == 0
    later = TODAY + timedelta(days=200)
    assert commands.raise_focal_alarms(on=later) == 1
    assert commands.raise_focal_alarms(on=later) == 0
    work = Work.objects.get(act="confirm_focal_contact")
    assert work.url == "/lam-viec/co-quan/H99/dau-moi/"
    commands.confirm_focal_contact(actor=SYSTEM, appointment=officer)
    work.refresh_from_db()
    assert work.done_at is not None
