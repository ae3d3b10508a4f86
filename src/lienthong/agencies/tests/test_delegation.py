"""One person acts in the post of another: in some areas, from one day to another, both named; everything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from lienthong.agencies import commands, demo
from lienthong.agencies.acting import actor_for, delegate_of
from lienthong.agencies.delegating import AREAS, DELEGABLE
from lienthong.agencies.errors import DelegationOver, DelegationRefused
from lienthong.agencies.models import Agency, FocalAppointment, Post, Work
from lienthong.agencies.queries import people_in_role, posts_on, work_of
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, Actor
from lienthong.foundation.errors import DomainError, NotAllowed, OutsideDelegation
from lienthong.foundation.events.facts import REGISTRY
from lienthong.foundation.events.models import Event
from lienthong.foundation.jobs.context import starter_of
from lienthong.foundation.jobs.models import Job

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 19)
FOCAL_DOOR = "lienthong.agencies.pages.focal_officers"
NOMINEE = {
    "full_name": "Lý Thị Kim Oanh",
    "position": "Chuyên viên",
    "function": "Đầu mối dữ liệu",
    "phone": "0200 3800 100",
    "email": "oanh@anloc.example",
    "professional_field": "Lưu trữ",
    "capability": "Tham mưu",
}


@pytest.fixture(autouse=True)
def today(settings: Any, tmp_path: Path, time_machine: Any) -> None:
    settings.DATA_DIR = tmp_path
    time_machine.move_to("2026-11-19 10:00+07:00", tick=False)


@pytest.fixture
def head(province: Agency) -> Post:
    return demo.make_post(demo.make_person("chu-tich", "Phạm Quốc Tuấn"), province, Role.HEAD)


@pytest.fixture
def delegate(head: Post) -> Callable[..., Any]:
    """`delegate(...)`: the head lets the deputy act, in the focal officers' area unless told otherwise."""

    def given(**more: Any) -> Any:
        facts: dict[str, Any] = {
            "actor": actor_for(head),
            "post": head,
            "person": demo.make_person("pho-chu-tich", "Đỗ Minh Quân"),
            "areas": ["focal_officers"],
            "decision_number": "88/QĐ-UBND",
            "decision_date": date(2026, 11, 10),
            "valid_from": date(2026, 11, 15),
            "valid_to": date(2026, 11, 30),
        }
        return commands.delegate_post(**{**facts, **more})

    return given


def test_the_delegate_acts_within_the_areas_and_both_are_named(delegate: Callable[..., Any]) -> None:
    delegation = delegate()
    post = posts_on(delegation.post.person_id, TODAY).get()
    actor = delegate_of(post, FOCAL_DOOR)
    nominated = commands.nominate_focal_officer(actor=actor, agency=post.agency, **NOMINEE)
    commands.appoint_focal_officer(
        actor=actor,
        appointment=nominated,
        decision_number="90/QĐ-UBND",
        decision_date=TODAY,
        duties="Theo dõi",
        powers="Yêu cầu cung cấp",
    )
    event = Event.objects.filter(name="agencies.FocalOfficerAppointed").get()
    assert event.user_name == "Đỗ Minh Quân"
    assert event.behalf is not None
    assert event.behalf["name"] == "Phạm Quốc Tuấn"
    assert event.who == "Đỗ Minh Quân, thay Phạm Quốc Tuấn"


def test_beyond_the_areas_nothing_is_done(delegate: Callable[..., Any]) -> None:
    post = posts_on(delegate(areas=["catalogue"]).post.person_id, TODAY).get()
    # Behind a door that was not delegated the person has no role at all.
    outside = delegate_of(post, FOCAL_DOOR)
    assert outside.roles == frozenset()
    assert outside.unit_id is None
    with pytest.raises(NotAllowed):
        commands.nominate_focal_officer(actor=outside, agency=post.agency, **NOMINEE)
    # Even where a door of another area leads to the command, its fact is refused and everything is undone.
    inside = delegate_of(post, "lienthong.catalogue.pages.databases")
    assert inside.roles == frozenset({Role.HEAD})
    with pytest.raises(OutsideDelegation):
        commands.nominate_focal_officer(actor=inside, agency=post.agency, **NOMINEE)
    assert not FocalAppointment.objects.exists()


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.code)
def test_each_area_opens_its_own_doors_alone(area: Any, delegate: Callable[..., Any]) -> None:
    post = posts_on(delegate(areas=[area.code]).post.person_id, TODAY).get()
    open_doors = {door for one in AREAS for door in one.doors if delegate_of(post, f"{door}x").has(Role.HEAD)}
    assert open_doors == set(area.doors)
    for door in ("lienthong.agencies.pages.desk", "lienthong.law.pages.desk", "ninja.operation", ""):
        assert not delegate_of(post, door).roles, door


