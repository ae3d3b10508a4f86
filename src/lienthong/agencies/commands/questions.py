"""Questions to a focal officer, from inside and outside (FOC-04): ask, answer."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from lienthong.agencies import events
from lienthong.agencies.access import may_answer
from lienthong.agencies.addresses import asker_address, question_address
from lienthong.agencies.errors import NobodyToAsk, QuestionAlreadyAnswered, QuestionIncomplete
from lienthong.agencies.models import Agency, Question
from lienthong.agencies.queries import (
    people_in_role,
    prohibited_acts,
    published_focal_officer_of,
    unit_holding,
)
from lienthong.agencies.roles import Role
from lienthong.foundation.accounts.actor import Actor
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.events.commands import publish
from lienthong.foundation.notices.commands import notify
from lienthong.foundation.numbers.commands import next_number
from lienthong.foundation.text import nfc
from lienthong.foundation.tracing import carries

from .work import finish_work, open_work

ANSWER = "answer_question"
# Who answers where nobody signs in as the focal officer.
ANSWERING = (Role.FOCAL_OFFICER, Role.IT_UNIT, Role.HEAD)


@carries("FOC-04", "SEC-04")
def ask_focal_officer(
    *,
    actor: Actor,
    agency: Agency,
    text: str,
    asker_name: str,
    asker_contact: str = "",
    prohibited_act: str = "",
) -> Question:
    """Put a question to the published focal officer of an agency, or report a prohibited act; anybody may, signed in or not.

    A unit without an officer of its own is answered for by the one above. It goes to the inbox of the focal officer,
    or, where that officer has no account, of the IT unit or the head. Publishes `QuestionAsked`.
    """
    values = {"text": nfc(text).strip(), "asker_name": nfc(asker_name).strip()}
    for field, name, name_en in (
        ("text", "nội dung câu hỏi", "question"),
        ("asker_name", "họ và tên người hỏi", "name of whoever asks"),
    ):
        if not values[field]:
            raise QuestionIncomplete(at=field, name=name, name_en=name_en)
    if prohibited_act and prohibited_act not in {act.looks_at for act in prohibited_acts()}:
        raise QuestionIncomplete(at="prohibited_act", name="hành vi bị cấm", name_en="prohibited act")
    officer = published_focal_officer_of(agency)
    if officer is None:
        raise NobodyToAsk(agency=agency.name)
    with transaction.atomic():
        question = Question.objects.create(
            number=next_number("HD"),
            agency=officer.agency,
            asker_contact=asker_contact.strip(),
            asker_id=actor.user_id,
            asker_unit_id=actor.unit_id,
            prohibited_act=prohibited_act,
            **values,
        )
        publish(
            actor=actor,
            fact=events.QuestionAsked(
                question_id=question.pk, agency_id=question.agency_id, number=question.number
            ),
        )
        unit, role = _who_answers(question.agency)
        open_work(
            subject=question,
            act=ANSWER,
            title_vi="trả lời phản ánh hành vi bị cấm" if prohibited_act else "trả lời câu hỏi",
            title_en="answer the report of a prohibited act" if prohibited_act else "answer the question",
            about=f"{question.agency.name} | {question.asker_name}",
            url=question_address(question.number),
            unit=unit,
            role=role,
            number=question.number,
        )
    return question


@carries("FOC-04")
def answer_question(*, actor: Actor, question: Question, answer: str) -> Question:
    """Answer a question once; whoever asked reads it at the address given to them, and is told if signed in.

    Publishes `QuestionAnswered`.
    """
    if not may_answer(actor, question.agency):
        raise NotAllowed(act="trả lời câu hỏi", act_en="answer the question")
    if not answer.strip():
        raise QuestionIncomplete(at="answer", name="nội dung trả lời", name_en="answer")
    with transaction.atomic():
        question = (
            Question.objects.select_for_update(of=("self",)).select_related("agency").get(pk=question.pk)
        )
        if question.is_answered:
            raise QuestionAlreadyAnswered(number=question.number)
        question.answer = nfc(answer).strip()
        question.answered_at = timezone.now()
        question.answered_by_id = int(actor.user_id) if actor.user_id else None
        question.save()
        event = publish(
            actor=actor,
            fact=events.QuestionAnswered(
                question_id=question.pk, agency_id=question.agency_id, number=question.number
            ),
        )
        finish_work(actor=actor, subject=question)
        if question.asker_id is not None:
            notify(
                people=[question.asker_id],
                text_vi=f"{question.number}: cán bộ đầu mối của {question.agency.name} đã trả lời",
                text_en=f"{question.number}: the focal officer of {question.agency.display_name('en')} answered",
                url=asker_address(question.token),
                event_id=str(event.pk),
            )
    return question


def _who_answers(agency: Agency) -> tuple[Agency, Role]:
    for role in ANSWERING:
        unit = unit_holding(agency, role)
        if people_in_role(unit, role):
            return unit, role
    return agency, Role.FOCAL_OFFICER
