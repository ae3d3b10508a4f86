"""Questions to a focal officer, from inside and outside, and their answers (FOC-04)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from lienthong.agencies import commands, demo
from lienthong.agencies.errors import NobodyToAsk, QuestionAlreadyAnswered, QuestionIncomplete
from lienthong.agencies.models import Agency, Question
from lienthong.agencies.pages.questions import MOST_AN_HOUR
from lienthong.agencies.queries import act_reported, prohibited_acts, work_of
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import SYSTEM, VISITOR, Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.models import Event
from lienthong.foundation.notices.queries import notices_of
from lienthong.foundation.tracing import carries
from lienthong.law.commands import load_law

pytestmark = pytest.mark.django_db

Acting = Callable[..., Actor]
ASKED = {"text": "Dữ liệu đơn vị hành chính có cập nhật không?", "asker_name": "Công dân A"}


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def officer(province: Agency) -> Actor:
    """The published focal officer of the province, signed in."""
    person = demo.make_person("ha", "Nguyễn Thị Thu Hà")
    demo.make_focal_officer(province, person=person)
    return Actor(user_id=str(person.pk), unit_id=str(province.pk), roles=frozenset({Role.FOCAL_OFFICER}))


@carries("FOC-04")
def test_a_question_from_outside_is_in_the_officers_inbox_until_it_is_answered(
    province: Agency, department: Agency, officer: Actor
) -> None:
    question = commands.ask_focal_officer(actor=VISITOR, agency=department, **ASKED)
    assert question.number.startswith("HD-")
    assert question.agency == province
    work = work_of(officer).get()
    assert (work.number, work.url) == (question.number, f"/lam-viec/hoi-dap/{question.number}/")
    answered = commands.answer_question(actor=officer, question=question, answer=" Có, hằng quý. ")
    assert (answered.answer, answered.answered_by_id) == ("Có, hằng quý.", int(officer.user_id or 0))
    assert not work_of(officer).filter(done_at__isnull=True).exists()
    with pytest.raises(QuestionAlreadyAnswered):
        commands.answer_question(actor=officer, question=question, answer="Lần nữa")


@carries("FOC-04")
def test_a_question_from_inside_names_the_unit_and_tells_whoever_asked(
    province: Agency, neighbour: Agency, officer: Actor, acting: Acting
) -> None:
    asker = acting(neighbour, Role.CONSUMER_OFFICER)
    question = commands.ask_focal_officer(actor=asker, agency=province, **ASKED)
    assert (question.asker_unit, str(question.asker_id)) == (neighbour, asker.user_id)
    commands.answer_question(actor=officer, question=question, answer="Có")
    notice = notices_of(asker).get()
    assert question.number in notice.text("vi")
    assert notice.url == f"/can-bo-dau-moi/hoi-dap/{question.token}/"


def test_without_an_account_of_the_officer_the_it_unit_answers(province: Agency, acting: Acting) -> None:
    it_unit = acting(province, Role.IT_UNIT)
    demo.make_focal_officer(province)
    commands.ask_focal_officer(actor=VISITOR, agency=province, **ASKED)
    assert work_of(it_unit).get(done_at__isnull=True).act == "answer_question"


def test_nobody_is_asked_before_publication(province: Agency) -> None:
    demo.make_focal_officer(province, published=False)
    with pytest.raises(NobodyToAsk):
        commands.ask_focal_officer(actor=VISITOR, agency=province, **ASKED)


@pytest.mark.parametrize("field", ["text", "asker_name"])
def test_an_incomplete_question_is_refused(province: Agency, officer: Actor, field: str) -> None:
    with pytest.raises(QuestionIncomplete) as refusal:
        commands.ask_focal_officer(actor=VISITOR, agency=province, **{**ASKED, field: "  "})
    assert refusal.value.field == field
    assert not Question.objects.exists()


def test_an_empty_answer_is_refused(province: Agency, officer: Actor) -> None:
    question = commands.ask_focal_officer(actor=VISITOR, agency=province, **ASKED)
    with pytest.raises(QuestionIncomplete):
        commands.answer_question(actor=officer, question=question, answer=" ")


def test_the_log_holds_nothing_of_whoever_asked(province: Agency, officer: Actor) -> None:
    commands.ask_focal_officer(actor=VISITOR, agency=province, asker_contact="0912 000 000", **ASKED)
    event = Event.objects.get(name="agencies.QuestionAsked")
    assert set(event.facts) == {"question_id", "agency_id", "number"}


ANSWERS = {Role.FOCAL_OFFICER: {"own"}, Role.IT_UNIT: {"own", "above"}, Role.HEAD: {"own", "above"}}


def test_only_the_officer_the_it_unit_and_the_head_answer(
    province: Agency, department: Agency, neighbour: Agency
) -> None:
    demo.make_focal_officer(department)
    question = commands.ask_focal_officer(actor=VISITOR, agency=department, **ASKED)
    given = set()
    for place, unit in (("own", department), ("above", province), ("elsewhere", neighbour)):
        for role in Role:
            try:
                commands.answer_question(actor=demo.make_actor(unit, role), question=question, answer="Có")
            except NotAllowed:
                continue
            given.add((role, place))
            Question.objects.update(answered_at=None, answer="", answered_by=None)
    assert given == {(role, place) for role, places in ANSWERS.items() for place in places}
    with pytest.raises(NotAllowed):
        commands.answer_question(actor=VISITOR, question=question, answer="Có")


# Pages


def sign_in(client: Client, actor: Actor) -> None:
    client.force_login(
        demo.User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )


def text_of(response: Any) -> str:
    return response.content.decode()


@carries("FOC-04")
def test_a_visitor_asks_and_reads_the_answer_at_an_address_of_his_own(
    province: Agency, officer: Actor, client: Client
) -> None:
    assert "Nguyễn Thị Thu Hà" in text_of(client.get("/can-bo-dau-moi/H99/hoi/"))
    asked = client.post("/can-bo-dau-moi/H99/hoi/", {**ASKED, "asker_contact": "0912 000 000"}, follow=True)
    question = Question.objects.get()
    assert f"Đã nhận câu hỏi {question.number}." in text_of(asked)
    assert "Lưu địa chỉ trang này" in text_of(asked)
    desk = Client()
    sign_in(desk, officer)
    page = text_of(desk.get(f"/lam-viec/hoi-dap/{question.number}/"))
    assert "0912 000 000" in page
    empty = desk.post(f"/lam-viec/hoi-dap/{question.number}/", {"answer": ""})
    assert empty.status_code == 422
    answer = "Có <b>hằng quý</b>."
    assert desk.post(f"/lam-viec/hoi-dap/{question.number}/", {"answer": answer}).status_code == 302
    read = client.get(f"/can-bo-dau-moi/hoi-dap/{question.token}/")
    assert "Có &lt;b&gt;hằng quý&lt;/b&gt;." in text_of(read)
    assert "0912 000 000" not in text_of(read)
    assert read["X-Robots-Tag"] == "noindex"
    assert "The answer" not in text_of(client.get(f"/en/can-bo-dau-moi/hoi-dap/{question.token}/"))
    assert client.get("/can-bo-dau-moi/hoi-dap/khong-co/").status_code == 404


@carries("SEC-04")
def test_a_prohibited_act_is_reported_by_the_law_of_the_day_and_told_to_who_answers(
    province: Agency, officer: Actor, client: Client
) -> None:
    load_law(actor=SYSTEM)
    assert len(prohibited_acts(date(2020, 6, 1))) == len(prohibited_acts()) == 5
    report = {**ASKED, "prohibited_act": "distort"}
    with pytest.raises(QuestionIncomplete):
        commands.ask_focal_officer(actor=VISITOR, agency=province, **(report | {"prohibited_act": "khac"}))

    page = text_of(client.post("/can-bo-dau-moi/H99/hoi/", report, follow=True))

    assert "Làm sai lệch dữ liệu trong quá trình lưu chuyển" in page
    assert "phản ánh hành vi bị cấm" in work_of(officer).get().title_vi
    assert act_reported(Question.objects.get()).startswith("Làm sai lệch")


def test_a_question_is_opened_by_those_who_may_answer(
    province: Agency, neighbour: Agency, officer: Actor, acting: Acting, client: Client
) -> None:
    question = commands.ask_focal_officer(actor=VISITOR, agency=province, **ASKED)
    path = f"/lam-viec/hoi-dap/{question.number}/"
    assert client.get(path).status_code == 302
    sign_in(client, acting(neighbour, Role.HEAD))
    assert client.get(path).status_code == 403
    assert client.post(path, {"answer": "x"}).status_code == 403


def test_an_agency_without_officer_takes_no_questions(province: Agency, client: Client) -> None:
    assert "chưa nhận câu hỏi" in text_of(client.get("/can-bo-dau-moi/H99/hoi/"))
    refused = client.post("/can-bo-dau-moi/H99/hoi/", ASKED)
    assert refused.status_code == 422
    assert client.get("/can-bo-dau-moi/H41/hoi/").status_code == 404


def test_one_address_does_not_flood_an_inbox(province: Agency, officer: Actor, client: Client) -> None:
    statuses = [client.post("/can-bo-dau-moi/H99/hoi/", ASKED).status_code for _ in range(MOST_AN_HOUR + 1)]
    assert statuses == [302] * MOST_AN_HOUR + [429]
    assert Question.objects.count() == MOST_AN_HOUR