def test_it_holds_from_its_first_day_to_its_last(delegate: Callable[..., Any], head: Post) -> None:
    person = delegate().post.person_id
    assert not posts_on(person, date(2026, 11, 14)).exists()
    assert posts_on(person, date(2026, 11, 15)).exists()
    assert posts_on(person, date(2026, 11, 30)).exists()
    assert not posts_on(person, date(2026, 12, 1)).exists()
    # It ends with the post it comes from, and gives nobody's place away.
    assert people_in_role(head.agency, Role.HEAD, TODAY) == [head.person_id]
    demo.make_post(demo.make_person("quan-tri"), head.agency, Role.ADMINISTRATOR)
    commands.end_post(actor=SYSTEM, post=head, valid_to=date(2026, 11, 20))
    assert not posts_on(person, date(2026, 11, 21)).exists()


def test_it_is_ended_early_by_those_whom_it_concerns(
    delegate: Callable[..., Any], head: Post, neighbour: Agency
) -> None:
    delegation = delegate()
    person = delegation.post.person_id
    stranger = demo.make_actor(neighbour, Role.HEAD)
    with pytest.raises(NotAllowed):
        commands.end_delegation(actor=stranger, delegation=delegation)
    commands.end_delegation(actor=actor_for(head), delegation=delegation)
    assert not posts_on(person, TODAY).exists()
    with pytest.raises(DelegationOver):
        commands.end_delegation(actor=actor_for(head), delegation=delegation)
    again = delegate(decision_number="89/QĐ-UBND")
    commands.end_delegation(actor=Actor(user_id=str(person), origin="web"), delegation=again)
    assert not posts_on(person, TODAY).exists()


def test_who_may_delegate_and_what(delegate: Callable[..., Any], head: Post, neighbour: Agency) -> None:
    with pytest.raises(NotAllowed):
        delegate(actor=demo.make_actor(neighbour, Role.HEAD))
    with pytest.raises(NotAllowed):
        delegate(actor=demo.make_actor(head.agency, Role.IT_UNIT))
    acting = posts_on(delegate(areas=[area.code for area in AREAS]).post.person_id, TODAY).get()
    third = demo.make_person("nguoi-thu-ba", "Vũ Thị Thanh")
    with pytest.raises(NotAllowed):
        delegate(actor=delegate_of(acting, FOCAL_DOOR), post=head, person=third)
    own = Actor(user_id=str(acting.person_id), origin="web")
    with pytest.raises(DelegationRefused) as refusal:
        delegate(actor=own, post=acting, person=third)
    assert "không ủy quyền lại" in refusal.value.text("vi")
    for role in set(Role) - DELEGABLE - {Role.CITIZEN, Role.CONSUMER_SYSTEM}:
        post = demo.make_post(demo.make_person(f"p-{role}"), head.agency, role)
        with pytest.raises(DelegationRefused):
            delegate(actor=actor_for(post), post=post, person=third)


@pytest.mark.parametrize(
    ("more", "at"),
    [
        ({"areas": []}, "areas"),
        ({"areas": ["moi-viec"]}, "areas"),
        ({"decision_number": " "}, "decision_number"),
        ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ({"decision_date": date(2026, 11, 16)}, "decision_date"),
        ({"valid_to": date(2026, 11, 14)}, "valid_to"),
    ],
)
def test_a_delegation_without_scope_number_or_days_is_refused(
    delegate: Callable[..., Any], more: dict[str, Any], at: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        delegate(**more)
    assert refusal.value.field == at
    assert not Post.objects.filter(delegated_by__isnull=False).exists()


def test_the_same_person_is_not_given_it_twice_nor_the_holder(
    delegate: Callable[..., Any], head: Post
) -> None:
    delegate()
    with pytest.raises(DelegationRefused):
        delegate(valid_from=date(2026, 11, 25), valid_to=date(2026, 12, 5))
    with pytest.raises(DelegationRefused):
        delegate(person=head.person)


def test_the_inbox_of_a_delegate_holds_the_areas_alone(delegate: Callable[..., Any], head: Post) -> None:
    post = posts_on(delegate(areas=["governance"]).post.person_id, TODAY).get()
    for kind in ("agencies.governancecase", "catalogue.database"):
        Work.objects.create(
            subject_kind=kind,
            subject_id="1",
            act="x",
            unit=head.agency,
            role=Role.HEAD,
            url="/",
            title_vi=kind,
        )
    actor = delegate_of(post, "lienthong.agencies.pages.inbox")
    assert [one.subject_kind for one in work_of(actor)] == ["agencies.governancecase"]
    assert work_of(actor_for(head)).count() == 2


def test_a_job_goes_on_under_the_delegation_it_was_started_in(delegate: Callable[..., Any]) -> None:
    post = posts_on(delegate().post.person_id, TODAY).get()
    actor = delegate_of(post, FOCAL_DOOR)
    job = Job(
        name="x",
        user_id=actor.user_id or "",
        unit_id=actor.unit_id or "",
        roles=Role.HEAD,
        under={"on_behalf_of": actor.on_behalf_of, "acts": sorted(actor.acts or ())},
    )
    assert starter_of(job).acts == actor.acts
    assert starter_of(job).on_behalf_of == actor.on_behalf_of


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_it_is_given_used_and_ended_on_the_pages(head: Post) -> None:
    deputy = demo.make_person("pho-chu-tich", "Đỗ Minh Quân")
    giver = as_(head.person)
    place = f"/lam-viec/uy-quyen/vai-tro/{head.pk}/"
    assert giver.get(place).status_code == 200
    assert as_(deputy).get(place).status_code == 403
    entered = {
        "person": "pho-chu-tich",
        "areas": ["focal_officers"],
        "decision_number": "88/QĐ-UBND",
        "decision_date": "2026-11-10",
        "valid_from": "2026-11-15",
        "valid_to": "2026-11-30",
    }
    empty = giver.post(place, {**entered, "areas": []})
    assert empty.status_code == 422
    assert giver.post(place, entered).status_code == 302
    acting = Post.objects.get(delegated_by=head)
    client = as_(deputy)
    focal = f"/lam-viec/co-quan/{head.agency.code}/dau-moi/"
    assert client.get(focal).status_code == 403
    assert "Thay Phạm Quốc Tuấn theo 88/QĐ-UBND" in client.get("/lam-viec/vai-tro/").content.decode()
    client.post("/lam-viec/vai-tro/", {"post": acting.pk})
    page = client.get(focal)
    assert page.status_code == 200
    assert "Đỗ Minh Quân, thay Phạm Quốc Tuấn" in page.content.decode()
    assert client.get(f"/lam-viec/co-quan/{head.agency.code}/").status_code == 403
    assert client.post(f"{focal}de-cu/", NOMINEE).status_code == 302
    assert "Đỗ Minh Quân, thay Phạm Quốc Tuấn" in giver.get(focal).content.decode()
    listed = client.get("/api/v1/delegations").json()
    assert listed[0]["on_behalf_of"] == "Phạm Quốc Tuấn"
    assert Client().get("/api/v1/delegations").status_code == 403
    delegation = acting.delegation
    assert "Còn hiệu lực" in giver.get("/lam-viec/uy-quyen/").content.decode()
    assert giver.post(f"/lam-viec/uy-quyen/{delegation.pk}/ket-thuc/", {}).status_code == 302
    assert client.get(focal).status_code == 403
    assert timezone.localdate() == TODAY


def test_every_fact_is_named_after_its_app_whichever_file_holds_it() -> None:
    """What may be caused on behalf of another is told by the app: `catalogue.` covers what happens to code lists."""
    labels = {config.label for config in apps.get_app_configs()}
    ours = [
        name
        for name, fact in REGISTRY.items()
        if ".tests." not in fact.__module__ and ".foundation." not in fact.__module__
    ]
    assert [name for name in ours if name.split(".")[0] not in labels] == []
